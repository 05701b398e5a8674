package dev.holdfast.agent.track;

import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.policy.TrackerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs every tracker that an instance refers to, once however many do, and says what each instance's effective priority is.
 * A tracker without a result yet changes nothing: neither does it fault, nor is its weight counted.
 */
public final class Trackers implements AutoCloseable {
    /** An address waits to be handed over meanwhile. */
    private static final Duration END_LIMIT = Duration.ofMillis(500);

    private final BiConsumer<String, EffectivePriority> outcome;
    private final Interfaces interfaces;
    private final SwarmLooks swarm;
    private final Map<String, EffectivePriority> told = new ConcurrentHashMap<>();
    private Map<Probe, Tracker> running = Map.of();
    private List<InstanceConfig> instances = List.of();
    private Map<Thing, Probe> configured = Map.of();
    private boolean closed;

    /** What is tracked, however it is looked at. */
    private record Thing(TrackerKind kind, String name) {
        static Thing of(Probe probe) {
            return new Thing(probe.kind(), probe.name());
        }
    }

    /**
     * Trackers that track nothing yet.
     *
     * @param outcome hears an instance's name and what its trackers make of it, whenever that changes. Called under a lock,
     *     so that the last call is the latest: must return at once
     * @param interfaces what is known of network interfaces
     * @param swarm what is seen of the Swarm
     */
    public Trackers(BiConsumer<String, EffectivePriority> outcome, Interfaces interfaces, SwarmLooks swarm) {
        this.outcome = outcome;
        this.interfaces = interfaces;
        this.swarm = swarm;
    }

    Trackers(BiConsumer<String, EffectivePriority> outcome, Interfaces interfaces) {
        this(outcome, interfaces, new SwarmLooks());
    }

    /** Makes the running trackers what the configuration says; those it does not change go on with the state they have. */
    public synchronized void apply(VrrpConfig config) {
        if (closed) {
            return;
        }
        configured = config.trackers().stream().map(Probe::of).collect(Collectors.toMap(Thing::of, probe -> probe));
        instances = config.groupedInstances();
        Map<Probe, Tracker> old = new HashMap<>(running);
        Map<Thing, TrackerStatus> known = byThing(old.values());
        Map<Probe, Tracker> now = new HashMap<>();
        List<Tracker> fresh = new ArrayList<>();
        instances.stream().flatMap(this::probes).distinct().forEach(probe -> {
            Tracker tracker = old.remove(probe);
            if (tracker == null) {
                tracker = new Tracker(probe, known.get(Thing.of(probe)), this::tell);
                fresh.add(tracker);
            }
            now.put(probe, tracker);
        });
        running = now;
        old.values().forEach(Tracker::close);
        told.keySet().retainAll(instances.stream().map(InstanceConfig::name).toList());
        tell();
        fresh.forEach(Tracker::start);
    }

    /** What the trackers of an instance make of it now, its own priority if nothing is known of it. Never blocks. */
    public EffectivePriority effective(String instance, int base) {
        return told.getOrDefault(instance, new EffectivePriority(base, List.of()));
    }

    /** What each tracker makes of an instance, by kind, scripts first, in the order of the configuration. */
    public synchronized List<Contribution> contributions(String instance) {
        return instances.stream()
                .filter(candidate -> candidate.name().equals(instance))
                .flatMap(this::contributions)
                .toList();
    }

    private Stream<Contribution> contributions(InstanceConfig instance) {
        return Arrays.stream(TrackerKind.values())
                .flatMap(kind -> instance.track().of(kind).stream()
                        .map(tracked -> Contribution.of(
                                tracked, tracker(probe(instance, kind, tracked)).status())));
    }

    List<TrackerStatus> of(String instance) {
        return contributions(instance).stream().map(Contribution::tracker).toList();
    }

    /** Every running tracker. */
    public synchronized List<TrackerStatus> all() {
        return List.copyOf(byThing(running.values()).values());
    }

    /** Of instances that follow the Swarm by different rules, the one that is worse off is told. */
    private static Map<Thing, TrackerStatus> byThing(Collection<Tracker> trackers) {
        return trackers.stream()
                .collect(Collectors.toMap(
                        tracker -> Thing.of(tracker.probe()),
                        Tracker::status,
                        (one, other) -> one.state() == RiseFall.State.DOWN ? one : other));
    }

    /** Ends all of them, and waits for a moment until the scripts are gone that they ran. */
    @Override
    public void close() {
        List<Tracker> ended;
        synchronized (this) {
            closed = true;
            ended = List.copyOf(running.values());
            ended.forEach(Tracker::close);
            running = Map.of();
            instances = List.of();
        }
        // Not in the lock, which one of them may wait for.
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        ended.forEach(tracker -> tracker.awaitEnd(deadline - System.nanoTime()));
    }

    private synchronized void tell() {
        for (InstanceConfig instance : instances) {
            EffectivePriority now = effective(instance);
            if (!now.equals(told.put(instance.name(), now))) {
                outcome.accept(instance.name(), now);
            }
        }
    }

    private EffectivePriority effective(InstanceConfig instance) {
        List<TrackerState> states = new ArrayList<>();
        for (TrackerKind kind : TrackerKind.values()) {
            for (Tracked tracked : instance.track().of(kind)) {
                TrackerStatus status = tracker(probe(instance, kind, tracked)).status();
                if (status.state() != RiseFall.State.UNKNOWN) {
                    states.add(Contribution.state(tracked, status));
                }
            }
        }
        return EffectivePriority.of(instance.spec().priority(), states);
    }

    private Stream<Probe> probes(InstanceConfig instance) {
        return Arrays.stream(TrackerKind.values())
                .flatMap(kind -> instance.track().of(kind).stream().map(tracked -> probe(instance, kind, tracked)));
    }

    private Probe probe(InstanceConfig instance, TrackerKind kind, Tracked tracked) {
        if (kind == TrackerKind.SWARM) {
            return new SwarmProbe(tracked.name(), instance.track().swarm().orElseThrow(), swarm);
        }
        if (kind == TrackerKind.INTERFACE) {
            return new InterfaceProbe(tracked.name(), interfaces);
        }
        @Nullable Probe probe = configured.get(new Thing(kind, tracked.name()));
        if (probe == null) {
            throw new IllegalArgumentException("there is no " + kind.label() + " " + tracked.name());
        }
        return probe;
    }

    private Tracker tracker(Probe probe) {
        @Nullable Tracker tracker = running.get(probe);
        if (tracker == null) {
            throw new IllegalStateException("no tracker runs for " + probe.name());
        }
        return tracker;
    }
}
