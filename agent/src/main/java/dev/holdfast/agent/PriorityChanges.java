package dev.holdfast.agent;

import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.agent.notify.NotifyEvent;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log of changed priorities, and the event streams where it is wanted, as keepalived's notify_priority_changes. */
final class PriorityChanges {
    private static final Logger LOG = LoggerFactory.getLogger(PriorityChanges.class);

    private final Function<String, VrrpState> states;
    private final Consumer<NotifyEvent> stream;
    private final Map<String, Integer> last = new HashMap<>();

    /**
     * Nothing has been reckoned yet.
     *
     * @param states an instance's state
     * @param stream takes the events
     */
    PriorityChanges(Function<String, VrrpState> states, Consumer<NotifyEvent> stream) {
        this.states = states;
        this.stream = stream;
    }

    /** What the trackers make of an instance's priority, the same as before or another. */
    synchronized void reckoned(VrrpConfig config, String name, int priority) {
        config.instance(name).ifPresent(instance -> {
            Integer before = last.put(name, priority);
            int old = before == null ? instance.spec().priority() : before;
            if (old != priority) {
                LOG.info("({}) Changing effective priority from {} to {}", name, old, priority);
            }
            VrrpState state = states.apply(name);
            boolean takesPart = state == VrrpState.MASTER || state == VrrpState.BACKUP;
            if (old != priority && takesPart && instance.hooks().priorityChanges()) {
                stream.accept(new NotifyEvent(
                        name,
                        state == VrrpState.MASTER
                                ? NotifyEvent.State.MASTER_PRIORITY
                                : NotifyEvent.State.BACKUP_PRIORITY,
                        priority));
            }
        });
    }
}
