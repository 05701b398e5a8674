package dev.holdfast.swarm.docker;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real dockerd in a network namespace of its own, removed again by {@link #close}. */
final class Engine implements AutoCloseable {

    private final String namespace;
    private final Path directory;
    private final Process process;
    private final Thread atExit;

    private Engine(String namespace, Path directory, Process process) {
        this.namespace = namespace;
        this.directory = directory;
        this.process = process;
        this.atExit = new Thread(process::destroy);
        // Also when the tests are interrupted.
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static boolean canRun() {
        return "root".equals(System.getProperty("user.name"))
                && isOnPath("dockerd")
                && isOnPath("ip")
                && isOnPath("nsenter")
                && succeeds("unshare", "--net", "true");
    }

    /** Starts one; the namespace must exist. Nothing of the host's own engine is touched. */
    static Engine start(String namespace, Path directory) throws IOException {
        Files.createDirectories(directory);
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + namespace,
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs tmpfs /run && exec dockerd --data-root %1$s/data --exec-root %1$s/exec -H unix://%1$s/docker.sock --pidfile %1$s/pid"
                                .formatted(directory))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        return new Engine(namespace, directory, process);
    }

    URI uri() {
        return URI.create("unix://" + socket());
    }

    Path socket() {
        return directory.resolve("docker.sock");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    /** Runs a docker command against this engine and returns what it prints. */
    String docker(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 3];
        command[0] = "docker";
        command[1] = "-H";
        command[2] = uri().toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return run(command);
    }

    /** Ends it; what it had stays. */
    void stop() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        // Its mounts were in its own mount namespace and ended with it.
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public String toString() {
        return "engine in " + namespace;
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output.strip();
    }

    private static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isOnPath(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                .anyMatch(d -> Files.isExecutable(Path.of(d.isEmpty() ? "." : d, program)));
    }
}
