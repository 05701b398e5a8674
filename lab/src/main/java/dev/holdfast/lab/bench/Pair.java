package dev.holdfast.lab.bench;

import dev.holdfast.lab.Await;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Lab;
import dev.holdfast.lab.LabException;
import java.time.Duration;

/**
 * Two hosts that share virtual routers, both with the same program: {@code high} is to be MASTER and {@code low} its
 * BACKUP. Closing it removes its lab.
 */
final class Pair implements AutoCloseable {
    static final int HIGH = 200;
    static final int LOW = 100;
    static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final Contender contender;
    private final RouterConfig config;
    private final Host high;
    private final Host low;

    /** Makes the hosts and starts nothing on them. */
    Pair(Contender contender, RouterConfig config) {
        this.contender = contender;
        this.config = config;
        lab = Lab.create("bench");
        high = lab.host("high");
        low = lab.host("low");
    }

    Lab lab() {
        return lab;
    }

    Host high() {
        return high;
    }

    Host low() {
        return low;
    }

    Running launchHigh() {
        return contender.launch(high, config.withPriority(HIGH));
    }

    Running launchLow() {
        return contender.launch(low, config.withPriority(LOW));
    }

    /** Waits until the higher priority holds all virtual addresses, alone. */
    void awaitSettled() {
        Await.until(
                "the higher priority alone to hold " + config.instances() + " virtual addresses",
                SETTLE_LIMIT,
                () -> held(high) == config.instances() && held(low) == 0);
    }

    /** Waits until the lower priority hears adverts, too: it has joined their group, 224.0.0.18. */
    void awaitListening() {
        Await.until(
                low + " to join the group of VRRP",
                SETTLE_LIMIT,
                () -> low.exec("cat", "/proc/net/igmp").contains("120000E0"));
    }

    /** How many virtual addresses a host holds. */
    static long held(Host host) {
        return host.addresses().stream()
                .filter(address -> address.startsWith("10.78.0.") || address.equals(RouterConfig.VIP))
                .count();
    }

    /** Lets time go by: what is measured is what happens in it. */
    static void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while measuring", e);
        }
    }

    @Override
    public void close() {
        lab.close();
    }
}
