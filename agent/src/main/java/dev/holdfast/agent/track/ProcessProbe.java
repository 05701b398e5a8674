package dev.holdfast.agent.track;

import dev.holdfast.agent.config.ProcessConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts the processes of this host that match, by proc(5). */
record ProcessProbe(ProcessConfig config) implements ConfiguredProbe {
    private static final Path PROC = Path.of("/proc");

    /** The kernel keeps TASK_COMM_LEN - 1 bytes of a process's name. */
    private static final int NAME_BYTES = 15;

    private static final int MAX_COMMAND_LINE = 64 * 1024;

    @Override
    public int rise() {
        return looks(config.forkDelay());
    }

    @Override
    public int fall() {
        return looks(config.terminateDelay());
    }

    /** How many looks in a row cover the delay: from the first to the last it has passed. */
    private int looks(Duration delay) {
        long interval = config.interval().toNanos();
        return Math.toIntExact(1 + (delay.toNanos() + interval - 1) / interval);
    }

    @Override
    public void look(Consumer<Reading> outcome) {
        int count = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, ProcessProbe::isProcess)) {
            for (Path process : processes) {
                if (matches(process)) {
                    count++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            outcome.accept(Reading.of(false, "/proc can't be read: " + e.getMessage()));
            return;
        }
        boolean well = count >= config.quorum()
                && config.quorumMax().map(Integer.valueOf(count)::compareTo).orElse(0) <= 0;
        outcome.accept(Reading.of(well, count + " running" + (well ? "" : ", wanted: " + wanted())));
    }

    private String wanted() {
        return config.quorum() + config.quorumMax().map(max -> ".." + max).orElse(" or more");
    }

    private static boolean isProcess(Path entry) {
        return entry.getFileName().toString().chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean matches(Path process) {
        Optional<String> stat = read(process.resolve("stat"));
        if (stat.isEmpty()) {
            return false;
        }
        // "PID (NAME) STATE ...", where the name may hold anything, parentheses too.
        String text = stat.get();
        int end = text.lastIndexOf(')');
        int begin = text.indexOf('(');
        if (begin < 0 || end < begin || end + 2 >= text.length() || "ZXx".indexOf(text.charAt(end + 2)) >= 0) {
            return false;
        }
        String wanted = bytes(config.process().getFirst());
        if (!config.fullCommand()
                && !text.substring(begin + 1, end).equals(wanted.substring(0, Math.min(NAME_BYTES, wanted.length())))) {
            return false;
        }
        if (!config.fullCommand() && config.paramMatch() == ProcessConfig.ParamMatch.ANY) {
            return true;
        }
        List<String> words = read(process.resolve("cmdline"))
                .map(line -> List.of(line.split("\0", -1)))
                .orElse(List.of(""));
        // The line ends with a NUL, so the last part is none of its words.
        List<String> found = words.subList(0, Math.max(1, words.size() - 1));
        return (!config.fullCommand() || found.getFirst().equals(wanted))
                && paramsMatch(found.subList(1, found.size()));
    }

    private boolean paramsMatch(List<String> found) {
        List<String> wanted =
                config.process().stream().skip(1).map(ProcessProbe::bytes).toList();
        int count = wanted.size();
        return switch (config.paramMatch()) {
            case ANY -> true;
            case EXACT -> found.equals(wanted);
            case PARTIAL -> found.size() >= count && found.subList(0, count).equals(wanted);
            case INITIAL ->
                count == 0
                        || (found.size() >= count
                                && found.subList(0, count - 1).equals(wanted.subList(0, count - 1))
                                && found.get(count - 1).startsWith(wanted.getLast()));
        };
    }

    /** What it looks like when bytes of any encoding are read as Latin-1. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Empty if the process is gone. */
    private static Optional<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_COMMAND_LINE), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
