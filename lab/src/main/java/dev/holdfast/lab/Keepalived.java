package dev.holdfast.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A real keepalived on a lab host, with files of its own so that any number run on one machine. */
public final class Keepalived implements AutoCloseable {
    /** The installed one, or the binary that the environment variable KEEPALIVED names. */
    private static final String PROGRAM = Optional.ofNullable(System.getenv("KEEPALIVED"))
            .filter(path -> !path.isBlank())
            .orElse("keepalived");

    private final LabProcess process;

    private Keepalived(LabProcess process) {
        this.process = process;
    }

    /**
     * Starts it and waits until it is BACKUP.
     *
     * @param config the text of its keepalived.conf
     */
    public static Keepalived start(Host host, String config) {
        Keepalived keepalived = launch(host, config, "--log-detail");
        keepalived.process.awaitLine("Entering BACKUP STATE", Duration.ofSeconds(10));
        return keepalived;
    }

    /**
     * Starts it and does not wait.
     *
     * @param options more of them, such as {@code --log-detail}, which costs it more than everything else it does
     */
    public static Keepalived launch(Host host, String config, String... options) {
        String run = "keepalived" + System.nanoTime();
        Path file = host.write(run + ".conf", config);
        Path folder = host.folder();
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--dont-fork",
                "--log-console",
                "--vrrp",
                "--use-file=" + file,
                "--pid=" + folder.resolve(run + ".pid"),
                "--vrrp_pid=" + folder.resolve(run + ".vrrp.pid"),
                "--checkers_pid=" + folder.resolve(run + ".checkers.pid")));
        command.addAll(List.of(options));
        return new Keepalived(host.start(run, command, List.of()));
    }

    /** The version it tells, for example {@code v2.2.7}. */
    public static String version() {
        // It speaks of itself on standard error: "Keepalived v2.2.7 (01/16,2022)".
        String[] words = Command.run(PROGRAM, "--version").orThrow().err().split("\\s+", 3);
        return words.length < 2 ? "unknown" : words[1];
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
