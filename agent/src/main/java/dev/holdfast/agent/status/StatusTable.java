package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The status for people: a table of the instances, what is wrong with them, and the Swarm. */
public final class StatusTable {
    private StatusTable() {}

    /**
     * Lays out what {@link StatusJson} made.
     *
     * @return lines, each ended
     */
    public static String of(JsonNode status) {
        StringBuilder text = new StringBuilder();
        text.append(status.path("node").asText())
                .append(": holdfast ")
                .append(status.path("version").asText())
                .append("\n\n");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("INSTANCE", "STATE", "SINCE", "PRIORITY", "INTERFACE", "VRID", "ADDRESSES", "MASTER"));
        status.path("instances").forEach(instance -> rows.add(row(instance)));
        table(text, rows);
        groups(text, status.path("groups"));
        if (status.path("startsAt").isTextual()) {
            text.append("\nAll instances only listen until ")
                    .append(status.path("startsAt").asText().replaceFirst("\\.\\d+Z$", "Z"))
                    .append(" (startup-delay)\n");
        }
        status.path("instances").forEach(instance -> remarks(text, instance));
        strays(text, status.path("strayRejects"));
        swarm(text, status.path("swarm"));
        text.append(tasks(status.path("managers")));
        peers(text, status.path("peers"));
        return text.toString();
    }

    private static List<String> row(JsonNode instance) {
        String base = instance.path("priority").asText();
        String effective = instance.path("effectivePriority").asText();
        JsonNode master = instance.path("master");
        return List.of(
                instance.path("name").asText(),
                instance.path("state").asText(),
                instance.path("since").asText().replaceFirst("\\.\\d+Z$", "Z"),
                base.equals(effective) ? base : effective + " (of " + base + ")",
                instance.path("interface").asText(),
                instance.path("vrid").asText(),
                join(instance.path("addresses"), " "),
                master.isObject()
                        ? master.path("address").asText() + " ("
                                + master.path("priority").asText() + ")"
                        : "-");
    }

    private static void groups(StringBuilder text, JsonNode groups) {
        if (groups.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("GROUP", "STATE", "SINCE", "MEMBERS"));
        groups.forEach(group -> rows.add(List.of(
                group.path("name").asText(),
                group.path("state").asText(),
                group.path("since").asText().replaceFirst("\\.\\d+Z$", "Z"),
                join(group.path("members"), " "))));
        text.append('\n');
        table(text, rows);
    }

    private static void remarks(StringBuilder text, JsonNode instance) {
        String name = instance.path("name").asText();
        text.append('\n')
                .append(name)
                .append(": ")
                .append(instance.path("reason").asText())
                .append('\n');
        instance.path("faults")
                .forEach(
                        fault -> text.append("  fault: ").append(fault.asText()).append('\n'));
        instance.path("vipConflicts")
                .forEach(conflict -> text.append("  vip conflict: ")
                        .append(conflict.path("address").asText())
                        .append(" is also held by ")
                        .append(conflict.path("mac").asText())
                        .append("; ")
                        .append(conflict.path("advice").asText())
                        .append('\n'));
        String refused = refusals(instance.path("rejected"));
        if (!refused.isEmpty()) {
            text.append("  refused adverts: ").append(refused).append('\n');
        }
        instance.path("trackers").forEach(tracker -> {
            String detail = tracker.path("detail").asText();
            text.append("  ")
                    .append(tracker.path("kind").asText())
                    .append(' ')
                    .append(tracker.path("name").asText())
                    .append(": ")
                    .append(tracker.path("state").asText())
                    .append(detail.isEmpty() ? "" : " (" + detail + ")")
                    .append('\n');
        });
    }

    /** Counts of refused adverts by reason, the answer to why two hosts don't hear each other; nothing if there are none. */
    private static String refusals(JsonNode counts) {
        return counts.properties().stream()
                .filter(entry -> entry.getValue().asLong() > 0)
                .map(entry -> entry.getKey() + " " + entry.getValue().asText())
                .collect(Collectors.joining(", "));
    }

    private static void strays(StringBuilder text, JsonNode interfaces) {
        interfaces.properties().forEach(entry -> {
            String refused = refusals(entry.getValue());
            if (!refused.isEmpty()) {
                text.append('\n')
                        .append(entry.getKey())
                        .append(": refused adverts of no instance here: ")
                        .append(refused)
                        .append('\n');
            }
        });
    }

    private static void swarm(StringBuilder text, JsonNode swarm) {
        if (!swarm.path("enabled").asBoolean()) {
            text.append("\nSwarm: not watched (swarm.enabled is false)\n");
            return;
        }
        text.append("\nSwarm: ")
                .append(swarm.path("state").asText("not looked at yet"))
                .append(suffix(swarm.path("detail").asText()))
                .append('\n');
        text.append("  ").append(HealText.policy(swarm));
        text.append("  now: ")
                .append(swarm.path("plan").asText())
                .append(suffix(swarm.path("explanation").asText()))
                .append(" [")
                .append(swarm.path("reason").asText())
                .append("]\n");
        if (swarm.path("waitingUntil").isTextual()) {
            text.append("  waits until: ")
                    .append(swarm.path("waitingUntil").asText())
                    .append('\n');
        }
        if (swarm.path("leader").isTextual()) {
            text.append("  leader: ").append(swarm.path("leader").asText()).append('\n');
        }
        swarm.path("managers").forEach(manager -> {
            String hostname = manager.path("hostname").asText();
            text.append("  manager: ")
                    .append(hostname.isEmpty() ? manager.path("id").asText() : hostname)
                    .append(suffix(manager.path("endpoint").asText("")))
                    .append(suffix(manager.path("reachability").asText()))
                    .append('\n');
        });
    }

    /** What is done for the managers, a line each; what is as it should be, or nobody asked for, is not told. */
    static String tasks(JsonNode managers) {
        StringBuilder text = new StringBuilder();
        for (JsonNode task : managers.path("tasks")) {
            if (task.path("plan").asText().equals("nothing-to-do")) {
                continue;
            }
            text.append("  ")
                    .append(task.path("task").asText())
                    .append(": ")
                    .append(task.path("plan").asText())
                    .append(suffix(task.path("explanation").asText()))
                    .append(" [")
                    .append(task.path("reason").asText())
                    .append("]\n");
            if (task.path("waitingUntil").isTextual()) {
                text.append("    until: ")
                        .append(task.path("waitingUntil").asText())
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static void peers(StringBuilder text, JsonNode peers) {
        if (!peers.path("enabled").asBoolean()) {
            // Most do without; then there is nothing to tell.
            return;
        }
        text.append("\nPeers: ").append(peers.path("detail").asText());
        int configured = peers.path("configured").asInt();
        text.append(configured == 0 ? "; no agent is named" : "; agents named: " + configured)
                .append('\n');
        if (!peers.path("agents").isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("  AGENT", "ADDRESS", "COUNTS", "HEARD", "VRRP", "SWARM", "CONNECTION"));
            peers.path("agents").forEach(peer -> rows.add(peer(peer)));
            table(text, rows);
        }
        String refused = refusals(peers.path("refused"));
        if (!refused.isEmpty()) {
            text.append("  refused: ").append(refused).append('\n');
        }
    }

    private static List<String> peer(JsonNode peer) {
        JsonNode heard = peer.path("heardSecondsAgo");
        return List.of(
                "  " + orDash(peer.path("name").asText()),
                orDash(peer.path("address").asText()),
                peer.path("counts").asBoolean() ? "yes" : "no",
                heard.isNumber() ? heard.asText() + " s ago" : "never",
                heard.isNumber() ? peer.path("master").asBoolean() ? "MASTER" : "not MASTER" : "-",
                orDash(peer.path("swarmState").asText()),
                peer.path("connected").asBoolean()
                        ? "connected"
                        : peer.path("reason").asText());
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String suffix(String text) {
        return text.isEmpty() ? "" : ", " + text;
    }

    static String join(JsonNode array, String separator) {
        return String.join(
                separator,
                StreamSupport.stream(array.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    /** Lays out rows of the same number of columns. */
    static void table(StringBuilder text, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] width = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(width[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
