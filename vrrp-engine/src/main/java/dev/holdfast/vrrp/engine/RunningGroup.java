package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.SyncGroup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sync group of running instances: after each event of one member, the others follow. For the event loop alone. */
final class RunningGroup {
    private final SafeListener listener;
    private final List<Instance> members;
    private final SyncGroup sync;
    private VrrpState told;
    private Instant since;
    private boolean apart;

    /**
     * Joins instances; what they do from now on is done together.
     *
     * @param before what the group of this name was like until now, so that a reload is no transition; null if there was
     *     none
     */
    RunningGroup(SafeListener listener, String name, List<Instance> members, @Nullable RunningGroup before) {
        this.listener = listener;
        this.members = List.copyOf(members);
        this.sync = new SyncGroup(name, members.stream().map(Instance::router).toList());
        this.told = before == null ? VrrpState.INIT : before.told;
        this.since = before == null ? Instant.now() : before.since;
        this.members.forEach(member -> member.joined(this));
    }

    List<Instance> members() {
        return members;
    }

    boolean consistsOf(List<Instance> others) {
        return !apart && members.equals(others);
    }

    /** One of the members leaves this host; its stop must not move the others. Final: those who stay form another group. */
    void takeApart() {
        apart = true;
    }

    /** Something happened to a member. Allocates nothing unless the group's state changes. */
    void settle(long now) {
        if (apart) {
            return;
        }
        // By index: an iterator would be garbage for each packet.
        for (int i = 0; i < members.size(); i++) {
            members.get(i).groupActs(now);
        }
        try {
            sync.settle(now);
        } finally {
            for (int i = 0; i < members.size(); i++) {
                members.get(i).groupActed();
            }
        }
        tell(sync.state());
    }

    /** Hears what others said meanwhile on the links of all members, before anybody is judged silent. */
    void drain() {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).drainPort();
        }
    }

    /** The group is no more. */
    void ended() {
        takeApart();
        tell(VrrpState.INIT);
    }

    private void tell(VrrpState state) {
        if (state != told) {
            VrrpState from = told;
            told = state;
            since = Instant.now();
            listener.groupChanged(sync.name(), from, state);
        }
    }

    GroupStatus status() {
        return new GroupStatus(
                sync.name(),
                members.stream().map(member -> member.spec().name()).toList(),
                told,
                since);
    }
}
