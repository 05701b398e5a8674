package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All agents side by side, for people: who holds which address. */
public final class AllTable {
    private AllTable() {}

    /**
     * Lays out what {@code status --all} gathered: {@code agents}, each with an {@code address} and either a {@code status} or an
     * {@code error}.
     *
     * @return lines, each ended
     */
    public static String of(JsonNode all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NODE", "ADDRESS", "INSTANCE", "STATE", "PRIORITY", "HOLDS"));
        Map<String, List<String>> masters = new LinkedHashMap<>();
        boolean silent = false;
        for (JsonNode agent : all.path("agents")) {
            String address = agent.path("address").asText();
            JsonNode status = agent.path("status");
            String node = status.path("node").asText("?");
            if (!status.isObject()) {
                silent = true;
                continue;
            }
            for (JsonNode instance : status.path("instances")) {
                String router = "vrid " + instance.path("vrid").asText() + ", "
                        + StatusTable.join(instance.path("addresses"), " ");
                List<String> holders = masters.computeIfAbsent(router, _ -> new ArrayList<>());
                if (instance.path("state").asText().equals("MASTER")) {
                    holders.add(node + " (" + address + ")");
                }
                String held = StatusTable.join(instance.path("heldAddresses"), " ");
                rows.add(List.of(
                        node,
                        address,
                        instance.path("name").asText(),
                        instance.path("state").asText(),
                        instance.path("effectivePriority").asText(),
                        held.isEmpty() ? "-" : held));
            }
        }
        StringBuilder text = new StringBuilder();
        StatusTable.table(text, rows);
        unreached(text, all);
        boolean allAnswered = !silent;
        masters.forEach((router, holders) -> {
            if (holders.size() > 1) {
                text.append("\n!!! ")
                        .append(holders.size())
                        .append(" hosts are MASTER of ")
                        .append(router)
                        .append(": ")
                        .append(String.join(", ", holders))
                        .append(". They don't hear each other: is IP protocol 112 let through between them?\n");
            } else if (holders.isEmpty()) {
                text.append("\n!!! Nobody ")
                        .append(allAnswered ? "" : "of those that answered ")
                        .append("is MASTER of ")
                        .append(router)
                        .append('\n');
            }
        });
        return text.toString();
    }

    private static void unreached(StringBuilder text, JsonNode all) {
        for (JsonNode agent : all.path("agents")) {
            if (agent.path("error").isTextual()) {
                text.append('\n')
                        .append(agent.path("address").asText())
                        .append(" can't be asked: ")
                        .append(agent.path("error").asText())
                        .append('\n');
            }
        }
        if (all.path("agents").size() < 2) {
            text.append("\nNo other agent is known here: this one has no unicast peers, has heard no other MASTER, and")
                    .append(" its Swarm names no other node. holdfast.peers.agents can name them all\n");
        }
    }
}
