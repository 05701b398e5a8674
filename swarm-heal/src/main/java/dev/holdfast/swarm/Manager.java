package dev.holdfast.swarm;

import org.jspecify.annotations.Nullable;

/**
 * A manager of the swarm, as far as it is known.
 *
 * @param id the Swarm's node id
 * @param hostname empty if not known (an engine without a leader knows only ids and addresses)
 * @param endpoint where it speaks raft; null if the engine does not say
 * @param reachability the leader's word ({@code reachable}, {@code unreachable}, {@code unknown}), empty without a leader
 * @param leader whether it is the leader
 */
public record Manager(String id, String hostname, @Nullable Endpoint endpoint, String reachability, boolean leader) {

    /** {@return a short name for people: host name and address, or what there is of them} */
    public String displayName() {
        String name = hostname.isEmpty() ? id : hostname;
        return endpoint == null ? name : name + " (" + endpoint + ")";
    }
}
