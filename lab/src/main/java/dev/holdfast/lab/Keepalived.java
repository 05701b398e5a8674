package dev.holdfast.lab;

import java.nio.file.Path;
import java.time.Duration;

/** A real keepalived on a lab host, with files of its own so that any number run on one machine. */
public final class Keepalived implements AutoCloseable {
    private final LabProcess process;

    private Keepalived(LabProcess process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param config the text of its keepalived.conf
     */
    public static Keepalived start(Host host, String config) {
        String run = "keepalived" + System.nanoTime();
        Path file = host.write(run + ".conf", config);
        Path folder = host.folder();
        LabProcess process = host.start(
                run,
                "keepalived",
                "--dont-fork",
                "--log-console",
                "--log-detail",
                "--vrrp",
                "--use-file=" + file,
                "--pid=" + folder.resolve(run + ".pid"),
                "--vrrp_pid=" + folder.resolve(run + ".vrrp.pid"),
                "--checkers_pid=" + folder.resolve(run + ".checkers.pid"));
        process.awaitLine("Entering BACKUP STATE", Duration.ofSeconds(10));
        return new Keepalived(process);
    }

    /** The process: its log, its signals. */
    public LabProcess process() {
        return process;
    }

    /** Ends it as an administrator would: it resigns and takes its addresses away. */
    public void stop() {
        process.signal("TERM");
        process.awaitExit(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        process.close();
    }
}
