package dev.holdfast.lab;

import java.time.Duration;
import java.time.Instant;

/**
 * The cable between a host and the switch. It can be cut in two ways: silently, as when a switch far away fails (the
 * host's own link light stays on), and loudly, as when somebody pulls the cable.
 */
public final class Link {
    private static final String DISABLED = "0";
    private static final String FORWARDING = "3";
    private static final Duration CARRIER_AT_MOST = Duration.ofSeconds(10);

    private final String switchNamespace;
    private final String port;

    Link(String switchNamespace, String port) {
        this.switchNamespace = switchNamespace;
        this.port = port;
    }

    /**
     * Drops every frame in both directions and tells nobody.
     *
     * @return a time at which no frame passed any more
     */
    public Instant cut() {
        Command.run(setState(DISABLED)).orThrow();
        return Instant.now();
    }

    /**
     * Undoes {@link #cut()}.
     *
     * @return a time at which no frame passed yet
     */
    public Instant mend() {
        Instant before = Instant.now();
        Command.run(setState(FORWARDING)).orThrow();
        return before;
    }

    /**
     * Takes the link down: the host loses its carrier.
     *
     * @return a time at which it was down
     */
    public Instant unplug() {
        Command.run("ip", "-n", switchNamespace, "link", "set", port, "down").orThrow();
        return Instant.now();
    }

    /**
     * Undoes {@link #unplug()}.
     *
     * @return a time at which it was still down
     */
    public Instant plug() {
        Instant before = Instant.now();
        Command.run("ip", "-n", switchNamespace, "link", "set", port, "up").orThrow();
        // The kernel may tell the bridge of the carrier up to a second later.
        Await.until("port " + port + " to forward", CARRIER_AT_MOST, this::isForwarding);
        return before;
    }

    /** Takes the cable and the host's network card away for good. */
    public void remove() {
        Command.run("ip", "-n", switchNamespace, "link", "del", port).orThrow();
    }

    /** The switch's end of the cable. */
    String port() {
        return port;
    }

    /** The command line that {@link #cut()} runs, for people. */
    public String cutCommand() {
        return String.join(" ", setState(DISABLED));
    }

    /** The command line that {@link #mend()} runs, for people. */
    public String mendCommand() {
        return String.join(" ", setState(FORWARDING));
    }

    private boolean isForwarding() {
        return Command.run("bridge", "-n", switchNamespace, "link", "show", "dev", port)
                .orThrow()
                .out()
                .contains("state forwarding");
    }

    private String[] setState(String state) {
        return new String[] {"bridge", "-n", switchNamespace, "link", "set", "dev", port, "state", state};
    }
}
