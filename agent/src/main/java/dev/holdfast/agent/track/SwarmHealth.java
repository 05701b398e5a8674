package dev.holdfast.agent.track;

import dev.holdfast.agent.config.SwarmTracking;
import dev.holdfast.agent.config.SwarmTracking.Condition;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What one look at the Swarm says of this host. Pure but for the ports it asks about.
 *
 * <p><b>Never in the way of healing.</b> Only a MASTER heals, so nothing that a lost quorum brings with it may put all hosts into
 * FAULT: a node that the last leader called down, and a port whose service can't be moved any more. So while the engine says
 * that there is no leader, Docker itself is all that counts; what was held against the host before is forgotten. Nor in the way of a
 * bootstrap, which needs a MASTER too: before its first Swarm a host is well.
 *
 * <p><b>Unknown changes nothing.</b> An election, a manager on its way up, a socket that this process may not use.
 */
final class SwarmHealth {
    private SwarmHealth() {}

    /**
     * Whether the Swarm is well here.
     *
     * @param answers whether a port of this host accepts a connection; asked only where it matters
     * @return empty if nothing can be said
     */
    static Optional<Reading> health(SwarmLooks.Look look, SwarmTracking tracking, IntPredicate answers) {
        SwarmSnapshot seen = look.snapshot();
        if (look.beforeFirstSwarm()) {
            return good("before its first Swarm, which the MASTER makes");
        }
        return switch (seen.state()) {
            case STARTING, ELECTING -> Optional.empty();
            case DOCKER_DOWN -> {
                EngineFault fault = seen.fault();
                // Refused and not understood are answers too: the engine runs.
                boolean down = fault == EngineFault.NOT_RUNNING || fault == EngineFault.NO_ANSWER;
                yield down && tracking.require().contains(Condition.DOCKER) ? bad(seen.detail()) : Optional.empty();
            }
            case INACTIVE, LOCKED, BROKEN ->
                tracking.require().contains(Condition.READY) ? bad(seen.detail()) : Optional.empty();
            case NO_LEADER ->
                tracking.require().contains(Condition.MANAGER)
                        ? bad("the Swarm has no leader")
                        : good("no leader: only Docker itself counts");
            case WORKER ->
                tracking.require().contains(Condition.MANAGER)
                        ? bad("this node is no manager")
                        : ports(tracking, answers, "worker");
            case HAS_LEADER -> withLeader(seen, tracking, answers);
        };
    }

    private static Optional<Reading> withLeader(SwarmSnapshot seen, SwarmTracking tracking, IntPredicate answers) {
        Optional<SwarmNode> self = seen.self();
        if (self.isEmpty()) {
            return tracking.require().contains(Condition.READY)
                    ? bad("the leader knows no such node")
                    : ports(tracking, answers, "no node");
        }
        SwarmNode node = self.get();
        // After a change of leader every node is "unknown" for a while: that is not dead.
        boolean lost = node.state().equals("down") || node.state().equals("disconnected");
        if (lost && tracking.require().contains(Condition.READY)) {
            return bad("node " + node.state());
        }
        if (node.availability().equals("drain") && tracking.require().contains(Condition.NOT_DRAINED)) {
            return bad("node drained");
        }
        return ports(tracking, answers, "node " + node.state() + ", " + node.availability());
    }

    private static Optional<Reading> ports(SwarmTracking tracking, IntPredicate answers, String detail) {
        for (int port : tracking.ports()) {
            if (!answers.test(port)) {
                return bad("tcp:" + port + " does not answer");
            }
        }
        return good(detail);
    }

    /** Whether this host leads the Swarm; empty if nothing can be said. */
    static Optional<Reading> leader(SwarmSnapshot seen) {
        return switch (seen.state()) {
            // The one that led last keeps the address until there is another.
            case STARTING, ELECTING, NO_LEADER -> Optional.empty();
            case DOCKER_DOWN, INACTIVE, LOCKED, WORKER, BROKEN, HAS_LEADER ->
                seen.state() == SwarmState.HAS_LEADER && seen.leader().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Reading.of(
                                seen.selfIsLeader(),
                                seen.selfIsLeader() ? "leads the Swarm" : "does not lead the Swarm"));
        };
    }

    private static Optional<Reading> good(String detail) {
        return Optional.of(Reading.of(true, detail));
    }

    private static Optional<Reading> bad(String detail) {
        return Optional.of(Reading.of(false, detail));
    }
}
