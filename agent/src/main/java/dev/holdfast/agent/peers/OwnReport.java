package dev.holdfast.agent.peers;

import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What this agent tells the others of itself. */
public final class OwnReport {
    private OwnReport() {}

    /**
     * Puts the report together.
     *
     * @param node this agent's name
     * @param status empty if it does not watch a Swarm
     * @param look empty before the first
     * @param nowNanos on the healer's clock
     */
    public static AgentReport of(
            String node,
            boolean master,
            Optional<HealStatus> status,
            Optional<SwarmHealer.Look> look,
            Lineage lineage,
            long nowNanos) {
        if (look.isEmpty()) {
            return new AgentReport(node, master, null, 0, "", "", "", "", lineage, false);
        }
        SwarmSnapshot seen = look.get().snapshot();
        long watched = seen.observedNanos() - look.get().stateSinceNanos();
        // An engine that hangs has no state that the others may reckon with.
        boolean fresh = nowNanos - seen.observedNanos() <= HealPolicy.MAX_AGE.toNanos();
        @Nullable SwarmState state = fresh ? seen.state() : null;
        return new AgentReport(
                node,
                master,
                state,
                fresh ? Math.max(0, TimeUnit.NANOSECONDS.toMillis(watched)) : 0,
                seen.nodeId(),
                seen.nodeAddress(),
                status.map(HealStatus::clusterId).orElse(""),
                fresh ? seen.leader().map(Manager::id).orElse("") : "",
                lineage,
                look.get().everInSwarm());
    }
}
