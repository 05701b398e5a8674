package dev.holdfast.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs short commands to their end. */
final class Command {
    static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

    private Command() {}

    /**
     * What a command left.
     *
     * @param command what was run
     * @param exit its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Output(List<String> command, int exit, String out, String err) {
        boolean ok() {
            return exit == 0;
        }

        Output orThrow() {
            if (!ok()) {
                throw new LabException("\"%s\" ended with %d: %s%s"
                        .formatted(
                                String.join(" ", command),
                                exit,
                                err.strip(),
                                out.isBlank() ? "" : " / " + out.strip()));
            }
            return this;
        }
    }

    static Output run(String... command) {
        return run(USUAL_LIMIT, List.of(command));
    }

    static Output run(Duration limit, List<String> command) {
        return run(limit, command, Path.of("/"));
    }

    static Output run(Duration limit, List<String> command, Path folder) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        // A DOCKER_HOST of the caller must never lead a lab host to the caller's engine.
        builder.environment().remove("DOCKER_HOST");
        builder.environment().put("TZ", "UTC");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            FutureTask<String> out = drain(process.getInputStream());
            FutureTask<String> err = drain(process.getErrorStream());
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new LabException(
                        "\"%s\" did not end within %d ms".formatted(String.join(" ", command), limit.toMillis()));
            }
            return new Output(command, process.exitValue(), out.get(), err.get());
        } catch (IOException | ExecutionException e) {
            throw new LabException("cannot run \"" + String.join(" ", command) + "\": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while running \"" + String.join(" ", command) + "\"", e);
        }
    }

    private static FutureTask<String> drain(InputStream stream) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                // The stream is closed under the reader when a command is killed for being late.
                return "";
            }
        });
        Thread.ofVirtual().name("lab-drain").start(task);
        return task;
    }
}
