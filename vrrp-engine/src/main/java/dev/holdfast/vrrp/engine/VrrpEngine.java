package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.FrameBudget;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the virtual routers of this host on one event loop. All methods may be called from any thread and return at once;
 * what they ask for happens on the loop, and the future completes there. A future fails with an {@link EngineException}
 * or an {@link IllegalArgumentException} whose message is fit for the operator.
 */
public final class VrrpEngine implements AutoCloseable {
    /** More than the 200 calls after which the virtual machine compiles (its Tier3InvocationThreshold). */
    public static final int REHEARSALS_TO_COMPILE = 250;

    private static final Logger LOG = LoggerFactory.getLogger(VrrpEngine.class);
    private static final long CLOSE_LIMIT_SECONDS = 10;

    private final EngineLoop loop;
    private final HostRouters routers;
    private @Nullable CompletableFuture<Void> stopping;

    /**
     * Opens the sockets that every instance shares.
     *
     * @param listener hears of transitions, refusals and trouble, on the event loop
     * @throws EngineException if this is not Linux, or the process lacks CAP_NET_ADMIN or CAP_NET_RAW
     */
    public VrrpEngine(EngineListener listener) {
        this(listener, work -> new Thread(work, "vrrp"));
    }

    /** As the public one, on a thread that is made here: sockets belong to the network namespace of the loop's thread. */
    VrrpEngine(EngineListener listener, ThreadFactory threads) {
        this.loop = new EngineLoop(threads);
        try {
            this.routers = loop.call(() -> HostRouters.open(loop, listener)).join();
        } catch (CompletionException e) {
            loop.shutdown().join();
            throw e.getCause() instanceof EngineException known
                    ? known
                    : new EngineException("VRRP can't run here: " + e.getCause(), e);
        }
    }

    /**
     * Makes the running instances what the list says: the first call starts them, a later one is a reload. Instances whose
     * spec is equal do not notice; changed ones keep their state and the addresses that stay; removed ones resign and
     * release. Another interface, family or virtual router id makes it another virtual router: the old one is removed and
     * the new one starts.
     *
     * @param spec all instances and sync groups of this host
     * @return completes when it is done; fails with {@link IllegalArgumentException}, and nothing changed, for a bad spec
     */
    public CompletableFuture<Void> apply(EngineSpec spec) {
        return run(() -> routers.apply(spec));
    }

    /** As {@link #apply(EngineSpec)}, for instances without groups that start at once. */
    public CompletableFuture<Void> apply(List<InstanceSpec> instances) {
        return apply(EngineSpec.of(instances));
    }

    /**
     * Hands over what the trackers of an instance make of it: its effective priority, and faults that force it into FAULT.
     * Holds until the next call. An unknown instance is ignored, for a reload may have removed it meanwhile.
     *
     * @param instance the instance's name
     * @param now the outcome
     */
    public CompletableFuture<Void> track(String instance, EffectivePriority now) {
        return run(() -> routers.track(instance, now));
    }

    /**
     * Has the event loop scheduled in real time (SCHED_RR, lowest priority), so that adverts and take-overs don't wait for
     * a CPU on a busy host, and the virtual machine's thread, for which it waits; or as ordinary threads, which they are at
     * first.
     *
     * @return completes, not on the loop, with why the kernel refused, in words; empty if it did not. The engine runs in
     *     either case
     */
    public CompletableFuture<Optional<String>> realTime(boolean wanted) {
        return loop.call(() -> ThreadScheduling.set(wanted))
                .thenApplyAsync(refused -> refused.isPresent() ? refused : ThreadScheduling.setVirtualMachine(wanted));
    }

    /**
     * Bounds what all instances together announce, so that many take-overs at once don't flood the segment: what is more
     * than that goes a little later. At first {@link FrameBudget#DEFAULT_PER_SECOND}.
     *
     * @param framesPerSecond {@link FrameBudget#MIN_PER_SECOND}..{@link FrameBudget#MAX_PER_SECOND}; a gratuitous ARP is two
     */
    public CompletableFuture<Void> limitAnnouncements(int framesPerSecond) {
        return run(() -> routers.limitAnnouncements(framesPerSecond));
    }

    /**
     * Has the role come and go on a link that does not exist, so that a real take-over finds what it runs through loaded,
     * compiled and in memory; and from then on once more right before each take-over, so that it finds it in the CPU's
     * caches, too. Nobody sees it. On the calling thread, beside the loop; a system call refused ends it, which does no
     * harm.
     *
     * @param takeOvers how many; {@link #REHEARSALS_TO_COMPILE}, or a few to have it all in memory again
     */
    public void rehearse(int takeOvers) {
        try {
            Rehearsal.run(takeOvers);
            run(routers::rehearseLast).join();
        } catch (SystemCallException | CompletionException e) {
            LOG.debug("no rehearsal: {}", e.getMessage());
        }
    }

    /** Every instance as it is now, in the order of the configuration. */
    public CompletableFuture<List<InstanceStatus>> status() {
        return loop.call(routers::status);
    }

    /** What is true of all instances together. */
    public CompletableFuture<EngineStatus> engineStatus() {
        return loop.call(routers::engineStatus);
    }

    /** Refused datagrams that belong to no instance (unknown virtual router id, broken header), by interface. */
    public CompletableFuture<Map<String, Map<RejectReason, Long>>> rejectedByInterface() {
        return loop.call(routers::rejectedByInterface);
    }

    /**
     * Has another host take over, without a moment in which nobody answers for the addresses: the MASTER resigns and holds
     * them until its successor has announced them. Afterwards it obeys any MASTER until that one is gone or resigns, or
     * until the next {@link #apply}. If nobody follows, it stays MASTER.
     *
     * @param instance which one, with its sync group; empty: each that is MASTER
     * @return completes when it is over, which takes two to three times the longest Skew_Time at most; fails with
     *     {@link IllegalArgumentException} for an unknown instance
     */
    public CompletableFuture<List<HandOverResult>> handOver(Optional<String> instance) {
        return handOvers(() -> routers.handOver(instance));
    }

    /**
     * Leaves as planned: each MASTER hands over first, and then it is {@link #stop}.
     *
     * @param limit how long the hand-overs may take altogether; the stop comes then in any case
     */
    public CompletableFuture<Void> leave(Duration limit) {
        return handOvers(routers::leave)
                .completeOnTimeout(List.of(), limit.toNanos(), TimeUnit.NANOSECONDS)
                .handle((_, _) -> null)
                .thenCompose(_ -> stop());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both futures are waited for: the outer one gives the inner one.
    private CompletableFuture<List<HandOverResult>> handOvers(Callable<CompletableFuture<List<HandOverResult>>> order) {
        return loop.call(order).thenCompose(results -> results);
    }

    /** At once: every MASTER resigns with priority 0, all addresses are released, all sockets closed. Later calls do nothing. */
    public synchronized CompletableFuture<Void> stop() {
        if (stopping == null) {
            CompletableFuture<Void> released = run(routers::stop);
            // The thread ends in either case, and only then is it all over.
            stopping = released.exceptionally(_ -> null)
                    .thenCompose(_ -> loop.shutdown())
                    .thenCompose(_ -> released);
        }
        return stopping;
    }

    /** {@link #stop()}, waiting for it. */
    @Override
    public void close() {
        try {
            stop().get(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            throw new EngineException("the engine did not stop cleanly: " + e, e);
        }
    }

    /** Runs work on the loop; what it does not return from is a stall. */
    CompletableFuture<Void> run(Runnable work) {
        return loop.call(() -> {
            work.run();
            return null;
        });
    }
}
