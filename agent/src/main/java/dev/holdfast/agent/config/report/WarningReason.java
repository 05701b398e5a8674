package dev.holdfast.agent.config.report;

/** Why a configuration that is used all the same deserves a second look. */
public enum WarningReason {
    /** A password longer than the eight bytes that go on the wire. */
    PASSWORD_CUT,
    /** An instance that never preempts can't insist on starting as MASTER; it starts as BACKUP. */
    MASTER_WITHOUT_PREEMPT,
    /** {@code priorities} names other nodes, and not this one. */
    NODE_WITHOUT_PRIORITY,
    /** Two nodes have the same priority. */
    EQUAL_PRIORITIES,
    /** Unicast with nobody to talk to: the instance hears nobody and becomes MASTER. */
    NO_PEERS,
    /** No VRRP instance at all. */
    NO_INSTANCES,
    /** A script that no instance tracks is never run. */
    UNUSED_SCRIPT,
    /** A sync group whose members have different priorities. */
    GROUP_PRIORITIES,
    /** A check, file or process that no instance tracks is never looked at. */
    UNUSED_TRACKER,
    /** keepalived.conf: a keyword without a counterpart. */
    NOT_CARRIED_OVER,
    /** keepalived.conf: an {@code include} that means no file. */
    NOT_INCLUDED,
    /** keepalived.conf: a comma after a value, which is dropped. */
    TRAILING_COMMA,
    /** keepalived.conf: a time that the protocol's version can't express. */
    ROUNDED,
    /** keepalived.conf: a keyword given twice; the last one counts. */
    REPEATED,
    /** keepalived.conf: a script that needs a shell, which it gets. */
    SHELL_SCRIPT,
    /** This host has no such network interface at the moment. */
    INTERFACE_MISSING,
    /** This host has no such address at the moment. */
    ADDRESS_MISSING,
    /** This host has no such file. */
    SCRIPT_MISSING,
    /** The file is there and may not be executed. */
    SCRIPT_NOT_EXECUTABLE,
    /** The script re-forms a Swarm by force, which destroys a healthy one while it elects a leader. */
    SCRIPT_FORCES_SWARM,
    /** A key of signed adverts that this process can't read; the agent must. */
    KEY_MISSING,
    /** This host has no such user. */
    USER_MISSING
}
