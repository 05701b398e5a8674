package dev.holdfast.agent.config;

import dev.holdfast.agent.config.Section.Placed;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Suggestions;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the sync groups, and holds them against the instances and each other. */
final class GroupReader {
    private static final String MEMBERS_FORM = "a list of the names of instances, at least one";

    private final Report report;
    private final Map<String, InstanceConfig> instances = new LinkedHashMap<>();
    private final Map<String, String> groupOf = new LinkedHashMap<>();

    GroupReader(Report report, List<InstanceConfig> instances) {
        this.report = report;
        instances.forEach(instance -> this.instances.put(instance.name(), instance));
    }

    /**
     * Reads {@code groups}.
     *
     * @param tracks reads what a group tracks
     * @param hooks reads the programs it starts
     */
    List<GroupConfig> groups(
            Section vrrp, Function<Section, TrackConfig> tracks, Function<Section, NotifyConfig> hooks) {
        List<GroupConfig> groups = new ArrayList<>();
        for (Section.Named named : vrrp.named("groups")) {
            Section section = named.section();
            Names.check(report, section.path(), named.name());
            List<String> members = members(named.name(), section);
            TrackConfig track = tracks.apply(section.section("track"));
            NotifyConfig notify = hooks.apply(section.section("notify"))
                    .withPriorityChanges(section.bool("notify-priority-changes", false));
            section.finish();
            groups.add(new GroupConfig(named.name(), members, track, notify));
        }
        return groups;
    }

    private List<String> members(String group, Section section) {
        section.requirePresent("members", MEMBERS_FORM);
        if (section.isEmptyList("members")) {
            report.fault(FaultReason.OUT_OF_RANGE, section.path("members"), "[]", MEMBERS_FORM);
        }
        List<String> members = new ArrayList<>();
        for (Placed<String> member : section.list("members", MEMBERS_FORM, text -> text)) {
            String name = member.value();
            if (!instances.containsKey(name)) {
                String known = instances.isEmpty() ? "there is none" : String.join(", ", instances.keySet());
                report.fault(
                        FaultReason.DANGLING_REFERENCE,
                        member.path(),
                        name,
                        "the name of an instance under holdfast.vrrp.instances (" + known + ")"
                                + Suggestions.closest(name, instances.keySet())
                                        .map(meant -> "; did you mean " + meant + "?")
                                        .orElse(""));
                continue;
            }
            String other = groupOf.putIfAbsent(name, group);
            if (other != null) {
                report.fault(
                        FaultReason.DUPLICATE, member.path(), name, "each instance in one group; it is in " + other);
                continue;
            }
            members.add(name);
        }
        comparePriorities(section, members);
        return members;
    }

    private void comparePriorities(Section section, List<String> members) {
        long priorities = members.stream()
                .map(instances::get)
                .map(member -> member == null ? 0 : member.spec().priority())
                .distinct()
                .count();
        if (priorities > 1) {
            report.warn(
                    WarningReason.GROUP_PRIORITIES,
                    section.path("members"),
                    "the members have different priorities; where each of two hosts outranks the other in one member,"
                            + " the one that is MASTER stays it");
        }
    }
}
