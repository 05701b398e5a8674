package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sync group here, on host 11, and the same one in a real keepalived, on host 12. */
@Timeout(120)
class KeepalivedSyncGroupTest {
    private static final Path KEEPALIVED = Path.of("/usr/sbin/keepalived");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private TestNet net;
    private final RecordingListener told = new RecordingListener();
    private VrrpEngine engine;

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        assumeTrue(Files.isExecutable(KEEPALIVED), "needs keepalived");
        net = new TestNet(11, 12);
        net.addSecondLink(11, 12);
        engine = new VrrpEngine(told, net.threads(11));
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            engine.close();
            net.close();
        }
    }

    private void startKeepalived(int priority) throws IOException {
        Path file = Files.writeString(folder.resolve("keepalived.conf"), """
                vrrp_sync_group G1 {
                  group {
                    outer
                    inner
                  }
                }
                vrrp_instance outer {
                  version 3
                  advert_int 0.1
                  interface eth0
                  virtual_router_id 51
                  priority %1$d
                  virtual_ipaddress { 10.77.0.100/24 }
                }
                vrrp_instance inner {
                  version 3
                  advert_int 0.1
                  interface eth1
                  virtual_router_id 51
                  priority %1$d
                  virtual_ipaddress { 10.78.0.100/24 }
                }
                """.formatted(priority));
        net.start(
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

    private void startOurs(int priority) {
        SpecBuilder outer = spec().name("outer").priority(priority).v3(Duration.ofMillis(100));
        InstanceSpec first = outer.build();
        InstanceSpec second =
                outer.name("inner").on("eth1").addresses("10.78.0.100/24").build();
        engine.apply(new EngineSpec(
                        List.of(first, second), List.of(new GroupSpec("G1", List.of("outer", "inner"))), Duration.ZERO))
                .join();
    }

    private void awaitOwner(int host) {
        int other = host == 11 ? 12 : 11;
        await().atMost(LIMIT)
                .until(() -> net.hasAddress(host, "10.77.0.100")
                        && net.hasAddress(host, "10.78.0.100")
                        && !net.hasAddress(other, "10.77.0.100")
                        && !net.hasAddress(other, "10.78.0.100"));
    }

    @Test
    void bothAddressesGoToKeepalivedWhenOneLinkFailsHereAndComeBack() throws IOException {
        startOurs(150);
        awaitOwner(11);
        startKeepalived(100);
        await().atMost(LIMIT)
                .until(() -> Files.readString(folder.resolve("keepalived.log")).contains("Entering BACKUP STATE"));

        net.secondCarrier(11, false);
        awaitOwner(12);
        assertThat(engine.engineStatus().join().groups().getFirst().state()).isEqualTo(VrrpState.FAULT);
        net.secondCarrier(11, true);
        awaitOwner(11);
        assertThat(told.groups).containsExactly("G1 BACKUP", "G1 MASTER", "G1 FAULT", "G1 BACKUP", "G1 MASTER");
    }

    @Test
    void bothAddressesComeHereWhenOneLinkFailsThereAndGoBack() throws IOException {
        startKeepalived(150);
        await().atMost(LIMIT).until(() -> net.hasAddress(12, "10.78.0.100"));
        startOurs(100);

        net.secondCarrier(12, false);
        awaitOwner(11);
        net.secondCarrier(12, true);
        awaitOwner(12);
        assertThat(told.groups).containsExactly("G1 BACKUP", "G1 MASTER", "G1 BACKUP");
    }
}
