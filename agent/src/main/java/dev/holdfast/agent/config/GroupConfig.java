package dev.holdfast.agent.config;

import java.util.List;

/**
 * A sync group: instances that are MASTER together or not at all.
 *
 * @param name unique among the groups
 * @param members names of instances, one at least; each is in one group at most
 * @param track what each member tracks besides its own
 * @param hooks the programs that the group's transitions start
 */
public record GroupConfig(String name, List<String> members, TrackConfig track, NotifyConfig hooks) {
    public GroupConfig {
        members = List.copyOf(members);
    }
}
