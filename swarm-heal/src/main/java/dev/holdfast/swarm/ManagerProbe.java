package dev.holdfast.swarm;

/** Tries whether another manager is alive. */
@FunctionalInterface
public interface ManagerProbe {

    /**
     * {@return whether a TCP connection to the manager's raft port is accepted within about two seconds}
     *
     * <p>Refused or silent is false. Throws nothing. Called from several threads at once.
     */
    boolean answers(Endpoint manager);
}
