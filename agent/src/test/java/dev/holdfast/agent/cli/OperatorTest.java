package dev.holdfast.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.control.ControlServer;
import dev.holdfast.agent.control.RunDir;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees and is asked, against a control socket with prepared answers. */
@Timeout(60)
class OperatorTest {
    private static final String PREVIEW = """
            {"state": "NO_LEADER", "detail": "no leader, it says", "wouldForce": true, "advertise": "10.0.0.1",
             "reason": "quorum-lost", "explanation": "new cluster",
             "managers": [{"name": "b (10.0.0.2:2377)", "answer": "silent"}],
             "overruled": [{"reason": "hold", "text": "no leader, but not yet for long enough"}]}""";
    private static final String REFUSED = """
            {"state": "HAS_LEADER", "detail": "2 managers", "wouldForce": false, "advertise": null,
             "reason": "has-leader", "explanation": "the swarm has a leader", "managers": [], "overruled": []}""";
    private static final String HEALED = """
            {"result": "success", "detail": "the engine answered m1", "reason": "quorum-lost", "explanation": ""}""";
    private static final String FAILED = """
            {"result": "failure", "detail": "the engine answered 500", "reason": "quorum-lost", "explanation": ""}""";
    private static final String MANAGERS = """
            {"mode": "on", "wanted": 3, "repairs": {}, "tasks": [
              {"task": "unlock", "plan": "nothing-to-do", "reason": "as-it-should-be", "explanation": "as it should be"},
              {"task": "rejoin", "plan": "wait", "reason": "grace", "explanation": "two minutes",
               "waitingUntil": "2020-01-01T00:02:00Z"}]}""";
    private static final String SWARM = """
            {"enabled": true, "state": "NO_LEADER", "detail": "it says", "since": "2020-01-01T00:00:00Z", "master": true,
             "policy": "observe", "configuredPolicy": "guarded", "policySetAt": "2020-01-01T00:00:01.5Z",
             "plan": "would-force", "reason": "quorum-lost", "explanation": "new cluster", "attempts": 1,
             "lastForce": {"at": "2020-01-01T00:00:00Z", "result": "failure"},
             "refusals": {"witness-silent": 2}, "managers": []}""";
    private static final String STATUS = """
            {"node": "a", "version": "1", "instances": [
              {"name": "VI_1", "state": "MASTER", "since": "2020-01-01T00:00:00Z", "reason": "r", "priority": 100,
               "effectivePriority": 90, "vrid": 51, "addresses": ["10.0.0.70/24"], "heldAddresses": ["10.0.0.70/24"]}]}""";

    @TempDir
    private Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private String preview = PREVIEW;
    private String outcome = HEALED;
    private RunDir runDir;
    private ControlServer server;

    @BeforeEach
    void serve() throws IOException {
        runDir = RunDir.take(folder.resolve("run"));
        server = ControlServer.open(
                runDir,
                Map.of(
                        "heal-preview", _ -> answer("heal-preview", preview),
                        "heal-now", _ -> answer("heal-now", outcome),
                        "heal-policy",
                                request -> answer(
                                        "heal-policy " + request.path("policy").asText(), SWARM),
                        "heal",
                                _ -> answer(
                                        "heal",
                                        "{\"swarm\": " + SWARM + ", \"managers\": " + MANAGERS
                                                + ", \"journal\": [{\"at\": \"2020-01-01T00:00:00Z\","
                                                + " \"event\": \"decision\", \"decision\": \"wait\", \"reason\": \"hold\", \"detail\": \"d\"}]}"),
                        "status", _ -> answer("status", STATUS),
                        "status-all",
                                _ -> answer(
                                        "status-all",
                                        "{\"agents\": [{\"address\": \"this host\", \"status\": " + STATUS
                                                + "}, {\"address\": \"10.0.0.2\", \"status\": "
                                                + STATUS.replace("\"a\"", "\"b\"")
                                                + "}, {\"address\": \"10.0.0.3\", \"error\": \"connection refused\"}]}")));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        runDir.close();
    }

    private JsonNode answer(String command, String text) {
        asked.add(command);
        try {
            return json.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who answers so, and looks at a watch for that many drawings. */
    private record Somebody(Optional<String> says, boolean hasColours, AtomicInteger drawings) implements Terminal {
        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public Optional<String> ask(String question) {
            return says;
        }

        @Override
        public boolean pause(Duration howLong) {
            return drawings.decrementAndGet() > 0;
        }
    }

    private static Terminal says(String answer) {
        return new Somebody(Optional.of(answer), false, new AtomicInteger(1));
    }

    private ExitCode run(Terminal terminal, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--run-dir", runDir.path().toString()));
        return new Cli((_, _, _) -> {}, new Output(new PrintWriter(out), new PrintWriter(err), terminal))
                .run(line.toArray(String[]::new));
    }

    @Test
    void anOrderIsShownAndThenGivenOnlyByYes() {
        assertThat(run(Terminal.NONE, "heal", "now")).isEqualTo(ExitCode.FAILED);
        assertThat(run(says("y"), "heal", "now")).isEqualTo(ExitCode.FAILED);
        assertThat(run(new Somebody(Optional.empty(), false, new AtomicInteger(1)), "heal", "now"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(asked).containsOnly("heal-preview");
        assertThat(err.toString()).contains("nothing was done");
        assertThat(out.toString())
                .contains("10.0.0.1", "b (10.0.0.2:2377): does not answer", "[hold]", "the order overrules it");

        assertThat(run(says("yes"), "heal", "now")).isEqualTo(ExitCode.DONE);
        assertThat(run(Terminal.NONE, "heal", "now", "--yes")).isEqualTo(ExitCode.DONE);
        assertThat(asked).filteredOn("heal-now"::equals).hasSize(2);
        assertThat(out.toString()).contains("healed, this host leads the Swarm");
    }

    @Test
    void whatNoOrderHealsIsNotAskedFor() {
        preview = REFUSED;
        assertThat(run(says("yes"), "heal", "now", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(asked).containsExactly("heal-preview");
        assertThat(out.toString()).contains("Not even an order heals here [has-leader]");
    }

    @Test
    void aForceThatDidNotHelpIsAFailure() {
        outcome = FAILED;
        assertThat(run(Terminal.NONE, "heal", "now", "--yes")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("did not help", "500");
    }

    @Test
    void healStatusIsInPlainWords() {
        assertThat(run(Terminal.NONE, "heal", "status")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains(
                        "Swarm: NO_LEADER for ",
                        "This host: MASTER\n",
                        "Policy: observe (set by an operator at 2020-01-01T00:00:01Z; configured: guarded)\n",
                        "Now: would force [quorum-lost]: new cluster\n",
                        "Next: nothing, for the policy is observe",
                        "Forces: 1 that count towards max-attempts; the last one ",
                        "Refused since the start: witness-silent 2\n",
                        "For the managers:\n  rejoin: wait, two minutes [grace]\n    until: 2020-01-01T00:02:00Z\n",
                        "  2020-01-01T00:00:00Z wait [hold]: d\n");
        assertThat(run(Terminal.NONE, "heal", "observe")).isEqualTo(ExitCode.DONE);
        assertThat(asked).contains("heal-policy observe");
        assertThat(out.toString())
                .endsWith("\npolicy: observe (set by an operator at 2020-01-01T00:00:01Z; configured: guarded)\n");
    }

    @Test
    void twoMastersAreShownLoudlyAndWhoIsSilentIsNamed() {
        assertThat(run(Terminal.NONE, "status", "--all")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains(
                        "10.0.0.3 can't be asked: connection refused",
                        "!!! 2 hosts are MASTER of vrid 51, 10.0.0.70/24: a (this host), b (10.0.0.2)")
                .doesNotContain("\u001b");
        assertThat(out.toString().lines())
                .anySatisfy(
                        line -> assertThat(line).matches("b +10\\.0\\.0\\.2 +VI_1 +MASTER +90 +10\\.0\\.0\\.70/24"));
        assertThat(run(new Somebody(Optional.empty(), true, new AtomicInteger(1)), "status", "--all"))
                .isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("\u001b[32mMASTER\u001b[0m", "\u001b[1;31m!!!");
    }

    @Test
    void aWatchIsDrawnUntilItIsEndedAndNeedsATerminal() {
        assertThat(run(Terminal.NONE, "status", "--watch")).isEqualTo(ExitCode.FAILED);
        assertThat(asked).isEmpty();
        assertThat(run(new Somebody(Optional.empty(), false, new AtomicInteger(3)), "status", "--watch"))
                .isEqualTo(ExitCode.DONE);
        assertThat(asked).containsExactly("status", "status", "status");
        assertThat(out.toString()).startsWith("\u001b[H\u001b[2J");
    }

    @Test
    void theCompletionIsAScriptThatBashUnderstandsAndThatKnowsTheCommands() throws Exception {
        Cli cli = new Cli((_, _, _) -> {}, new PrintWriter(out), new PrintWriter(err));
        assertThat(cli.run("completion", "bash")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("complete -F", "handover", "observe");
        Path script = Files.writeString(folder.resolve("completion"), out.toString());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        ". \"$1\" && COMP_WORDS=(holdfast he) COMP_CWORD=1 && _complete_holdfast"
                                + " && echo \"${COMPREPLY[*]}\"",
                        "bash",
                        script.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("heal");
        assertThat(bash.waitFor()).isZero();
    }
}
