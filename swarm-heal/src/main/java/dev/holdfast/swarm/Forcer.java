package dev.holdfast.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a force call: puts on record what it will destroy, passes every gate once more, calls, and judges by what became of the
 * node. Used by the healer's thread alone.
 */
final class Forcer {

    private static final Duration VERIFY_POLL = Duration.ofSeconds(1);

    private final HealPorts ports;
    private final HealClock clock;
    private final StateStore store;
    private final Lookout lookout;
    private final Chronicle chronicle;
    private final BooleanSupplier closed;

    Forcer(HealPorts ports, StateStore store, Lookout lookout, Chronicle chronicle, BooleanSupplier closed) {
        this.ports = ports;
        this.clock = ports.clock();
        this.store = store;
        this.lookout = lookout;
        this.chronicle = chronicle;
        this.closed = closed;
    }

    /** What a force needs beyond open gates. */
    interface Permit {

        /** Asks for it, some seconds at most; {@return null if it is there, or else why not} */
        @Nullable
        HealPlan ask(String nodeId);

        /** Uses it up, right before the call; {@return null, or else why the engine must not be called} */
        @Nullable
        HealRefusal begin(String nodeId);
    }

    /**
     * What must hold until the call.
     *
     * @param config under which it was decided
     * @param current the configuration now
     * @param decide looks, asks and decides anew
     * @param permit what it needs besides
     * @param lost whether this host has lost what entitled it
     * @param go hears of the plan right before the call
     */
    record Terms(
            SwarmConfig config,
            Supplier<SwarmConfig> current,
            Supplier<HealPlan> decide,
            Permit permit,
            BooleanSupplier lost,
            Consumer<HealPlan> go) {}

    /** {@return null if the engine was called, or else the plan that stopped it} */
    @Nullable
    HealPlan force(Terms terms) {
        SwarmSnapshot seen = lookout.snapshot();
        if (!chronicle.isLoaded() || seen == null) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, "the journal cannot be read");
        }
        KnownManagers before = lookout.managersBefore(seen);
        try {
            before.write(store, KnownManagers.FILE_BEFORE_HEAL, clock.now());
        } catch (IOException e) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, e.toString());
        }
        HealPlan denied = terms.permit().ask(seen.nodeId());
        if (denied != null) {
            return denied;
        }
        // Everything once more, right before the call: what was true a round ago may have ended.
        HealPlan again = terms.decide().get();
        if (!(again instanceof HealPlan.Force go)) {
            return again;
        }
        SwarmSnapshot now = lookout.snapshot();
        if (now == null || !now.nodeId().equals(seen.nodeId())) {
            return new HealPlan.Wait(HealReason.FIRST_LOOK, "the node has just changed", clock.nanos());
        }
        if (!terms.config().equals(terms.current().get())) {
            // The next round decides under the new configuration.
            return new HealPlan.Wait(HealReason.FIRST_LOOK, "the configuration has just changed", clock.nanos());
        }
        if (terms.lost().getAsBoolean()) {
            return new HealPlan.Refuse(HealRefusal.MASTERSHIP_LOST, "before the call");
        }
        String id = UUID.randomUUID().toString();
        SwarmGateway.ForceRequest request = request(go.advertiseAddress(), seen.nodeId());
        try {
            chronicle.require(journal -> journal.attempt(id, request, go, before.managers()));
        } catch (IOException e) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, e.toString());
        }
        if (terms.lost().getAsBoolean()) {
            chronicle.record(journal -> journal.cancelled(id, "no longer MASTER"));
            return new HealPlan.Refuse(HealRefusal.MASTERSHIP_LOST, "right before the call");
        }
        HealRefusal late = terms.permit().begin(seen.nodeId());
        if (late != null) {
            chronicle.record(journal -> journal.cancelled(id, late.text()));
            return new HealPlan.Refuse(late, "right before the call");
        }
        terms.go().accept(go);
        call(terms.config().heal(), id, request);
        return null;
    }

    private void call(HealConfig heal, String id, SwarmGateway.ForceRequest request) {
        String answer;
        try {
            answer = describe(ports.gateway().forceNewCluster(request));
        } catch (RuntimeException e) {
            answer = "the call failed: " + e;
        }
        boolean leads = verify();
        // The call has changed the node, whatever it answered: the hold begins anew.
        lookout.breakHere(clock.nanos());
        int failures = chronicle.attempts().failuresInARow() + 1;
        long pause = leads ? 0 : pauseAfter(failures, heal, ports.random());
        SwarmSnapshot seen = lookout.snapshot();
        String detail = answer + "; afterwards: " + (seen == null ? "unknown" : seen.state() + ", " + seen.detail());
        chronicle.forced(id, leads ? ForceResult.SUCCESS : ForceResult.FAILURE, pause, detail);
    }

    /** The answer proves nothing: a force that succeeded can report an error. Only the state does. */
    private boolean verify() {
        long deadline = clock.nanos() + SwarmHealer.VERIFY_WITHIN.toNanos();
        while (true) {
            lookout.look();
            SwarmSnapshot seen = lookout.snapshot();
            if (seen != null && seen.selfIsLeader()) {
                return true;
            }
            if (deadline - clock.nanos() <= 0 || closed.getAsBoolean()) {
                return false;
            }
            try {
                clock.sleep(VERIFY_POLL.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private SwarmGateway.ForceRequest request(InetAddress advertise, String nodeId) {
        ClusterFacts cluster = lookout.cluster();
        return new SwarmGateway.ForceRequest(
                advertise, lookout.raftPort(nodeId), cluster == null ? 0 : cluster.dataPathPort());
    }

    /** Between the minimum and the doubled pause of the time before, at random, so that two hosts never keep in step. */
    private static long pauseAfter(int failures, HealConfig heal, RandomGenerator random) {
        long min = heal.backoffMin().toNanos();
        long max = heal.backoffMax().toNanos();
        long bound = min;
        for (int i = 0; i < failures && bound < max; i++) {
            bound = bound > max / 2 ? max : bound * 2;
        }
        return min + (bound > min ? random.nextLong(bound - min + 1) : 0);
    }

    private static String describe(ApiReply<String> reply) {
        return switch (reply) {
            case ApiReply.Ok<String> ok -> "the engine answered " + ok.value();
            case ApiReply.Refused<String>(int code, String message) -> "the engine answered " + code + ": " + message;
            case ApiReply.Failed<String>(EngineFault fault, String detail) -> fault.label() + ": " + detail;
            case ApiReply.NotAsked<String>() -> "not asked";
        };
    }
}
