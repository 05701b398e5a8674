package dev.holdfast.agent.track;

import dev.holdfast.agent.config.TrackerKind;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks the kernel whether an interface is up and its link has a carrier. */
record InterfaceProbe(String name) implements Probe {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    @Override
    public TrackerKind kind() {
        return TrackerKind.INTERFACE;
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public void look(Consumer<Reading> outcome) {
        try {
            // By ioctl, which sees this process's network namespace; /sys may be mounted from another one.
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                outcome.accept(Reading.of(false, "no such interface"));
            } else {
                boolean up = found.isUp();
                outcome.accept(Reading.of(up, up ? "up" : "down"));
            }
        } catch (SocketException e) {
            outcome.accept(Reading.of(false, String.valueOf(e.getMessage())));
        }
    }
}
