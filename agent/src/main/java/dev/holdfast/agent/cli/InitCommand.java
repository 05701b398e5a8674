package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.init.FirstConfiguration;
import dev.holdfast.agent.init.Proposals;
import dev.holdfast.agent.init.Surroundings;
import dev.holdfast.agent.init.ThisHost;
import dev.holdfast.swarm.DefaultRoute;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code holdfast init}: asks, or takes options, and writes the first configuration. */
record InitCommand(Output output) implements Subcommand {
    private static final Path STDOUT = Path.of("-");
    private static final Pattern COMMA = Pattern.compile("\\s*[, ]\\s*");
    private static final String SWARM = "swarm";

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        "init",
                        "Writes a first configuration, the same for all nodes. At a terminal it asks for what no option says.")
                .addOption(option(
                        "--vip", "ADDRESS[/PREFIX]", "the virtual address; the prefix is found where it is left out"))
                .addOption(option("--interface", "NAME", "where it is (the one in whose network the address is)"))
                .addOption(option("--virtual-router-id", "ID", "1..255 (51, or the next one that nobody uses here)"))
                .addOption(option(
                        "--nodes",
                        "NAME[=PRIORITY],...",
                        "the nodes, the most wanted first (those of the Swarm, or this host alone)"))
                .addOption(option(
                        "--peers",
                        "ADDRESS,...",
                        "the addresses of all nodes, for unicast, or swarm for those of its nodes (multicast)"))
                .addOption(
                        Specs.path("--output", "FILE", "where to, - for standard output (" + ConfigFiles.DEFAULT + ")"))
                .addOption(Specs.flag("--force", "replaces a configuration that is there"))
                .addOption(Specs.flag("--yes", "takes what is proposed, and asks nothing"));
    }

    private static OptionSpec option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        Path file = parsed.matchedOptionValue("--output", ConfigFiles.DEFAULT);
        try {
            if (!file.equals(STDOUT) && !parsed.hasMatchedOption("--force") && saysSomething(file)) {
                return output.failed(
                        file + " is a configuration already; --force replaces it, --output writes another one");
            }
            URI docker = SwarmConfig.dockerHost(null, System.getenv());
            return write(choose(parsed, ThisHost.look(docker)), file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(parsed.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
        } catch (EngineException e) {
            return output.failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return output.failed(file + " can't be written: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return output.failed("interrupted");
        }
    }

    /** A file of comments alone, as the package brings it, says nothing. */
    private static boolean saysSomething(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip).anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
        }
    }

    private FirstConfiguration choose(ParseResult parsed, Surroundings host) throws InterruptedException {
        String address = answer(parsed, "--vip", "The virtual address, free and in this host's network", "");
        if (address.isEmpty()) {
            throw new IllegalArgumentException("--vip ADDRESS[/PREFIX] is missing");
        }
        IpAddress vip = VipAddress.parse(address).address();
        NetworkCard card = card(parsed, vip, host);
        VipAddress whole = Proposals.vip(address, card, host);
        int id = virtualRouterId(parsed, whole, card);
        List<String> nodes = host.nodes().isEmpty() ? List.of(host.hostName()) : host.nodes();
        Map<String, Integer> priorities = Proposals.priorities(list(answer(
                parsed,
                "--nodes",
                "The names of all nodes, the most wanted first, as in cube01,cube02,cube03",
                String.join(",", nodes))));
        return new FirstConfiguration(
                whole,
                card.name(),
                id,
                priorities,
                peers(parsed, vip.family(), host),
                parsed.hasMatchedOption("--peers"),
                host.route().map(DefaultRoute::gateway),
                host.docker(),
                host.inSwarm());
    }

    private static List<IpAddress> peers(ParseResult parsed, IpFamily family, Surroundings host) {
        String said = parsed.matchedOptionValue("--peers", SWARM).strip();
        if (!said.equals(SWARM)) {
            return list(said).stream().map(IpAddress::parse).toList();
        }
        List<IpAddress> found = host.nodeAddresses().stream()
                .filter(address -> address.family() == family)
                .toList();
        if (parsed.hasMatchedOption("--peers") && found.isEmpty()) {
            throw new IllegalArgumentException("--peers swarm: no Swarm here tells its nodes' addresses");
        }
        return found;
    }

    private NetworkCard card(ParseResult parsed, IpAddress vip, Surroundings host) {
        String proposed = Proposals.card(vip, host).map(NetworkCard::name).orElse("");
        String name = answer(parsed, "--interface", "The network interface", proposed);
        return host.cards().stream()
                .filter(card -> card.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        (name.isEmpty() ? "--interface NAME is missing" : "this host has no interface " + name)
                                + "; it has "
                                + host.cards().stream().map(NetworkCard::name).collect(Collectors.joining(", "))));
    }

    private int virtualRouterId(ParseResult parsed, VipAddress vip, NetworkCard card) throws InterruptedException {
        Set<Overheard> heard = Set.of();
        if (asks(parsed) && !parsed.hasMatchedOption("--virtual-router-id")) {
            output.err().println("Listening on " + card.name() + " for other virtual routers, 3 s ...");
            output.err().flush();
        }
        try {
            heard = ThisHost.routersOn(card, vip.address().family());
        } catch (EngineException e) {
            output.err().println("warning: who uses which virtual router id can't be heard: " + e.getMessage());
        }
        String text = answer(
                parsed,
                "--virtual-router-id",
                "The virtual router id",
                String.valueOf(Proposals.virtualRouterId(heard)));
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 255) {
            throw new IllegalArgumentException("\"" + text + "\" is not a virtual router id of 1..255");
        }
        int id = Integer.parseInt(text);
        heard.stream()
                .filter(router ->
                        router.virtualRouterId() == id && !router.addresses().contains(vip.address()))
                .findFirst()
                .ifPresent(router -> output.err()
                        .println("warning: " + router.source() + " uses the virtual router id " + id + " on "
                                + card.name() + " for other addresses"));
        return id;
    }

    /** What the option says; else what somebody at a terminal does; else what is proposed. */
    private String answer(ParseResult parsed, String option, String question, String proposed) {
        if (parsed.hasMatchedOption(option)) {
            return parsed.<String>matchedOptionValue(option, "").strip();
        }
        if (!asks(parsed)) {
            return proposed;
        }
        String answer = output.terminal()
                .ask(question + (proposed.isEmpty() ? ": " : " [" + proposed + "]: "))
                .orElse("")
                .strip();
        return answer.isEmpty() ? proposed : answer;
    }

    private boolean asks(ParseResult parsed) {
        return output.terminal().isPresent() && !parsed.hasMatchedOption("--yes");
    }

    private static List<String> list(String text) {
        return COMMA.splitAsStream(text).filter(part -> !part.isEmpty()).toList();
    }

    /** Judged before anything is where an agent would find it. */
    private ExitCode write(FirstConfiguration first, Path file) throws IOException {
        String text = first.text();
        boolean print = file.equals(STDOUT);
        Path folder = print ? null : file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path draft = folder == null
                ? Files.createTempFile("holdfast", ".conf")
                : Files.createTempFile(folder, ".holdfast", ".conf");
        try {
            Files.writeString(draft, text);
            // No secret is in it, and whoever runs the check shall be able to read it.
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
            LoadedConfig judged = ConfigSource.judge(draft);
            // By the name that it will have.
            String name = print ? "the configuration" : file.toString();
            judged.warnings()
                    .forEach(warning ->
                            output.err().println("warning: " + warning.message().replace(draft.toString(), name)));
            if (print) {
                output.out().print(text);
                return ExitCode.DONE;
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            output.out()
                    .println("Wrote " + file + ". "
                            + (first.priorities().size() > 1
                                    ? "Look at it, copy it to the other nodes, and start Holdfast on each."
                                    : "Its priorities name this node alone: write the others there too, with other numbers,"
                                            + " copy it to them, and start Holdfast on each."));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return output.refused(e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
