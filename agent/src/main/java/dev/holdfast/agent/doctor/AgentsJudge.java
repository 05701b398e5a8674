package dev.holdfast.agent.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds the agents against each other, as {@code status --all} tells of them. */
final class AgentsJudge {
    /** HTTP's dates have whole seconds, and the answer may take two. */
    private static final long TOLERATED_SKEW_SECONDS = 5;

    private AgentsJudge() {}

    private record Member(String node, String state, int priority) {}

    /**
     * What is wrong between them.
     *
     * @param all an object with {@code agents}, each with a {@code status} or an {@code error}
     * @param setting how a key of a node's configuration is set
     */
    static List<Finding> judge(JsonNode all, Setting setting) {
        Map<String, List<Member>> routers = new TreeMap<>();
        List<Finding> findings = new ArrayList<>();
        for (JsonNode agent : all.path("agents")) {
            JsonNode status = agent.path("status");
            String node = status.path("node").asText();
            for (JsonNode instance : status.path("instances")) {
                String router = instance.path("name").asText() + " (virtual router id "
                        + instance.path("vrid").asText() + ", "
                        + instance.path("family").asText() + ")";
                routers.computeIfAbsent(router, _ -> new ArrayList<>())
                        .add(new Member(
                                node,
                                instance.path("state").asText(),
                                instance.path("priority").asInt()));
            }
            long skew = agent.path("clockSkewSeconds").asLong();
            if (Math.abs(skew) > TOLERATED_SKEW_SECONDS) {
                findings.add(new Finding(
                        Complaint.CLOCK_SKEW,
                        node,
                        "the clock of " + node + " is " + Math.abs(skew) + " s " + (skew > 0 ? "ahead of" : "behind")
                                + " this host's",
                        "timedatectl set-ntp true   # on both hosts"));
            }
        }
        routers.forEach((router, members) -> router(router, members, setting, findings));
        return findings;
    }

    private static void router(String router, List<Member> members, Setting setting, List<Finding> findings) {
        String instance = router.substring(0, router.indexOf(" (virtual"));
        List<String> masters = members.stream()
                .filter(member -> member.state().equals("MASTER"))
                .map(Member::node)
                .toList();
        if (masters.size() > 1) {
            findings.add(new Finding(
                    Complaint.TWO_MASTERS,
                    instance,
                    router + ": " + String.join(" and ", masters)
                            + " are MASTER at the same time; they don't hear each other",
                    "holdfast doctor   # on each of them: look for a firewall, different passwords or a cut network"));
        }
        Map<Integer, List<Member>> byPriority =
                members.stream().collect(Collectors.groupingBy(Member::priority, TreeMap::new, Collectors.toList()));
        byPriority.forEach((priority, same) -> {
            if (same.size() > 1) {
                String last = same.getLast().node();
                findings.add(new Finding(
                        Complaint.DUPLICATE_PRIORITY,
                        instance,
                        router + ": " + same.stream().map(Member::node).collect(Collectors.joining(" and "))
                                + " have the same priority, " + priority,
                        setting.command(
                                        instance,
                                        "priorities." + Setting.quoted(last),
                                        free(byPriority.keySet(), priority))
                                + "   # on " + last));
            }
        });
    }

    private static int free(Set<Integer> taken, int near) {
        Function<Integer, Integer> next = candidate -> candidate > 1 ? candidate - 1 : 254;
        int candidate = next.apply(near);
        while (taken.contains(candidate)) {
            candidate = next.apply(candidate);
        }
        return candidate;
    }
}
