package dev.holdfast.agent.track;

import dev.holdfast.agent.config.SwarmTracking;
import dev.holdfast.agent.config.TrackerKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether the Swarm is well on this host, or whether this host leads it: each look takes until healing has looked again. */
final class SwarmProbe implements Probe {
    private static final int PORT_LIMIT_MILLIS = 1000;

    private final String name;
    private final SwarmTracking tracking;
    private final SwarmLooks looks;
    private SwarmLooks.@Nullable Look last;

    /** @param name {@link SwarmTracking#HEALTH} or {@link SwarmTracking#LEADER} */
    SwarmProbe(String name, SwarmTracking tracking, SwarmLooks looks) {
        this.name = name;
        this.tracking = tracking.withoutWeights();
        this.looks = looks;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TrackerKind kind() {
        return TrackerKind.SWARM;
    }

    @Override
    public Duration interval() {
        return Duration.ZERO;
    }

    @Override
    public int rise() {
        return tracking.rise();
    }

    @Override
    public int fall() {
        return tracking.fall();
    }

    @Override
    public void look(Consumer<Reading> outcome) throws InterruptedException {
        SwarmLooks.Look seen = looks.awaitOther(last);
        last = seen;
        Optional<Reading> reading = name.equals(SwarmTracking.LEADER)
                ? SwarmHealth.leader(seen.snapshot())
                : SwarmHealth.health(seen, tracking, SwarmProbe::answers);
        reading.ifPresent(outcome);
    }

    /** By IPv4's loopback address: there the routing mesh answers too, while ::1 may be Docker that only keeps the port. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PORT_LIMIT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SwarmProbe probe && name.equals(probe.name) && tracking.equals(probe.tracking);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, tracking);
    }
}
