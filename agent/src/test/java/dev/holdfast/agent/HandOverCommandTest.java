package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.cli.Cli;
import dev.holdfast.agent.cli.ExitCode;
import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.vrrp.engine.HandOverResult;
import dev.holdfast.vrrp.engine.HandOverResult.Outcome;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast handover} through the control socket, with an engine that has no network. */
@Timeout(60)
class HandOverCommandTest {
    private static final Duration TOOK = Duration.ofMillis(614);

    @TempDir
    private Path folder;

    private final AtomicReference<FakeVrrpHost> engine = new AtomicReference<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = Files.writeString(folder.resolve("holdfast.conf"), """
                holdfast.http.listen = "127.0.0.1:%d"
                holdfast.swarm.enabled = false
                holdfast.vrrp.instances {
                  VI_1 { interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"] }
                  VI_2 { interface = eth0, virtual-router-id = 52, addresses = ["10.0.0.71/24"] }
                }
                """.formatted(port));
        agent = Agent.start(() -> ConfigSource.load(file), folder.resolve("run"), folder.resolve("state"), listener -> {
            FakeVrrpHost host = new FakeVrrpHost(listener);
            engine.set(host);
            return host;
        });
    }

    @AfterEach
    void stop() {
        agent.stop();
    }

    private ExitCode handOver(String... instance) {
        String[] words = new String[instance.length + 3];
        words[0] = "handover";
        System.arraycopy(instance, 0, words, 1, instance.length);
        words[instance.length + 1] = "--run-dir";
        words[instance.length + 2] = folder.resolve("run").toString();
        return new Cli((_, _, _) -> {}, new PrintWriter(out), new PrintWriter(err)).run(words);
    }

    private static HandOverResult result(String name, Outcome outcome, VrrpState state) {
        return new HandOverResult(
                name,
                outcome,
                state,
                outcome == Outcome.HANDED_OVER ? Optional.of(IpAddress.parse("10.0.0.61")) : Optional.empty(),
                TOOK);
    }

    @Test
    void itTellsWhoTookOverAndHowLongThatTook() {
        engine.get().handOvers = List.of(
                result("VI_1", Outcome.HANDED_OVER, VrrpState.BACKUP),
                result("VI_2", Outcome.HANDED_OVER, VrrpState.BACKUP));

        assertThat(handOver()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines())
                .containsExactly("VI_1: 10.0.0.61 took over after 0.61 s", "VI_2: 10.0.0.61 took over after 0.61 s");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void oneCanBeNamed() {
        engine.get().handOvers = List.of(
                result("VI_1", Outcome.HANDED_OVER, VrrpState.BACKUP),
                result("VI_2", Outcome.HANDED_OVER, VrrpState.BACKUP));

        assertThat(handOver("VI_2")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines()).containsExactly("VI_2: 10.0.0.61 took over after 0.61 s");
    }

    @Test
    void whoeverIsFollowedByNobodyMakesItAFailure() {
        engine.get().handOvers = List.of(
                result("VI_1", Outcome.NOBODY_FOLLOWED, VrrpState.MASTER),
                result("VI_2", Outcome.HANDED_OVER, VrrpState.BACKUP));

        assertThat(handOver()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly("holdfast: VI_1: nobody took over within 0.61 s; this host is MASTER as before");
        assertThat(out.toString().lines()).containsExactly("VI_2: 10.0.0.61 took over after 0.61 s");
    }

    @Test
    void whatIsNotMasterCanNotBeHandedOver() {
        engine.get().handOvers = List.of(result("VI_1", Outcome.NOT_MASTER, VrrpState.BACKUP));

        assertThat(handOver("VI_1")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .startsWith("holdfast: VI_1: is BACKUP on this host, not MASTER: there is nothing to hand over");
    }

    @Test
    void noMasterAtAllIsSaidSo() {
        assertThat(handOver()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("holdfast: no instance is MASTER on this host");
    }

    @Test
    void anUnknownInstanceIsSaidSo() {
        assertThat(handOver("VI_9")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("holdfast: there is no instance VI_9");
    }

    @Test
    void twoNamesAreWrongUsage() {
        assertThat(handOver("VI_1", "VI_2")).isEqualTo(ExitCode.USAGE);
    }
}
