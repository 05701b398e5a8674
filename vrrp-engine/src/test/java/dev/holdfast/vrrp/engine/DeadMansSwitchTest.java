package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that a host loses by itself when nobody there renews them. */
@Timeout(120)
class DeadMansSwitchTest {
    private static final String VIP = "10.77.0.100";
    private static final Duration TENTH = Duration.ofMillis(100);

    @TempDir
    private Path folder;

    private TestNet net;
    private final RecordingListener told = new RecordingListener();

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12);
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            net.close();
        }
    }

    private String shown() {
        return net.on(11, "ip -o -4 addr show dev eth0 to " + VIP);
    }

    private static void awaitMaster(VrrpEngine engine) {
        await().until(() -> engine.status().join().getFirst().state() == VrrpState.MASTER);
    }

    @ParameterizedTest
    @CsvSource({
        "V2, 100, 1000, 4",
        "V2, 255, 1000, 4",
        "V2, 100, 3000, 10",
        "V3, 100, 100, 1",
        "V3, 1, 10, 1",
        "V3, 100, 40950, 148"
    })
    void theAutomaticLifetimeIsTheShortestWholeSecondNotUnderMasterDown(
            VrrpVersion version, int priority, long intervalMillis, long seconds) {
        assertThat(InstanceSpec.automaticVipLifetime(version, priority, Duration.ofMillis(intervalMillis)))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"KILL", "STOP"})
    void aKilledOrStoppedMasterLosesTheAddressWithinItsLifetime(String signal) throws IOException {
        Process master = EngineProcess.start(net, 11, folder.resolve("log"), 100, 200);
        await().atMost(Duration.ofSeconds(20)).until(() -> net.hasAddress(11, VIP));
        TestNet.run("kill -" + signal + " " + master.pid());
        long at = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(3))
                .until(() -> !net.hasAddress(11, VIP));
        long millis = (System.nanoTime() - at) / 1_000_000;
        System.out.println("after SIG" + signal + " the address was gone in " + millis + " ms; its lifetime was 1 s");
        assertThat(millis).isLessThan(1_500);
    }

    @Test
    void aLivingMasterKeepsTheAddressForMoreThanItsLifetime() {
        try (VrrpEngine engine = new VrrpEngine(told, net.threads(11))) {
            engine.apply(List.of(spec().v3(TENTH).build())).join();
            awaitMaster(engine);
            assertThat(shown()).contains("valid_lft 1sec preferred_lft 1sec").doesNotContain("deprecated");
            await().during(Duration.ofMillis(2_500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> net.hasAddress(11, VIP) && !shown().contains("deprecated"));
            assertThat(told.troubles).isEmpty();
        }
        assertThat(net.hasAddress(11, VIP)).isFalse();
    }

    @Test
    void aRenewalNeverBringsBackWhatWasReleased() {
        try (VrrpEngine engine = new VrrpEngine(told, net.threads(11))) {
            engine.apply(List.of(spec().v3(TENTH).build())).join();
            awaitMaster(engine);
            engine.apply(List.of()).join();
            await().during(Duration.ofMillis(1_200))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !net.hasAddress(11, VIP));
        }
    }

    @Test
    void aReloadTurnsTheLifetimeOffAndOnAgain() {
        try (VrrpEngine engine = new VrrpEngine(told, net.threads(11))) {
            engine.apply(List.of(spec().v3(TENTH).vipLifetime(Duration.ZERO).build()))
                    .join();
            awaitMaster(engine);
            assertThat(shown()).contains("valid_lft forever");
            engine.apply(List.of(
                            spec().v3(TENTH).vipLifetime(Duration.ofSeconds(30)).build()))
                    .join();
            assertThat(shown()).containsPattern("valid_lft (30|29)sec");
            engine.apply(List.of(spec().v3(TENTH).vipLifetime(Duration.ZERO).build()))
                    .join();
            assertThat(shown()).contains("valid_lft forever");
            assertThat(told.transitions).hasSize(2);
            assertThat(told.troubles).isEmpty();
        }
    }

    @Test
    void anOwnersOwnAddressStaysForEver() {
        try (VrrpEngine engine = new VrrpEngine(told, net.threads(11))) {
            engine.apply(List.of(spec().priority(255).addresses("10.77.0.11").build()))
                    .join();
            awaitMaster(engine);
            assertThat(net.on(11, "ip -o -4 addr show dev eth0")).contains("valid_lft forever");
        }
    }
}
