package dev.holdfast.agent.track;

import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.vrrp.engine.LinkState;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether an interface is up and its link has a carrier: each look takes until that is another answer than the last. */
final class InterfaceProbe implements Probe {
    private final String name;
    private final Interfaces interfaces;
    private @Nullable LinkState last;

    InterfaceProbe(String name, Interfaces interfaces) {
        this.name = name;
        this.interfaces = interfaces;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TrackerKind kind() {
        return TrackerKind.INTERFACE;
    }

    @Override
    public Duration interval() {
        return Duration.ZERO;
    }

    @Override
    public void look(Consumer<Reading> outcome) throws InterruptedException {
        LinkState now = interfaces.awaitOther(name, last);
        last = now;
        outcome.accept(Reading.of(now == LinkState.UP, now.text()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InterfaceProbe probe && name.equals(probe.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name);
    }
}
