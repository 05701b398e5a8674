package dev.holdfast.agent.notify;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.List;

/**
 * What a hook is told.
 *
 * @param instance the instance's name
 * @param state the state it entered
 * @param priority its effective priority then
 */
public record NotifyEvent(String instance, State state, int priority) {
    /** The states as hooks know them: an instance that goes back to INIT has stopped. */
    public enum State {
        MASTER,
        BACKUP,
        FAULT,
        STOP;

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

    /** The arguments that are appended to a hook's own, the same as keepalived's. */
    List<String> arguments() {
        return List.of("INSTANCE", instance, state.name(), Integer.toString(priority));
    }
}
