package dev.holdfast.vrrp.engine;

import java.util.List;

/**
 * A sync group as configured: instances that are MASTER together or not at all; see
 * {@link dev.holdfast.vrrp.policy.SyncGroup}.
 *
 * @param name unique among the groups of this host
 * @param members names of instances, one at least; each is in one group at most
 */
public record GroupSpec(String name, List<String> members) {
    public GroupSpec {
        members = List.copyOf(members);
    }
}
