package dev.holdfast.lab.bench;

import dev.holdfast.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The bench's entry. Exit code 0 when everything wanted could be measured, goals met or not; 1 when something could not; 2
 * for wrong usage.
 */
public final class Bench {
    private Bench() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.print(Options.USAGE);
            return 2;
        }
        try {
            Machine machine = Machine.now();
            Map<Contender, String> versions = new EnumMap<>(Contender.class);
            for (Contender contender : Contender.values()) {
                versions.put(contender, contender.version());
            }
            List<Failure> failures = new ArrayList<>();
            List<Result> results = options.suite().figures().stream()
                    .filter(options::wants)
                    .map(figure -> measure(figure, options.quick() ? Plan.QUICK : Plan.FULL, failures))
                    .toList();
            Report report = new Report(options.suite(), options.quick(), machine, Machine.load(), versions, results);
            System.out.print(Table.of(report));
            if (options.json().isPresent()) {
                write(options.json().get(), report.json());
            }
            return failures.isEmpty() ? 0 : 1;
        } catch (LabException e) {
            System.err.println("bench: " + e.getMessage());
            return 1;
        }
    }

    private record Failure(Figure figure, Contender contender) {}

    private static Result measure(Figure figure, Plan plan, List<Failure> failures) {
        Map<Contender, Map<String, Reading>> readings = new EnumMap<>(Contender.class);
        for (Contender contender : Contender.values()) {
            System.err.printf("bench: %s: %s (load %.2f)%n", contender.label(), figure.title(), Machine.load());
            try {
                readings.put(contender, figure.measure(contender, plan));
            } catch (LabException e) {
                // One that cannot be measured must not cost the others.
                System.err.println("bench: not measured: " + e.getMessage());
                failures.add(new Failure(figure, contender));
                Reading none = Reading.none("not measured: " + firstLine(e));
                readings.put(contender, figure.metrics().stream().collect(Collectors.toMap(Metric::key, _ -> none)));
            }
        }
        return new Result(figure, readings);
    }

    private static String firstLine(LabException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void write(Path file, String json) {
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
