package dev.holdfast.vrrp.policy;

import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.List;

/**
 * Virtual routers that move together, as keepalived's {@code vrrp_sync_group}: typically the inner and the outer address of
 * one gateway, of which neither is of use alone.
 * <ul>
 *   <li>A fault of one member is a FAULT of all; when the last fault is mended, all listen first.
 *   <li>A member leaves MASTER: all leave it. The others resign, because on their links nobody has been heard who follows.
 *   <li>The group becomes MASTER when each member would: none of them hears a MASTER that it obeys. One that still hears
 *       such a MASTER holds all back: what belongs together is not torn apart, and two hosts whose links fail in different
 *       places don't take the role from each other in turns. The price: where a MASTER is lost on one link alone, and its
 *       own group does not notice, nobody follows it there.
 *   <li>The members hand over together; one that nobody follows in time leaves MASTER all the same when another was followed.
 *   <li>A member that joins a group that is MASTER (after a reload) listens first, and doesn't pull the others down.
 * </ul>
 * Give the members of one host the same priority: hosts of which each outranks the other in one member can only agree that
 * the one that is MASTER stays it.
 *
 * <p>Not for more than one thread, and no caller of the routers: after each event of a member comes one {@link #settle}.
 */
public final class SyncGroup {
    private final String name;
    private final List<VirtualRouter> members;
    private final boolean[] wasMaster;

    /**
     * Joins the routers, which stay in the state they are in.
     *
     * @param name for logs and hooks
     * @param members one at least; each in this group alone
     */
    public SyncGroup(String name, List<VirtualRouter> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("the sync group " + name + " needs at least one member");
        }
        this.name = name;
        this.members = List.copyOf(members);
        this.wasMaster = new boolean[members.size()];
        members.forEach(VirtualRouter::joinGroup);
        rememberMasters();
    }

    /** What the configuration calls it. */
    public String name() {
        return name;
    }

    /**
     * The state of the whole, as hooks are told it: FAULT and INIT if one member is in it, MASTER if all are, else BACKUP.
     * Asking does not allocate.
     */
    public VrrpState state() {
        if (isAny(VrrpState.FAULT)) {
            return VrrpState.FAULT;
        }
        if (isAny(VrrpState.INIT)) {
            return VrrpState.INIT;
        }
        return isAny(VrrpState.BACKUP) ? VrrpState.BACKUP : VrrpState.MASTER;
    }

    /**
     * Compares what the members are with what they should be, and makes it so. To be called after each event of a member,
     * with the same time, before the next event of any; without need it does nothing, and it does not allocate.
     */
    public void settle(long now) {
        boolean faulty = false;
        boolean left = false;
        for (int i = 0; i < wasMaster.length; i++) {
            faulty |= members.get(i).hasFault();
            left |= wasMaster[i] && members.get(i).state() != VrrpState.MASTER;
        }
        for (int i = 0; i < wasMaster.length; i++) {
            members.get(i).groupFaultChanged(now, faulty);
        }
        if (left) {
            for (int i = 0; i < wasMaster.length; i++) {
                members.get(i).becomeBackup(now);
            }
        }
        if (allCanBeMaster()) {
            for (int i = 0; i < wasMaster.length; i++) {
                members.get(i).becomeMaster(now);
            }
        }
        rememberMasters();
    }

    /** An operator gives the role to another host: all members hand over. A {@link #settle} follows. */
    public void handOver(long now) {
        members.forEach(member -> member.handOver(now));
    }

    /** Dissolves the group; the members go on alone. */
    public void dissolve(long now) {
        members.forEach(member -> member.leaveGroup(now));
    }

    private boolean allCanBeMaster() {
        for (int i = 0; i < wasMaster.length; i++) {
            VirtualRouter member = members.get(i);
            if (member.state() != VrrpState.MASTER && !member.isReady()) {
                return false;
            }
        }
        return true;
    }

    private boolean isAny(VrrpState state) {
        for (int i = 0; i < wasMaster.length; i++) {
            if (members.get(i).state() == state) {
                return true;
            }
        }
        return false;
    }

    private void rememberMasters() {
        for (int i = 0; i < wasMaster.length; i++) {
            wasMaster[i] = members.get(i).state() == VrrpState.MASTER;
        }
    }
}
