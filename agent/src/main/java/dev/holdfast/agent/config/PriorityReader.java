package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.WarningReason;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads an instance's priority: one for this host, or one for each node, so that all nodes can have the same file. */
final class PriorityReader {
    private static final int LEAST = 1;
    private static final int GREATEST = 255;
    private static final int DEFAULT = 100;

    private final Report report;
    private final String node;

    /** @param node what this node is called */
    PriorityReader(Report report, String node) {
        this.report = report;
        this.node = node;
    }

    /** {@return this node's priority, 1..255} */
    int read(Section instance) {
        int general = instance.integer("priority", LEAST, GREATEST, DEFAULT);
        Section all = instance.section("priorities");
        Map<String, Integer> byNode = new TreeMap<>();
        for (String name : all.keys()) {
            byNode.put(name, all.integer(name, LEAST, GREATEST, general));
        }
        if (byNode.isEmpty()) {
            return general;
        }
        if (Set.copyOf(byNode.values()).size() < byNode.size()) {
            report.warn(
                    WarningReason.EQUAL_PRIORITIES,
                    instance.path("priorities"),
                    "two nodes have the same priority; which of them is MASTER then depends on their addresses");
        }
        if (!byNode.containsKey(node)) {
            report.warn(
                    WarningReason.NODE_WITHOUT_PRIORITY,
                    instance.path("priorities"),
                    "this node, " + node + ", is none of " + String.join(", ", byNode.keySet()) + "; its priority is "
                            + general);
        }
        return byNode.getOrDefault(node, general);
    }
}
