package dev.holdfast.agent.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.config.Command;
import dev.holdfast.agent.config.HoldfastConfig;
import dev.holdfast.agent.config.Host;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.Inspection;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gathers facts of this host and has them judged. Blocks for some advertisement intervals, and changes nothing. */
public final class Examination {
    private static final int INTERVALS = 3;
    private static final Duration LONGEST_LISTEN = Duration.ofSeconds(10);
    private static final Set<PosixFilePermission> WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> READ = Set.of(PosixFilePermission.OTHERS_READ);

    private final HoldfastConfig config;
    private final Setting setting;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();
    private final HostFacts host = new HostFacts(unseen);
    private int checks;

    private Examination(HoldfastConfig config, Setting setting) {
        this.config = config;
        this.setting = setting;
    }

    /**
     * What came of it.
     *
     * @param checks how many were made
     * @param findings what is wrong, the worst first
     * @param unseen what could not be looked at, and why
     */
    public record Result(int checks, List<Finding> findings, List<String> unseen) {
        /** Copies the lists. */
        public Result {
            findings = List.copyOf(findings);
            unseen = List.copyOf(unseen);
        }
    }

    /** No file was named, and there is none where one is looked for. */
    public static Result ofNothing(Path file) {
        Path keepalived = Path.of("/etc/keepalived/keepalived.conf");
        String remedy = Files.exists(keepalived)
                ? "holdfast import " + keepalived + " > " + file
                : "holdfast init   # asks, and writes it";
        return new Result(
                1,
                List.of(new Finding(
                        Complaint.CONFIGURATION_MISSING,
                        file.toString(),
                        "there is no " + file + ", and -c names no other",
                        remedy)),
                List.of());
    }

    /**
     * Examines this host.
     *
     * @param config what the agent runs, or is to run
     * @param file where it was read
     * @param hocon whether that is a configuration of our own kind, and no keepalived.conf
     * @param agents what {@code status --all} tells; empty if no agent runs
     */
    public static Result of(HoldfastConfig config, Path file, boolean hocon, Optional<JsonNode> agents)
            throws InterruptedException {
        Examination examination = new Examination(config, new Setting(file, hocon));
        examination.file(file);
        examination.programs();
        examination
                .host
                .capabilities()
                .ifPresent(set -> examination.add(
                        HostJudge.capabilities(set, config.vrrp().realTime())));
        examination.docker();
        examination.network();
        if (agents.isPresent()) {
            examination.add(AgentsJudge.judge(agents.get(), examination.setting));
        } else {
            examination.unseen.add("the other agents: no agent runs here that could ask them");
        }
        return new Result(
                examination.checks,
                examination.findings.stream()
                        .distinct()
                        .sorted((a, b) ->
                                a.complaint().severity().compareTo(b.complaint().severity()))
                        .toList(),
                examination.unseen.stream().distinct().toList());
    }

    private void add(List<Finding> found) {
        checks++;
        findings.addAll(found);
    }

    private void file(Path file) {
        boolean password =
                config.vrrp().specs().stream().anyMatch(spec -> spec.authentication() instanceof Authentication.Pass);
        add(
                password && HostFacts.permits(file, READ)
                        ? List.of(new Finding(
                                Complaint.PASSWORD_READABLE,
                                file.toString(),
                                "everybody may read " + file + ", which holds a password",
                                "chmod o= " + file))
                        : List.of());
    }

    private void programs() throws InterruptedException {
        Host asked = Host.ofThisHost();
        Set<Path> programs = new LinkedHashSet<>();
        for (var script : config.vrrp().scripts()) {
            programs.add(script.command().program());
            if (script.user().isPresent()) {
                String user = script.user().get();
                // The second knows those of LDAP and the like too.
                boolean known = asked.hasUser(user)
                        || new HostFacts(new ArrayList<>())
                                .tool("getent", "passwd", user)
                                .isPresent();
                add(
                        known
                                ? List.of()
                                : List.of(new Finding(
                                        Complaint.USER_UNKNOWN,
                                        script.name(),
                                        "the script " + script.name() + " is to run as " + user
                                                + ", a user that this host does not have",
                                        "useradd --system " + user)));
            }
        }
        Stream.concat(
                        config.vrrp().instances().stream().map(instance -> instance.hooks()),
                        config.vrrp().groups().stream().map(group -> group.hooks()))
                .flatMap(Examination::commands)
                .map(Command::program)
                .filter(program -> !asked.hasDirectory(program))
                .forEach(programs::add);
        for (Path program : programs) {
            add(ProgramJudge.judge(new ProgramJudge.Program(
                    program, asked.hasFile(program), asked.canExecute(program), HostFacts.permits(program, WRITE))));
        }
    }

    private static Stream<Command> commands(NotifyConfig hooks) {
        return Stream.of(hooks.any(), hooks.master(), hooks.backup(), hooks.fault(), hooks.stop())
                .flatMap(List::stream);
    }

    private void docker() {
        if (!config.swarm().enabled()
                || !"unix".equals(config.swarm().dockerHost().getScheme())) {
            return;
        }
        Path socket = Path.of(config.swarm().dockerHost().getPath());
        if (!Files.exists(socket)) {
            add(List.of(new Finding(
                    Complaint.DOCKER_SOCKET_MISSING,
                    socket.toString(),
                    "the Swarm is watched, and " + socket + " is not there",
                    "systemctl start docker   # without Docker: holdfast.swarm.enabled = false")));
        } else if (!Files.isReadable(socket) || !Files.isWritable(socket)) {
            add(List.of(new Finding(
                    Complaint.DOCKER_SOCKET_REFUSED,
                    socket.toString(),
                    "this user may not use " + socket,
                    "sudo holdfast doctor   # or: usermod -aG docker USER, which makes it as mighty as root")));
        } else {
            add(List.of());
        }
    }

    private void network() throws InterruptedException {
        List<NetworkCard> cards;
        try {
            cards = Inspection.networkCards();
        } catch (EngineException e) {
            unseen.add("interfaces: " + e.getMessage());
            return;
        }
        List<InstanceSpec> specs = config.vrrp().specs();
        add(new Firewall(host, unseen).judge(Expected.of(specs, config.swarm().enabled(), cards)));
        Set<IpAddress> virtual = specs.stream()
                .flatMap(spec -> Stream.concat(spec.addresses().stream(), spec.excludedAddresses().stream()))
                .map(VipAddress::address)
                .collect(Collectors.toSet());
        List<InstanceSpec> ofKeepalived = host.keepalived();
        Map<Wire, List<InstanceSpec>> wires = new LinkedHashMap<>();
        for (InstanceSpec spec : specs) {
            add(NetworkJudge.card(spec, cards, virtual));
            add(HostJudge.kernel(spec, HostFacts::sysctl));
            add(HostJudge.keepalived(spec, ofKeepalived));
            for (NetworkCard card : cards) {
                if (card.name().equals(spec.interfaceName())) {
                    host.networkd(card.index())
                            .ifPresent(told -> add(HostJudge.networkd(card.name(), told.link(), told.network())));
                    if (card.up() && spec.transport() instanceof Transport.Multicast) {
                        wires.computeIfAbsent(new Wire(card.index(), spec.family()), _ -> new ArrayList<>())
                                .add(spec);
                    }
                }
            }
        }
        for (var wire : wires.entrySet()) {
            listen(wire.getKey(), wire.getValue());
        }
    }

    /** Where adverts of several instances are heard together. */
    private record Wire(int ifindex, IpFamily family) {}

    private void listen(Wire wire, List<InstanceSpec> specs) throws InterruptedException {
        Set<IpAddress> groups = new HashSet<>();
        Duration howLong = Duration.ZERO;
        for (InstanceSpec spec : specs) {
            if (spec.transport() instanceof Transport.Multicast multicast) {
                groups.add(multicast.group(spec.family()));
            }
            Duration wanted = spec.advertInterval().multipliedBy(INTERVALS);
            howLong = wanted.compareTo(howLong) > 0 ? wanted : howLong;
        }
        howLong = howLong.compareTo(LONGEST_LISTEN) > 0 ? LONGEST_LISTEN : howLong;
        try {
            Set<Overheard> heard = Inspection.overhear(wire.ifindex(), wire.family(), groups, howLong);
            specs.forEach(spec -> add(NetworkJudge.wire(spec, heard, setting)));
        } catch (EngineException e) {
            unseen.add("the wire at " + specs.getFirst().interfaceName() + ": " + e.getMessage());
        }
    }
}
