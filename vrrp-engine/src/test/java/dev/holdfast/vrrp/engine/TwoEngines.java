package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two engines, on hosts 11 and 12 of a {@link TestNet} that may have more hosts; what each tells is remembered. */
abstract class TwoEngines {
    static final Duration TENTH = Duration.ofMillis(100);

    final RecordingListener first = new RecordingListener();
    final RecordingListener second = new RecordingListener();
    TestNet net;
    VrrpEngine one;
    VrrpEngine two;

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12, 13);
        prepare(net);
        one = new VrrpEngine(first, net.threads(11));
        two = new VrrpEngine(second, net.threads(12));
    }

    /** What the hosts need before an engine looks at them. */
    void prepare(TestNet hosts) {}

    @AfterEach
    void stopHosts() {
        if (net != null) {
            one.close();
            two.close();
            net.close();
        }
    }

    /** Of the engine's first instance. */
    static InstanceStatus status(VrrpEngine engine) {
        return engine.status().join().getFirst();
    }

    /** Waits until all instances of an engine are in a state. */
    static void awaitState(VrrpEngine engine, VrrpState state) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(engine.status().join())
                        .allSatisfy(status -> assertThat(status.state()).isEqualTo(state)));
    }
}
