package dev.holdfast.vrrp.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The sync groups of this host, through reloads. For the event loop alone. */
final class SyncGroups {
    private final SafeListener listener;
    private final Map<String, RunningGroup> running = new LinkedHashMap<>();

    SyncGroups(SafeListener listener) {
        this.listener = listener;
    }

    /**
     * Makes the groups what the list says, after the instances are. Members of a group that stays as it is do not notice;
     * who changes the group keeps state and addresses, and who is in none any more goes on alone.
     */
    void form(List<GroupSpec> wanted, Map<String, Instance> instances) {
        Map<String, RunningGroup> before = new LinkedHashMap<>(running);
        running.clear();
        Set<Instance> grouped = new HashSet<>();
        for (GroupSpec spec : wanted) {
            List<Instance> members = new ArrayList<>();
            spec.members().forEach(member -> members.add(Objects.requireNonNull(instances.get(member), member)));
            RunningGroup old = before.remove(spec.name());
            running.put(
                    spec.name(),
                    old != null && old.consistsOf(members)
                            ? old
                            : new RunningGroup(listener, spec.name(), members, old));
            grouped.addAll(members);
        }
        for (Instance instance : instances.values()) {
            if (!grouped.contains(instance)) {
                instance.leaveGroup();
            }
        }
        before.values().forEach(RunningGroup::ended);
        long now = EngineLoop.now();
        running.values().forEach(group -> group.settle(now));
    }

    /** All instances are about to stop, each by itself. */
    void takeApart() {
        running.values().forEach(RunningGroup::takeApart);
    }

    /** All instances have stopped. */
    void ended() {
        running.values().forEach(RunningGroup::ended);
        running.clear();
    }

    List<GroupStatus> status() {
        return running.values().stream().map(RunningGroup::status).toList();
    }
}
