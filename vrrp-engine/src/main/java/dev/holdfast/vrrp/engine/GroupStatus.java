package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.time.Instant;
import java.util.List;

/**
 * One sync group at one moment.
 *
 * @param name its name
 * @param members the names of its instances
 * @param state of the whole: FAULT and INIT if one member is in it, MASTER if all are, else BACKUP
 * @param since when it entered that state (wall clock)
 */
public record GroupStatus(String name, List<String> members, VrrpState state, Instant since) {
    public GroupStatus {
        members = List.copyOf(members);
    }
}
