package dev.holdfast.agent.config;

import java.util.List;

/**
 * The hooks of an instance. On a transition those of the new state run first, then those for any state.
 *
 * @param any started on every transition
 * @param master started on becoming MASTER
 * @param backup started on becoming BACKUP
 * @param fault started on entering FAULT
 * @param stop started when the instance is stopped
 * @param priorityChanges whether the event streams tell of changes of the effective priority too
 */
public record NotifyConfig(
        List<Command> any,
        List<Command> master,
        List<Command> backup,
        List<Command> fault,
        List<Command> stop,
        boolean priorityChanges) {
    /** Starts nothing. */
    public static final NotifyConfig NONE = new NotifyConfig(List.of(), List.of(), List.of(), List.of(), List.of());

    public NotifyConfig {
        any = List.copyOf(any);
        master = List.copyOf(master);
        backup = List.copyOf(backup);
        fault = List.copyOf(fault);
        stop = List.copyOf(stop);
    }

    /** Of transitions alone. */
    public NotifyConfig(
            List<Command> any, List<Command> master, List<Command> backup, List<Command> fault, List<Command> stop) {
        this(any, master, backup, fault, stop, false);
    }

    /** The same hooks, and whether changes of the priority are told. */
    public NotifyConfig withPriorityChanges(boolean told) {
        return new NotifyConfig(any, master, backup, fault, stop, told);
    }
}
