package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.HandOverResult.Outcome;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Follows one instance's hand-over from the order to the release: hears when the successor has announced the addresses, all
 * of them, and tells those who wait what came of it. For the event loop alone.
 */
final class HandOverWatch {
    private final VirtualRouter router;
    private final Set<IpAddress> unannounced = new HashSet<>();
    private final List<CompletableFuture<HandOverResult>> waiting = new ArrayList<>();
    private boolean running;
    private long sinceNanos;
    private @Nullable IpAddress successor;
    private long tookNanos;

    HandOverWatch(VirtualRouter router) {
        this.router = router;
    }

    /**
     * The router was told to hand over or to leave.
     *
     * @return completes in the turn in which it is over
     */
    CompletableFuture<HandOverResult> begin(long now, List<VipAddress> addresses) {
        if (!running) {
            running = true;
            sinceNanos = now;
            successor = null;
            unannounced.clear();
            for (VipAddress vip : addresses) {
                unannounced.add(vip.address());
            }
        }
        CompletableFuture<HandOverResult> result = new CompletableFuture<>();
        waiting.add(result);
        return result;
    }

    /** Whether claims by others are those of a successor, and no conflict. */
    boolean isRunning() {
        return running;
    }

    /** Another host says that it has an address. */
    void claimed(long now, IpAddress address) {
        if (unannounced.remove(address) && unannounced.isEmpty()) {
            router.successorAnnounced(now);
        }
    }

    /** Whether nobody was heard to take over. */
    boolean isWithoutSuccessor() {
        return running && successor == null;
    }

    /** To be called after each event of the router. */
    void settle(long now, String instance, Heard heard) {
        if (!running || router.isHandingOver()) {
            return;
        }
        boolean master = router.state() == VrrpState.MASTER;
        if (successor == null && !master && router.holdsAddresses()) {
            successor = heard.from();
            tookNanos = now - sinceNanos;
            if (unannounced.isEmpty()) {
                router.successorAnnounced(now);
            }
        }
        if (master || !router.holdsAddresses()) {
            finish(now, instance, master ? Outcome.NOBODY_FOLLOWED : Outcome.INTERRUPTED);
        }
    }

    private void finish(long now, String instance, Outcome withoutSuccessor) {
        running = false;
        boolean followed = successor != null && router.state() != VrrpState.MASTER;
        HandOverResult result = new HandOverResult(
                instance,
                followed ? Outcome.HANDED_OVER : withoutSuccessor,
                router.state(),
                Optional.ofNullable(followed ? successor : null),
                Duration.ofNanos(followed ? tookNanos : now - sinceNanos));
        List<CompletableFuture<HandOverResult>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(future -> future.complete(result));
    }
}
