package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.RejectReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the virtual routers of this host on one event loop. All methods may be called from any thread and return at once;
 * what they ask for happens on the loop, and the future completes there. A future fails with an {@link EngineException}
 * or an {@link IllegalArgumentException} whose message is fit for the operator.
 */
public final class VrrpEngine implements AutoCloseable {

    /**
     * Opens the sockets that every instance shares and warms up the code that a take-over needs.
     *
     * @param listener hears of transitions, refusals and trouble, on the event loop
     * @throws EngineException if this is not Linux, or the process lacks CAP_NET_ADMIN or CAP_NET_RAW
     */
    public VrrpEngine(EngineListener listener) {
        throw new EngineException("not built yet");
    }

    /**
     * Makes the running instances what the list says: the first call starts them, a later one is a reload. Instances whose
     * spec is equal do not notice; changed ones keep their state and the addresses that stay; removed ones resign and
     * release.
     *
     * @param specs all instances of this host; names are unique, and so are (interface, family, virtual router id)
     * @return completes when it is done; fails with {@link IllegalArgumentException}, and nothing changed, for a bad list
     */
    public CompletableFuture<Void> apply(List<InstanceSpec> specs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands over what the trackers of an instance make of it: its effective priority, and faults that force it into FAULT.
     * Holds until the next call. An unknown instance is ignored, for a reload may have removed it meanwhile.
     *
     * @param instance the instance's name
     * @param now the outcome
     */
    public CompletableFuture<Void> track(String instance, EffectivePriority now) {
        throw new UnsupportedOperationException();
    }

    /** Every instance as it is now, in the order of the configuration. */
    public CompletableFuture<List<InstanceStatus>> status() {
        throw new UnsupportedOperationException();
    }

    /** Refused datagrams that belong to no instance (unknown virtual router id, broken header), by interface. */
    public CompletableFuture<Map<String, Map<RejectReason, Long>>> rejectedByInterface() {
        throw new UnsupportedOperationException();
    }

    /** Every MASTER resigns with priority 0, all addresses are released, all sockets closed. Later calls do nothing. */
    public CompletableFuture<Void> stop() {
        throw new UnsupportedOperationException();
    }

    /** {@link #stop()}, waiting for it. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
