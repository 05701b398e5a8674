package dev.holdfast.agent.notify;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.List;

/**
 * What hooks and event streams are told.
 *
 * @param kind whose event it is
 * @param name the instance's name, or the sync group's
 * @param state the state it entered
 * @param priority its effective priority then; 0 for a group, as in keepalived
 */
public record NotifyEvent(Kind kind, String name, State state, int priority) {
    /** Whose events there are, in keepalived's words. */
    public enum Kind {
        INSTANCE,
        GROUP
    }

    /**
     * The states as hooks know them: an instance that goes back to INIT has stopped. The last two are no transitions; only
     * the streams tell of them.
     */
    public enum State {
        MASTER,
        BACKUP,
        FAULT,
        STOP,
        /** A MASTER has another effective priority now. */
        MASTER_PRIORITY,
        /** A BACKUP has another effective priority now. */
        BACKUP_PRIORITY;

        /** Whether the state is another one than before. */
        public boolean isTransition() {
            return this != MASTER_PRIORITY && this != BACKUP_PRIORITY;
        }

        /** The hooks' word for a state of the protocol. */
        public static State of(VrrpState state) {
            return switch (state) {
                case MASTER -> MASTER;
                case BACKUP -> BACKUP;
                case FAULT -> FAULT;
                case INIT -> STOP;
            };
        }
    }

    /** Of an instance. */
    public NotifyEvent(String instance, State state, int priority) {
        this(Kind.INSTANCE, instance, state, priority);
    }

    /** A sync group entered a state. */
    public static NotifyEvent ofGroup(String group, VrrpState state) {
        return new NotifyEvent(Kind.GROUP, group, State.of(state), 0);
    }

    /** Whose event it is, in one word for an instance; a group may have the same name as an instance. */
    public String subject() {
        return kind == Kind.INSTANCE ? name : groupSubject(name);
    }

    /** The {@link #subject} of a group's events; no instance has a blank in its name. */
    public static String groupSubject(String group) {
        return "group " + group;
    }

    /** The arguments that are appended to a hook's own, the same as keepalived's. */
    List<String> arguments() {
        return List.of(kind.name(), name, state.name(), Integer.toString(priority));
    }
}
