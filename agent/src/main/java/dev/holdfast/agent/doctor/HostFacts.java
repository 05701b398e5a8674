package dev.holdfast.agent.doctor;

import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.vrrp.engine.InstanceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at this host: files, processes, programs that tell. Changes nothing. */
final class HostFacts {
    private static final Duration TOOL_LIMIT = Duration.ofSeconds(10);
    private static final Path PROC = Path.of("/proc");
    private static final Path NETWORKD = Path.of("/run/systemd/netif/links");

    /** What could not be seen, and why. */
    private final List<String> unseen;

    HostFacts(List<String> unseen) {
        this.unseen = unseen;
    }

    /** The text of a file; empty if it is not there or can't be read. */
    static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the file grants any of these. */
    static boolean permits(Path file, Set<PosixFilePermission> any) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(any::contains);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A setting of the kernel, by its name in the words of sysctl(8). */
    static Optional<String> sysctl(String name) {
        // An interface's name may have dots of its own.
        String[] steps = name.split("\\.", 4);
        int last = steps[3].lastIndexOf('.');
        return text(Path.of(
                        "/proc/sys",
                        steps[0],
                        steps[1],
                        steps[2],
                        steps[3].substring(0, last),
                        steps[3].substring(last + 1)))
                .map(String::strip);
    }

    /** This process's effective capabilities. */
    OptionalLong capabilities() {
        Optional<String> set = text(PROC.resolve("self/status"))
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith("CapEff:"))
                        .findFirst());
        if (set.isEmpty()) {
            unseen.add("capabilities: /proc/self/status does not tell");
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseUnsignedLong(set.get().substring(7).strip(), 16));
    }

    /** What a program prints; empty if it is missing or fails. */
    Optional<String> tool(String... command) throws InterruptedException {
        try {
            Path out = Files.createTempFile("holdfast-doctor", "");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(TOOL_LIMIT.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0) {
                    return Optional.of(Files.readString(out));
                }
                process.destroyForcibly();
                unseen.add(String.join(" ", command) + ": fails");
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            unseen.add(String.join(" ", command) + ": can't be run here");
        }
        return Optional.empty();
    }

    /** What systemd-networkd says of an interface, and its files for it; empty if it does not manage this network. */
    Optional<Networkd> networkd(int ifindex) {
        Path link = NETWORKD.resolve(String.valueOf(ifindex));
        // Of another network's interfaces it is that a container or a namespace sees the files.
        if (!Files.exists(link) || !sameNetwork("1")) {
            return Optional.empty();
        }
        String state = text(link).orElse("");
        StringBuilder network = new StringBuilder();
        Stream.of("NETWORK_FILE", "NETWORK_FILE_DROPINS")
                .flatMap(key -> HostJudge.value(state, key).stream())
                .flatMap(files -> Stream.of(files.replace("\"", "").split("[: ]", -1)))
                .filter(file -> !file.isEmpty())
                .forEach(file -> network.append(text(Path.of(file)).orElse("")).append('\n'));
        return Optional.of(new Networkd(state, network.toString()));
    }

    /** What systemd-networkd notes of an interface, and the text of its files for it. */
    record Networkd(String link, String network) {}

    /** The virtual routers of each keepalived that runs in this network. */
    List<InstanceSpec> keepalived() {
        List<InstanceSpec> specs = new ArrayList<>();
        Set<Path> files = new LinkedHashSet<>();
        try (Stream<Path> processes = Files.list(PROC)) {
            processes
                    .filter(process -> text(process.resolve("comm"))
                            .filter(comm -> comm.strip().equals("keepalived"))
                            .isPresent())
                    .filter(process -> sameNetwork(process.getFileName().toString()))
                    .forEach(process -> files.add(
                            configuration(text(process.resolve("cmdline")).orElse(""))));
        } catch (IOException e) {
            unseen.add("processes: " + e.getMessage());
        }
        for (Path file : files) {
            try {
                specs.addAll(ConfigSource.judgeKeepalived(file).config().vrrp().specs());
            } catch (ConfigException e) {
                unseen.add("the keepalived that runs here: its configuration " + file + " can't be read");
            }
        }
        return specs;
    }

    /** The file that keepalived was started with, by its arguments as /proc has them. */
    static Path configuration(String commandLine) {
        List<String> arguments = List.of(commandLine.split("\0", -1));
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if ((argument.equals("-f") || argument.equals("--use-file")) && i + 1 < arguments.size()) {
                return Path.of(arguments.get(i + 1));
            }
            if (argument.startsWith("--use-file=")) {
                return Path.of(argument.substring("--use-file=".length()));
            }
        }
        return Path.of("/etc/keepalived/keepalived.conf");
    }

    private static boolean sameNetwork(String process) {
        try {
            return Files.readSymbolicLink(PROC.resolve(process + "/ns/net"))
                    .equals(Files.readSymbolicLink(PROC.resolve("self/ns/net")));
        } catch (IOException e) {
            return false;
        }
    }
}
