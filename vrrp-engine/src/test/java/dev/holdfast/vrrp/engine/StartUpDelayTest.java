package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Instances that only listen for a while after the start. */
@Timeout(60)
class StartUpDelayTest extends TwoEngines {
    private static EngineSpec delayed(Duration delay, InstanceSpec... instances) {
        return new EngineSpec(List.of(instances), List.of(), delay);
    }

    @Test
    void evenAnOwnerOnlyListensUntilTheDelayIsOver() {
        two.apply(List.of(spec().v3(TENTH).build())).join();
        awaitState(two, VrrpState.MASTER);
        Instant start = Instant.now();

        one.apply(delayed(Duration.ofSeconds(2), spec().priority(255).v3(TENTH).build()))
                .join();

        await().untilAsserted(() -> assertThat(status(one).masterAddress()).hasToString("Optional[10.77.0.12]"));
        assertThat(status(one).state()).isEqualTo(VrrpState.INIT);
        assertThat(status(one).advertsSent()).isZero();
        Instant startsAt = one.engineStatus().join().startsAt().orElseThrow();
        assertThat(startsAt).isBetween(start.plusMillis(1900), Instant.now().plusMillis(2100));
        awaitState(one, VrrpState.MASTER);
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(1900));
        assertThat(one.engineStatus().join().startsAt()).isEmpty();
    }

    @Test
    void aReloadCanEndTheDelayAndLaterInstancesStartAtOnce() {
        InstanceSpec owner = spec().priority(255).v3(TENTH).build();
        one.apply(delayed(Duration.ofHours(1), owner)).join();
        assertThat(status(one).state()).isEqualTo(VrrpState.INIT);
        one.apply(delayed(Duration.ZERO, owner)).join();
        assertThat(status(one).state()).isEqualTo(VrrpState.MASTER);

        InstanceSpec later =
                spec().name("b").vrid(52).addresses("10.77.0.101").priority(255).build();
        one.apply(delayed(Duration.ofHours(1), owner, later)).join();
        assertThat(one.status().join())
                .allSatisfy(status -> assertThat(status.state()).isEqualTo(VrrpState.MASTER));
    }
}
