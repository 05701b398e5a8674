package dev.holdfast.agent;

import dev.holdfast.vrrp.engine.EngineListener;
import dev.holdfast.vrrp.engine.EngineSpec;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.HandOverResult;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VrrpEngine;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the agent needs of {@link VrrpEngine}; a port, so that the wiring can be tested without a kernel. */
interface VrrpHost {
    CompletableFuture<Optional<String>> realTime(boolean wanted);

    CompletableFuture<Void> limitAnnouncements(int framesPerSecond);

    CompletableFuture<Void> apply(EngineSpec spec);

    CompletableFuture<Void> track(String instance, EffectivePriority now);

    CompletableFuture<List<InstanceStatus>> status();

    CompletableFuture<EngineStatus> engineStatus();

    CompletableFuture<Map<String, Map<RejectReason, Long>>> rejectedByInterface();

    CompletableFuture<List<HandOverResult>> handOver(Optional<String> instance);

    void rehearse(int takeOvers);

    CompletableFuture<Void> leave(Duration limit);

    CompletableFuture<Void> stop();

    /** The real one. */
    static VrrpHost open(EngineListener listener) {
        VrrpEngine engine = new VrrpEngine(listener);
        return new VrrpHost() {
            @Override
            public CompletableFuture<Optional<String>> realTime(boolean wanted) {
                return engine.realTime(wanted);
            }

            @Override
            public CompletableFuture<Void> limitAnnouncements(int framesPerSecond) {
                return engine.limitAnnouncements(framesPerSecond);
            }

            @Override
            public CompletableFuture<Void> apply(EngineSpec spec) {
                return engine.apply(spec);
            }

            @Override
            public CompletableFuture<Void> track(String instance, EffectivePriority now) {
                return engine.track(instance, now);
            }

            @Override
            public CompletableFuture<List<InstanceStatus>> status() {
                return engine.status();
            }

            @Override
            public CompletableFuture<EngineStatus> engineStatus() {
                return engine.engineStatus();
            }

            @Override
            public CompletableFuture<Map<String, Map<RejectReason, Long>>> rejectedByInterface() {
                return engine.rejectedByInterface();
            }

            @Override
            public CompletableFuture<List<HandOverResult>> handOver(Optional<String> instance) {
                return engine.handOver(instance);
            }

            @Override
            public void rehearse(int takeOvers) {
                engine.rehearse(takeOvers);
            }

            @Override
            public CompletableFuture<Void> leave(Duration limit) {
                return engine.leave(limit);
            }

            @Override
            public CompletableFuture<Void> stop() {
                return engine.stop();
            }
        };
    }
}
