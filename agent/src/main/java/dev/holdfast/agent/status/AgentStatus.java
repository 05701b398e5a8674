package dev.holdfast.agent.status;

import dev.holdfast.agent.http.HttpRefusal;
import dev.holdfast.agent.notify.NotifyTotals;
import dev.holdfast.agent.track.Contribution;
import dev.holdfast.agent.track.TrackerStatus;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.wire.RejectReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One look at the whole agent.
 *
 * @param node this host's name among the agents
 * @param version the program's version
 * @param instances in the order of the configuration
 * @param vrrp what is true of all of them together, with the sync groups
 * @param strayRejects refused datagrams that belong to no instance, by interface
 * @param trackers every running tracker
 * @param hooks what became of the hooks
 * @param swarm empty if the watch over Swarm is off
 * @param managers what is done for the managers; empty if the watch over Swarm is off
 * @param peers the channel to the other agents
 * @param process the agent's own counters
 * @param timeline what happened lately, the newest first
 */
public record AgentStatus(
        String node,
        String version,
        List<Instance> instances,
        EngineStatus vrrp,
        Map<String, Map<RejectReason, Long>> strayRejects,
        List<TrackerStatus> trackers,
        NotifyTotals hooks,
        Optional<HealStatus> swarm,
        Optional<ManagersStatus> managers,
        PeersStatus peers,
        ProcessCounters process,
        List<Timeline.Entry> timeline) {
    /** Copies the collections. */
    public AgentStatus {
        instances = List.copyOf(instances);
        strayRejects = Map.copyOf(strayRejects);
        trackers = List.copyOf(trackers);
        timeline = List.copyOf(timeline);
    }

    /**
     * One virtual router and what it tracks.
     *
     * @param vrrp what the engine says
     * @param trackers in the order of the configuration
     */
    public record Instance(InstanceStatus vrrp, List<Contribution> trackers) {
        /** Copies the list. */
        public Instance {
            trackers = List.copyOf(trackers);
        }
    }

    /**
     * The agent's own counters since its start.
     *
     * @param reloads configurations taken over
     * @param reloadsRefused configurations that were wrong and changed nothing
     * @param logLinesDropped log lines that nobody read in time
     * @param fifoEventsLost transitions that nobody read from the FIFO in time
     * @param socketEventsLost transitions that a reader of the event socket did not take in time
     * @param httpRefusals HTTP clients that did not get what they asked for, by reason; absent is zero
     */
    public record ProcessCounters(
            long reloads,
            long reloadsRefused,
            long logLinesDropped,
            long fifoEventsLost,
            long socketEventsLost,
            Map<HttpRefusal, Long> httpRefusals) {
        /** Copies the map. */
        public ProcessCounters {
            httpRefusals = Map.copyOf(httpRefusals);
        }
    }
}
