package dev.holdfast.agent;

import static dev.holdfast.agent.Fixtures.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.cli.Cli;
import dev.holdfast.agent.cli.ExitCode;
import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.status.StatusTable;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The wiring, on a real configuration file, with an engine that has no network. */
@Timeout(60)
class AgentTest {
    @TempDir
    private Path folder;

    private final AtomicReference<FakeVrrpHost> engine = new AtomicReference<>();
    private Path file;
    private Path log;
    private int port;
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("holdfast.conf");
        log = folder.resolve("notify.log");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        write(100, "VI_1");
        agent = launch(folder.resolve("run"));
    }

    @AfterEach
    void stop() {
        if (!engine.get().stopped) {
            agent.stop();
        }
    }

    @Test
    void aTransitionReachesStateFileHooksAndStatus() throws Exception {
        assertThat(engine.get().realTime).isTrue();
        assertThat(engine.get().announcementsPerSecond).isEqualTo(1000);
        engine.get().enter("VI_1", VrrpState.MASTER, TransitionReason.MASTER_DOWN);
        await().until(() -> state().equals("INSTANCE VI_1 MASTER 100\n"));
        await().until(() -> read(log).equals("INSTANCE VI_1 BACKUP 100\nINSTANCE VI_1 MASTER 100\n"));
        JsonNode status = ask();
        assertThat(status.at("/instances/0/state").asText()).isEqualTo("MASTER");
        assertThat(status.at("/instances/0/rejected/auth_data").asLong()).isEqualTo(3);
        assertThat(status.at("/instances/0/vipConflicts/0/mac").asText()).isEqualTo("02:00:00:00:00:07");
        assertThat(StatusTable.of(status))
                .contains(
                        "vip conflict: 10.0.0.70 is also held by 02:00:00:00:00:07",
                        "drops IP protocol 112",
                        "  refused adverts: auth_data 3\n");
        assertThat(status.at("/swarm/enabled").asBoolean()).isFalse();
        assertThat(status.toString()).doesNotContain("s3cret");
    }

    @Test
    void theEventSocketAndTheFifoTellOfEveryTransitionUpToTheLast() throws Exception {
        Path fifo = folder.resolve("fifo");
        Files.writeString(file, read(file) + "holdfast.vrrp.notify.fifo = \"" + fifo + "\"\n");
        agent.reload();
        Path socket = folder.resolve("run/events.sock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"name\":\"VI_1\",\"state\":\"BACKUP\",\"priority\":100");
            engine.get().enter("VI_1", VrrpState.MASTER, TransitionReason.MASTER_DOWN);
            assertThat(lines.readLine()).contains("\"name\":\"VI_1\",\"state\":\"MASTER\",\"priority\":100");
            try (BufferedReader pipe = Files.newBufferedReader(await().until(() -> fifo, Files::exists))) {
                assertThat(pipe.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 100");
                agent.stop();
                assertThat(pipe.readLine()).isEqualTo("INSTANCE \"VI_1\" STOP 100");
            }
            assertThat(lines.readLine()).contains("\"name\":\"VI_1\",\"state\":\"STOP\",\"priority\":100");
            assertThat(lines.readLine()).isNull();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSyncGroupHasItsOwnHooksEventsAndPlaceInTheStatus() throws Exception {
        Path fifo = folder.resolve("fifo");
        Files.writeString(file, read(file) + """
                holdfast.vrrp {
                  notify.fifo = "%s"
                  groups.VI_1 {
                    members = [VI_1]
                    notify.master = [["/bin/sh", "-c", "echo master $* >>%s", "sh"]]
                    notify.any = [["/bin/sh", "-c", "echo $* >>%s", "sh"]]
                  }
                }
                """.formatted(fifo, log, log));
        agent.reload();
        engine.get().groupEnter("VI_1", VrrpState.MASTER);
        await().until(() -> state().equals("INSTANCE VI_1 BACKUP 100\nGROUP VI_1 MASTER 0\n"));
        // The hooks of the member run beside those of its group: nothing says who is first.
        await().until(() -> read(log)
                .replace("INSTANCE VI_1 BACKUP 100\n", "")
                .equals("master GROUP VI_1 MASTER 0\nGROUP VI_1 MASTER 0\n"));
        try (BufferedReader pipe = Files.newBufferedReader(await().until(() -> fifo, Files::exists))) {
            assertThat(pipe.readLine()).isEqualTo("GROUP \"VI_1\" MASTER 0");
        }
        JsonNode status = ask();
        assertThat(status.at("/groups/0/state").asText()).isEqualTo("MASTER");
        assertThat(status.at("/groups/0/members/0").asText()).isEqualTo("VI_1");
        await().until(() -> ask().at("/groups/0/hooks/succeeded").asLong() == 2);
        assertThat(status.at("/startsAt").isNull()).isTrue();
        assertThat(StatusTable.of(status).lines())
                .containsSequence(
                        "GROUP  STATE   SINCE                 MEMBERS", "VI_1   MASTER  2026-01-02T03:04:05Z  VI_1");
        assertThat(get("/metrics").body()).contains("holdfast_vrrp_group_state{group=\"VI_1\"} 2.0");
    }

    @Test
    void theStatusSaysUntilWhenInstancesOnlyListen() throws Exception {
        engine.get().startsAt = Optional.of(java.time.Instant.parse("2026-01-02T03:05:00.5Z"));
        assertThat(StatusTable.of(ask()))
                .contains("All instances only listen until 2026-01-02T03:05:00Z (startup-delay)\n");
    }

    @Test
    void changesOfThePriorityGoToTheStreamsOfThoseWhoWantThem() throws Exception {
        Path fifo = folder.resolve("fifo");
        Files.writeString(
                file,
                read(file) + "holdfast.vrrp { notify.fifo = \"" + fifo + "\", notify-priority-changes = true }\n");
        agent.reload();
        await().until(() -> engine.get().tracked.containsKey("VI_1"));
        Files.createFile(folder.resolve("ill"));
        try (BufferedReader pipe = Files.newBufferedReader(await().until(() -> fifo, Files::exists))) {
            assertThat(pipe.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP_PRIORITY 70");
            engine.get().enter("VI_1", VrrpState.MASTER, TransitionReason.MASTER_DOWN);
            assertThat(pipe.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 70");
            Files.delete(folder.resolve("ill"));
            assertThat(pipe.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER_PRIORITY 100");
        }
        // Hooks are for transitions.
        assertThat(read(log)).doesNotContain("PRIORITY");
    }

    @Test
    void aFailingTrackerReachesTheEngineAndTheStateFile() throws IOException {
        await().until(() -> engine.get().tracked.get("VI_1").priority() == 100);
        Files.createFile(folder.resolve("ill"));
        await().until(() -> engine.get().tracked.get("VI_1").priority() == 70);
        await().until(() -> state().equals("INSTANCE VI_1 BACKUP 70\n"));
    }

    @Test
    void aReloadAppliesWhatChangedAndStopsWhatIsGone() throws IOException {
        write(180, "VI_2");
        agent.reload();
        assertThat(engine.get().specs()).extracting(InstanceSpec::name).containsExactly("VI_2");
        await().until(() -> state().equals("INSTANCE VI_2 BACKUP 180\n"));
        await().until(() -> read(log)
                .lines()
                .toList()
                .containsAll(java.util.List.of(
                        "INSTANCE VI_1 BACKUP 100", "INSTANCE VI_1 STOP 100", "INSTANCE VI_2 BACKUP 180")));
    }

    @Test
    void aReloadOfAWrongFileChangesNothing() throws Exception {
        var before = engine.get().specs();
        write(300, "VI_1");
        agent.reload();
        assertThat(engine.get().specs()).isEqualTo(before);
        assertThat(ask().at("/process/reloadsRefused").asLong()).isEqualTo(1);
        Files.delete(file);
        agent.reload();
        assertThat(ask().at("/process/reloadsRefused").asLong()).isEqualTo(2);
        assertThat(engine.get().specs()).isEqualTo(before);
    }

    @Test
    void aReloadThatTheEngineRefusesChangesNothing() throws Exception {
        engine.get().refusal = java.util.Optional.of(new IllegalArgumentException("twice the same router"));
        write(180, "VI_2");
        agent.reload();
        assertThat(ask().at("/process/reloadsRefused").asLong()).isEqualTo(1);
        assertThat(ask().at("/instances/0/name").asText()).isEqualTo("VI_1");
        engine.get().enter("VI_1", VrrpState.MASTER, TransitionReason.MASTER_DOWN);
        await().until(() -> read(log).endsWith("INSTANCE VI_1 MASTER 100\n"));
    }

    @Test
    void leavingStopsTheEngineRunsTheStopHooksAndRemovesTheSocket() throws Exception {
        agent.stop();
        assertThat(engine.get().stopped).isTrue();
        assertThat(read(log)).endsWith("INSTANCE VI_1 STOP 100\n");
        assertThat(state()).isEqualTo("INSTANCE VI_1 INIT 100\n");
        assertThat(folder.resolve("run/control.sock")).doesNotExist();
        agent = launch(folder.resolve("run"));
    }

    @Test
    void httpTellsWhatTheAgentKnows() throws Exception {
        await().ignoreExceptions().until(() -> get("/readyz").statusCode() == 200);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/status").body()).contains("\"VI_1\"").doesNotContain("s3cret");
        assertThat(get("/metrics").body()).contains("holdfast_vrrp_state{").doesNotContain("s3cret");
    }

    @Test
    void aHungEventLoopIsSaidSoEverywhere() throws Exception {
        await().ignoreExceptions().until(() -> get("/readyz").statusCode() == 200);
        engine.get().hung = true;
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/api/v1/status").statusCode()).isEqualTo(503);
        assertThat(get("/metrics").body()).contains("holdfast_up 0.0").doesNotContain("holdfast_vrrp_state");
        assertThatThrownBy(this::ask).hasMessage("the agent's event loop does not answer");
    }

    @Test
    void theStatusCommandShowsATable() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Cli cli = new Cli(
                (_, _, _) -> {
                    throw new AssertionError("nothing is to be started");
                },
                new PrintWriter(out),
                new PrintWriter(err));
        assertThat(cli.run("status", "--run-dir", folder.resolve("run").toString()))
                .isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines())
                .contains(
                        "INSTANCE  STATE   SINCE                 PRIORITY  INTERFACE  VRID  ADDRESSES     MASTER",
                        "VI_1      BACKUP  2026-01-02T03:04:05Z  100       eth0       51    10.0.0.70/24  -");
    }

    @Test
    void aSecondAgentOnTheSameRunDirIsRefused() {
        assertThatThrownBy(() -> launch(folder.resolve("run")))
                .isInstanceOf(AgentException.class)
                .hasMessage("another agent runs with the run-dir " + folder.resolve("run"));
    }

    @Test
    void anEngineThatCanNotRunHereIsARefusalThatFreesTheRunDir() throws Exception {
        assertThatThrownBy(() -> Agent.start(
                        () -> ConfigSource.load(file), folder.resolve("other"), folder.resolve("state"), _ -> {
                            throw new EngineException("CAP_NET_RAW is missing");
                        }))
                .isInstanceOf(AgentException.class)
                .hasMessage("CAP_NET_RAW is missing");
        agent.stop();
        agent = launch(folder.resolve("other"));
    }

    private Agent launch(Path runDir) throws ConfigException, AgentException {
        return Agent.start(() -> ConfigSource.load(file), runDir, folder.resolve("state"), listener -> {
            FakeVrrpHost fake = new FakeVrrpHost(listener);
            engine.set(fake);
            return fake;
        });
    }

    private void write(int priority, String name) throws IOException {
        Files.writeString(file, """
                holdfast {
                  http.listen = "127.0.0.1:%d"
                  vrrp.instances.%s {
                    interface = eth0
                    virtual-router-id = 51
                    priority = %d
                    addresses = ["10.0.0.70/24"]
                    authentication { type = pass, password = "s3cret" }
                    track.scripts = [well]
                    notify.any = [["/bin/sh", "-c", "echo $* >>%s", "sh"]]
                  }
                  vrrp.scripts.well {
                    command = ["/bin/sh", "-c", "! test -e %s"], interval = 50ms, timeout = 5s, weight = -30
                  }
                  swarm.enabled = false
                }
                """.formatted(port, name, priority, log, folder.resolve("ill")));
    }

    private String state() {
        return read(folder.resolve("run/state"));
    }

    private JsonNode ask() throws ControlException {
        return new ControlClient(folder.resolve("run")).ask("status");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
