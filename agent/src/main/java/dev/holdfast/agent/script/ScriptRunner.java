package dev.holdfast.agent.script;

import dev.holdfast.agent.config.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a {@link Command} with a deadline. Each script leads a process group of its own, so that what it started ends
 * with it. Its environment is {@code PATH} and {@code HOME} alone, its output is discarded.
 */
public final class ScriptRunner {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/");

    private ScriptRunner() {}

    /**
     * Runs the command on the calling thread; blocks until the process is gone.
     *
     * @param user whom to run it as; empty for the agent's own user
     * @param outcome hears the result once: when the script ended, or at the deadline, even if the kernel can't end the
     *     process then
     * @throws InterruptedException if the thread was interrupted; the script and its children are killed then, and
     *     {@code outcome} hears nothing
     */
    public static void run(
            Command command, Optional<String> user, Duration limit, Consumer<? super ScriptResult> outcome)
            throws InterruptedException {
        Process process;
        boolean ownGroup;
        try {
            Optional<String> setsid = tool("setsid");
            ownGroup = setsid.isPresent();
            process = start(commandLine(command, user, setsid));
        } catch (IOException e) {
            outcome.accept(new ScriptResult.NotStarted(String.valueOf(e.getMessage())));
            return;
        }
        try {
            if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                outcome.accept(new ScriptResult.Exited(process.exitValue()));
                return;
            }
        } catch (InterruptedException e) {
            kill(process, ownGroup);
            // Only what the kernel can't end is still there after that.
            process.waitFor(1, TimeUnit.SECONDS);
            throw e;
        }
        kill(process, ownGroup);
        outcome.accept(new ScriptResult.TimedOut(limit));
        process.waitFor();
    }

    private static Process start(List<String> commandLine) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(commandLine)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        return builder.start();
    }

    private static List<String> commandLine(Command command, Optional<String> user, Optional<String> setsid)
            throws IOException {
        if (!Files.exists(command.program())) {
            throw new IOException(command.program() + " does not exist");
        }
        List<String> line = new ArrayList<>();
        setsid.ifPresent(line::add);
        if (user.isPresent()) {
            String name = user.get();
            Posix.User found =
                    Posix.user(name).orElseThrow(() -> new IOException("this host has no user \"" + name + "\""));
            if (found.uid() != Posix.effectiveUser()) {
                line.addAll(List.of(
                        tool("setpriv").orElseThrow(() -> new IOException("running it as " + name + " needs setpriv")),
                        "--reuid=" + found.uid(),
                        "--regid=" + found.gid(),
                        "--init-groups",
                        "--"));
            }
        }
        line.addAll(command.argv());
        return line;
    }

    private static void kill(Process process, boolean ownGroup) {
        // Taken first: children of a dead parent are nobody's descendants. The group catches those that outlived
        // theirs.
        List<ProcessHandle> descendants = process.descendants().toList();
        if (ownGroup && process.isAlive()) {
            Posix.killGroup(process.pid());
        }
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private static Optional<String> tool(String name) {
        for (String folder : List.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")) {
            if (Files.isExecutable(Path.of(folder + name))) {
                return Optional.of(folder + name);
            }
        }
        return Optional.empty();
    }
}
