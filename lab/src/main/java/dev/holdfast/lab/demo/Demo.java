package dev.holdfast.lab.demo;

import dev.holdfast.lab.Lab;
import dev.holdfast.lab.LabException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The demo's entry: {@code Demo [--keep | --clean]}. Exit code 0 when everything shown came out as it should, 1 when not,
 * 2 for a wrong option.
 */
public final class Demo {
    private static final String PURPOSE = "demo";
    private static final String USAGE = """
            usage: ./dev demo [--keep | --clean]
              --keep    leave the hosts running at the end, and say how to look around
              --clean   remove the hosts of a demo that was left running
            """;

    private Demo() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.equals(List.of("--clean"))) {
            return clean();
        }
        if (!arguments.isEmpty() && !arguments.equals(List.of("--keep"))) {
            System.err.print(USAGE);
            return 2;
        }
        Style style = Style.ofStandardOutput();
        try (Lab lab = Lab.create(PURPOSE)) {
            Timeline timeline = new Timeline(System.out, style);
            Story story = new Story(lab, timeline, style);
            boolean good = story.tell();
            timeline.end();
            story.summary();
            if (arguments.contains("--keep")) {
                story.howToLookAround();
                // Until Ctrl-C or --clean: the lab's shutdown hook removes everything.
                new CountDownLatch(1).await();
            }
            return good ? 0 : 1;
        } catch (LabException e) {
            System.err.println("demo: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static int clean() {
        List<ProcessHandle> demos = Lab.owners(PURPOSE);
        boolean allGone = true;
        for (ProcessHandle demo : demos) {
            demo.destroy();
            try {
                demo.onExit().get(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                System.err.println("demo: process " + demo.pid() + " does not end");
                allGone = false;
            }
        }
        Lab.sweep();
        System.out.println(
                demos.isEmpty()
                        ? "No demo is running."
                        : "Removed: " + demos.size() + " demo" + (demos.size() == 1 ? "." : "s."));
        return allGone ? 0 : 1;
    }
}
