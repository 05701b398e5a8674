package dev.holdfast.lab;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A long-running process of a lab host. It leads a session of its own, so that it can be ended together with whatever it
 * started, and everything it prints is kept with the time it was read at.
 */
public final class LabProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path logFile;
    private final List<Line> lines = new ArrayList<>();
    private final Thread reader;

    /**
     * One printed line.
     *
     * @param at when it was read
     * @param text without the line end
     */
    public record Line(Instant at, String text) {}

    private LabProcess(String name, Process process, Path logFile) {
        this.name = name;
        this.process = process;
        this.logFile = logFile;
        this.reader = Thread.ofPlatform().daemon().name("lab-log-" + name).start(this::read);
    }

    static LabProcess start(String name, List<String> command, Path folder, Path logFile, List<String> environment) {
        List<String> inSession = new ArrayList<>(List.of("setsid"));
        inSession.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(inSession).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().remove("DOCKER_HOST");
        builder.environment().put("TZ", "UTC");
        for (String entry : environment) {
            int equals = entry.indexOf('=');
            builder.environment().put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new LabProcess(name, process, logFile);
        } catch (IOException e) {
            throw new LabException("cannot start \"" + String.join(" ", command) + "\": " + e.getMessage(), e);
        }
    }

    private void read() {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter out = Files.newBufferedWriter(logFile)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                Line line = new Line(Instant.now(), text);
                synchronized (lines) {
                    lines.add(line);
                }
                out.write(text);
                out.newLine();
                out.flush();
            }
        } catch (IOException e) {
            // The process is gone or the lab's folder is: nothing more to read or nowhere to write it.
        }
    }

    /** The process's name in dumps. */
    public String name() {
        return name;
    }

    /** Its process id, which is its session's and process group's id as well. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far, standard output and error together. */
    public List<Line> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The same without the first ones: for who reads on where it stopped. */
    public List<Line> linesFrom(int skipped) {
        synchronized (lines) {
            return List.copyOf(lines.subList(Math.min(skipped, lines.size()), lines.size()));
        }
    }

    /** The texts of {@link #lines()} as one string. */
    public String log() {
        StringBuilder all = new StringBuilder();
        for (Line line : lines()) {
            all.append(line.text()).append('\n');
        }
        return all.toString();
    }

    /** The first printed line that fits, if any yet. */
    public Optional<Line> firstLine(Predicate<String> fits) {
        return lines().stream().filter(line -> fits.test(line.text())).findFirst();
    }

    /**
     * Waits for a line that contains the text, also one printed before.
     *
     * @throws LabException if none comes in time
     */
    public Line awaitLine(String part, Duration limit) {
        return Await.value(
                name + " to print \"" + part + "\"",
                limit,
                () -> firstLine(text -> text.contains(part)).orElse(null));
    }

    /** Sends a signal to the process alone, for example {@code TERM}. */
    public void signal(String signal) {
        // kill(1) reports a process that is gone already; a lab does not mind.
        Command.run("kill", "-s", signal, "--", Long.toString(pid()));
    }

    /** Sends a signal to the process and to whatever it started, for example {@code STOP}. */
    public void signalAll(String signal) {
        Command.run("kill", "-s", signal, "--", "-" + pid());
    }

    /**
     * Waits for the end.
     *
     * @return the exit code; 128 + N after signal N
     * @throws LabException if it does not end in time
     */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(name + " did not end within " + limit.toMillis() + " ms");
            }
            // The last lines matter most: have them before anybody asks.
            reader.join(TimeUnit.SECONDS.toMillis(2));
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for " + name + " to end", e);
        }
    }

    /** Kills the process and its whole process group at once. */
    public void kill() {
        Command.run("kill", "-s", "KILL", "--", "-" + pid());
        process.destroyForcibly();
    }

    /** The same as {@link #kill()}, and waits for the end. */
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        awaitExit(Duration.ofSeconds(10));
    }
}
