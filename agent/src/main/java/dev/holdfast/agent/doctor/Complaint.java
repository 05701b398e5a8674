package dev.holdfast.agent.doctor;

import java.util.Locale;

/** What {@code holdfast doctor} may find. */
public enum Complaint {
    /** There is no configuration where one is looked for. */
    CONFIGURATION_MISSING(Severity.ERROR),
    /** The configuration holds a password, and others may read it. */
    PASSWORD_READABLE(Severity.ERROR),
    /** A packet filter drops what must pass. */
    FIREWALL_DROPS(Severity.ERROR),
    /** A packet filter may drop it: a condition can't be judged, or holds for some of it alone. */
    FIREWALL_MAY_DROP(Severity.WARNING),
    /** An instance's interface does not exist. */
    INTERFACE_MISSING(Severity.ERROR),
    /** It is set down. */
    INTERFACE_DOWN(Severity.ERROR),
    /** It is up and has no link. */
    NO_CARRIER(Severity.ERROR),
    /** The virtual address is in no network of the interface. */
    NO_ADDRESS_IN_PREFIX(Severity.WARNING),
    /** The interface's own address has another prefix length than the virtual one. */
    PREFIX_MISMATCH(Severity.WARNING),
    /** A setting of the kernel keeps the virtual address from being used. */
    KERNEL_SETTING(Severity.ERROR),
    /** systemd-networkd removes the virtual address whenever it is restarted. */
    NETWORKD_REMOVES_ADDRESS(Severity.WARNING),
    /** Another router uses the same virtual router id on the same link, for other addresses. */
    VRID_IN_USE(Severity.ERROR),
    /** A keepalived on this host runs the same virtual router. */
    KEEPALIVED_BESIDE(Severity.ERROR),
    /** Two hosts are MASTER of one virtual router. */
    TWO_MASTERS(Severity.ERROR),
    /** Two agents have the same priority. */
    DUPLICATE_PRIORITY(Severity.WARNING),
    /** Another agent's clock shows another time. */
    CLOCK_SKEW(Severity.WARNING),
    /** A script or hook is not there. */
    SCRIPT_MISSING(Severity.ERROR),
    /** A script or hook may not be executed. */
    SCRIPT_NOT_EXECUTABLE(Severity.ERROR),
    /** Users other than its owner may change a program that the agent runs. */
    SCRIPT_WRITABLE_BY_OTHERS(Severity.ERROR),
    /** A script's user does not exist. */
    USER_UNKNOWN(Severity.ERROR),
    /** The Swarm is watched, and Docker's socket is not there. */
    DOCKER_SOCKET_MISSING(Severity.WARNING),
    /** Docker's socket may not be used. */
    DOCKER_SOCKET_REFUSED(Severity.ERROR),
    /** A capability is missing without which the agent can't run. */
    CAPABILITY_MISSING(Severity.ERROR),
    /** The event loop is to be scheduled in real time, which is not permitted. */
    REAL_TIME_REFUSED(Severity.WARNING);

    /** How bad it is. */
    public enum Severity {
        /** Something does not work, or will not when it is needed. */
        ERROR,
        /** Something may not work. */
        WARNING;

        /** {@return its name for people and programs} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Severity severity;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Complaint(Severity severity) {
        this.severity = severity;
    }

    /** {@return how bad it is} */
    public Severity severity() {
        return severity;
    }

    /** {@return its name for people and programs, for example {@code vrid-in-use}} */
    public String label() {
        return label;
    }
}
