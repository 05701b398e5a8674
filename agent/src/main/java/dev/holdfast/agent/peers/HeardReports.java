package dev.holdfast.agent.peers;

import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Peers.Heard;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The latest report of each agent. */
final class HeardReports {
    /** More agents than any cluster has: whoever has the secret could make up names without end. */
    private static final int MOST = 256;

    private final SortedMap<String, Heard> reports = new TreeMap<>();

    synchronized void hear(AgentReport report) {
        if (reports.containsKey(report.agent()) || reports.size() < MOST) {
            reports.put(report.agent(), new Heard(report, System.nanoTime()));
        }
    }

    synchronized List<Heard> all() {
        return List.copyOf(reports.values());
    }
}
