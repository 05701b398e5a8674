package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine beside a real keepalived, in both roles. Ours is host 11, keepalived's host 12. */
@Timeout(120)
class KeepalivedInteropTest {
    private static final Path KEEPALIVED = Path.of("/usr/sbin/keepalived");

    @TempDir
    private Path folder;

    private TestNet net;
    private final RecordingListener told = new RecordingListener();
    private VrrpEngine engine;

    /**
     * One way to speak VRRP, as both sides are told.
     *
     * @param name for the test's name
     * @param ours changes our spec
     * @param keepalived goes into keepalived's vrrp_instance
     * @param intervalMillis the advertisement interval
     */
    record Dialect(String name, UnaryOperator<SpecBuilder> ours, String keepalived, int intervalMillis) {
        @Override
        public String toString() {
            return name;
        }

        boolean isIpv6() {
            return keepalived.contains("native_ipv6");
        }

        String vip() {
            return isIpv6() ? "fd00:77::100/64" : "10.77.0.100/24";
        }

        /** Host 12's, as the kernel makes link-local ones from a MAC. */
        IpAddress keepalivedAddress() {
            return IpAddress.parse(isIpv6() ? "fe80::aff:fe4d:c" : "10.77.0.12");
        }

        /** Generous: three intervals and a whole one as skew, plus what take-over and a busy machine may take. */
        Duration takeOver() {
            return Duration.ofMillis(4L * intervalMillis + 250);
        }
    }

    static Stream<Dialect> dialects() {
        return Stream.of(
                new Dialect(
                        "version 2 with PASS",
                        s -> s.pass("PostgresReplication"),
                        "version 2\nadvert_int 1\nauthentication {\nauth_type PASS\nauth_pass PostgresReplication\n}",
                        1000),
                new Dialect("version 3, 100 ms", s -> s.v3(Duration.ofMillis(100)), "version 3\nadvert_int 0.1", 100),
                new Dialect(
                        "version 3 over IPv6",
                        s -> s.ipv6(Duration.ofMillis(100)),
                        "version 3\nnative_ipv6\nadvert_int 0.1",
                        100));
    }

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        assumeTrue(Files.isExecutable(KEEPALIVED), "needs keepalived");
        net = new TestNet(11, 12);
        net.enableIpv6(11, 12);
        engine = new VrrpEngine(told, net.threads(11));
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            engine.close();
            net.close();
        }
    }

    private Process startKeepalived(Dialect dialect, int priority) throws IOException {
        Path file = folder.resolve("keepalived.conf");
        Files.writeString(file, """
                global_defs {
                  enable_script_security
                }
                vrrp_instance VI_1 {
                  state BACKUP
                  interface eth0
                  virtual_router_id 51
                  priority %d
                  %s
                  virtual_ipaddress {
                    %s
                  }
                }
                """.formatted(priority, dialect.keepalived(), dialect.vip()));
        return net.start(
                12,
                folder.resolve("keepalived.log"),
                KEEPALIVED.toString(),
                "-n",
                "-l",
                "-P",
                "-f",
                file.toString(),
                "-p",
                folder.resolve("main.pid").toString(),
                "-r",
                folder.resolve("vrrp.pid").toString());
    }

    private boolean holds(Dialect dialect, int host) {
        String address = dialect.vip().substring(0, dialect.vip().indexOf('/'));
        return dialect.isIpv6() ? net.hasIpv6Address(host, address) : net.hasAddress(host, address);
    }

    private void startOurs(Dialect dialect, int priority) {
        engine.apply(List.of(dialect.ours().apply(spec().priority(priority)).build()))
                .join();
    }

    private InstanceStatus ours() {
        return engine.status().join().getFirst();
    }

    private void awaitOurs(VrrpState state, Duration limit) {
        await().pollInterval(Duration.ofMillis(10)).atMost(limit).until(() -> ours().state() == state);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void takesOverFromASilentKeepalivedAndGivesBack(Dialect dialect) throws IOException {
        Process first = startKeepalived(dialect, 150);
        await().atMost(Duration.ofSeconds(10)).until(() -> holds(dialect, 12));
        startOurs(dialect, 100);
        await().until(() -> ours().advertsReceived() > 0);
        assertThat(ours().masterAddress()).hasToString("Optional[" + dialect.keepalivedAddress() + "]");
        assertThat(ours().masterPriority()).isEqualTo(150);

        net.cut(12, true);
        awaitOurs(VrrpState.MASTER, dialect.takeOver());
        assertThat(told.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
        assertThat(holds(dialect, 11)).isTrue();

        net.cut(12, false);
        awaitOurs(VrrpState.BACKUP, Duration.ofMillis(2L * dialect.intervalMillis() + 500));
        assertThat(holds(dialect, 11)).isFalse();
        assertThat(holds(dialect, 12)).isTrue();
        assertThat(ours().rejected()).isEmpty();
        assertThat(told.troubles).isEmpty();
        first.destroy();
        awaitOurs(VrrpState.MASTER, dialect.takeOver());
        assertThat(told.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_RESIGNED);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void keepalivedObeysUsAndTakesOverWhenWeLeave(Dialect dialect) throws IOException {
        startOurs(dialect, 150);
        awaitOurs(VrrpState.MASTER, Duration.ofSeconds(10));
        startKeepalived(dialect, 100);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readString(folder.resolve("keepalived.log")).contains("Entering BACKUP STATE"));
        // A keepalived that refused our adverts would have taken the role by then.
        await().pollDelay(dialect.takeOver()).until(() -> true);
        assertThat(holds(dialect, 12)).isFalse();
        assertThat(Files.readString(folder.resolve("keepalived.log"))).doesNotContain("MASTER STATE");

        engine.apply(List.of()).join();
        assertThat(holds(dialect, 11)).isFalse();
        // Priority 0 leaves only the skew to wait for.
        await().atMost(Duration.ofMillis(dialect.intervalMillis() + 500)).until(() -> holds(dialect, 12));

        startOurs(dialect, 150);
        awaitOurs(VrrpState.MASTER, Duration.ofSeconds(10));
        await().atMost(Duration.ofSeconds(2)).until(() -> !holds(dialect, 12));
    }
}
