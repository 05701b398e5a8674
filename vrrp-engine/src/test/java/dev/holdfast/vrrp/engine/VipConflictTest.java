package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts that hold one address, because something keeps their advertisements from each other. */
@Timeout(120)
class VipConflictTest {
    private static final Duration TENTH = Duration.ofMillis(100);

    private TestNet net;
    private final RecordingListener first = new RecordingListener();
    private VrrpEngine one;

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12);
        one = new VrrpEngine(first, net.threads(11));
        one.apply(List.of(spec().v3(TENTH).build())).join();
        await().until(() -> status().state() == VrrpState.MASTER);
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            one.close();
            net.close();
        }
    }

    private InstanceStatus status() {
        return one.status().join().getFirst();
    }

    @Test
    void anotherHolderIsToldWithItsMacUntilItIsGone() {
        assertThat(status().conflicts()).isEmpty();
        // A host that speaks no VRRP that we hear, as behind a firewall that drops protocol 112.
        net.on(12, "ip addr add 10.77.0.100/24 dev eth0");
        await().atMost(Duration.ofSeconds(12)).until(() -> !first.conflicts.isEmpty());
        assertThat(first.conflicts).containsExactly("10.77.0.100 is also held by 02:00:0a:4d:00:0c");
        assertThat(status().conflicts()).singleElement().returns("02:00:0a:4d:00:0c", VipConflict::mac);
        assertThat(status().conflictsFound()).isEqualTo(1);

        net.on(12, "ip addr del 10.77.0.100/24 dev eth0");
        await().atMost(Duration.ofSeconds(20)).until(() -> status().conflicts().isEmpty());
        assertThat(first.conflicts).hasSize(2).last().asString().startsWith("no longer: ");
        assertThat(status().conflictsFound()).isEqualTo(1);
    }

    @Test
    void aTakeOverIsNoConflict() {
        RecordingListener second = new RecordingListener();
        try (VrrpEngine two = new VrrpEngine(second, net.threads(12))) {
            two.apply(List.of(spec().priority(200).v3(TENTH).build())).join();
            await().until(() -> two.status().join().getFirst().state() == VrrpState.MASTER);
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10)).until(() -> first.conflicts.isEmpty());
            assertThat(second.conflicts).isEmpty();
        }
    }
}
