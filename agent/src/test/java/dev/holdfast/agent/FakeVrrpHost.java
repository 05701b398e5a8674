package dev.holdfast.agent;

import dev.holdfast.vrrp.engine.EngineListener;
import dev.holdfast.vrrp.engine.EngineSpec;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.GroupSpec;
import dev.holdfast.vrrp.engine.GroupStatus;
import dev.holdfast.vrrp.engine.HandOverResult;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VipConflict;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** An engine without a network: states are what the test says. */
final class FakeVrrpHost implements VrrpHost {
    final Map<String, EffectivePriority> tracked = new ConcurrentHashMap<>();
    private final EngineListener listener;
    private volatile List<InstanceSpec> specs = List.of();
    private final Map<String, VrrpState> states = new ConcurrentHashMap<>();
    private volatile List<GroupSpec> groups = List.of();
    private final Map<String, VrrpState> groupStates = new ConcurrentHashMap<>();
    volatile Optional<Instant> startsAt = Optional.empty();
    volatile boolean stopped;
    volatile boolean hung;
    volatile Optional<RuntimeException> refusal = Optional.empty();

    FakeVrrpHost(EngineListener listener) {
        this.listener = listener;
    }

    volatile boolean realTime;
    volatile int announcementsPerSecond;

    List<InstanceSpec> specs() {
        return specs;
    }

    void enter(String name, VrrpState to, TransitionReason reason) {
        InstanceSpec spec = specs.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        enter(spec, to, reason);
    }

    void groupEnter(String group, VrrpState to) {
        VrrpState from = Objects.requireNonNullElse(groupStates.put(group, to), VrrpState.INIT);
        listener.groupChanged(group, from, to);
    }

    @Override
    public CompletableFuture<EngineStatus> engineStatus() {
        Instant since = Instant.parse("2026-01-02T03:04:05.678Z");
        return CompletableFuture.completedFuture(new EngineStatus(
                groups.stream()
                        .map(group -> new GroupStatus(
                                group.name(),
                                group.members(),
                                groupStates.getOrDefault(group.name(), VrrpState.INIT),
                                since))
                        .toList(),
                startsAt));
    }

    private void enter(InstanceSpec spec, VrrpState to, TransitionReason reason) {
        VrrpState from = states.getOrDefault(spec.name(), VrrpState.INIT);
        states.put(spec.name(), to);
        listener.stateChanged(spec, from, to, reason, "");
    }

    @Override
    public CompletableFuture<Optional<String>> realTime(boolean wanted) {
        realTime = wanted;
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletableFuture<Void> limitAnnouncements(int framesPerSecond) {
        announcementsPerSecond = framesPerSecond;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> apply(EngineSpec all) {
        List<InstanceSpec> wanted = all.instances();
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        List<InstanceSpec> before = specs;
        before.stream()
                .filter(old -> wanted.stream().noneMatch(next -> next.name().equals(old.name())))
                .forEach(removed -> enter(removed, VrrpState.INIT, TransitionReason.STOPPED));
        specs = List.copyOf(wanted);
        groups = all.groups();
        wanted.stream()
                .filter(next -> before.stream().noneMatch(old -> old.name().equals(next.name())))
                .forEach(added -> enter(added, VrrpState.BACKUP, TransitionReason.STARTED));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> track(String instance, EffectivePriority now) {
        tracked.put(instance, now);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<InstanceStatus>> status() {
        return hung
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(
                        specs.stream().map(this::status).toList());
    }

    private InstanceStatus status(InstanceSpec spec) {
        VrrpState state = states.getOrDefault(spec.name(), VrrpState.INIT);
        return new InstanceStatus(
                spec,
                state,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                TransitionReason.STARTED,
                spec.priority(),
                Optional.empty(),
                0,
                List.of(),
                List.of(),
                7,
                8,
                0,
                0,
                Map.of(RejectReason.AUTH_DATA, 3L),
                List.of(new VipConflict(spec.addresses().getFirst().address(), "02:00:00:00:00:07", Instant.EPOCH)),
                1,
                Map.of(state, 1L));
    }

    @Override
    public CompletableFuture<Map<String, Map<RejectReason, Long>>> rejectedByInterface() {
        return CompletableFuture.completedFuture(Map.of("eth0", Map.of(RejectReason.UNKNOWN_VRID, 2L)));
    }

    /** What a hand-over leads to; unknown instances are refused as the engine does. */
    volatile List<HandOverResult> handOvers = List.of();

    @Override
    public CompletableFuture<List<HandOverResult>> handOver(Optional<String> instance) {
        if (instance.isPresent() && specs.stream().noneMatch(spec -> spec.name().equals(instance.get()))) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("there is no instance " + instance.get()));
        }
        return CompletableFuture.completedFuture(handOvers.stream()
                .filter(result -> instance.isEmpty() || result.instance().equals(instance.get()))
                .toList());
    }

    @Override
    public void rehearse(int takeOvers) {}

    @Override
    public CompletableFuture<Void> leave(Duration limit) {
        return stop();
    }

    @Override
    public CompletableFuture<Void> stop() {
        specs.forEach(spec -> enter(spec, VrrpState.INIT, TransitionReason.STOPPED));
        stopped = true;
        return CompletableFuture.completedFuture(null);
    }
}
