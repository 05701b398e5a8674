package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the event loop of a whole engine, sockets and timers included, leaves to the collector. */
@Timeout(120)
class SteadyStateTest extends TwoEngines {
    private static final int INSTANCES = 30;
    private static final Duration WINDOW = Duration.ofSeconds(1);
    /** Renewals and conflict probes, a few a second for each instance, share it with the adverts. */
    private static final double BYTES_PER_ADVERT = 16;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static List<InstanceSpec> instances(int priority) {
        return IntStream.rangeClosed(1, INSTANCES)
                .mapToObj(i -> spec().name("VI_" + i)
                        .vrid(i)
                        .priority(priority)
                        .v3(Duration.ofMillis(10))
                        .addresses("10.77.1." + i + "/24")
                        .build())
                .toList();
    }

    private static long threadOf(VrrpEngine engine) {
        AtomicLong id = new AtomicLong();
        engine.run(() -> id.set(Thread.currentThread().threadId())).join();
        return id.get();
    }

    private static long sent(VrrpEngine engine) {
        return engine.status().join().stream()
                .mapToLong(InstanceStatus::advertsSent)
                .sum();
    }

    /** Without asking the engine, whose answers make garbage on the loop. */
    private static void awaitTime() {
        long end = System.nanoTime() + WINDOW.toNanos();
        await().atMost(WINDOW.multipliedBy(10)).until(() -> System.nanoTime() - end > 0);
    }

    @Test
    void thousandsOfAdvertsLeaveNothingToTheCollector() {
        one.apply(instances(200)).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(instances(100)).join();
        awaitState(two, VrrpState.BACKUP);
        long sender = threadOf(one);
        long receiver = threadOf(two);

        // Until the code is compiled it boxes and builds what it will not later; when that is, is the JVM's affair.
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).untilAsserted(() -> {
            long before = sent(one);
            long sending = threads.getThreadAllocatedBytes(sender);
            long receiving = threads.getThreadAllocatedBytes(receiver);
            awaitTime();
            sending = threads.getThreadAllocatedBytes(sender) - sending;
            receiving = threads.getThreadAllocatedBytes(receiver) - receiving;
            double adverts = sent(one) - before;
            assertThat(adverts).as("adverts in %s", WINDOW).isGreaterThan(INSTANCES * 10);
            assertThat(sending / adverts).as("bytes per advert sent").isLessThan(BYTES_PER_ADVERT);
            assertThat(receiving / adverts).as("bytes per advert received").isLessThan(BYTES_PER_ADVERT);
        });
    }
}
