package dev.holdfast.agent.config;

import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigSyntax;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.agent.config.text.Durations;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.Witness;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.vrrp.wire.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns HOCON into records, or into the list of everything that is wrong with it. What is loaded depends on the text, the
 * environment and the host name alone; whether this host has the interfaces and scripts is for {@link HostChecks} to say.
 */
public final class ConfigLoader {
    private static final Pattern SECRET_LINE = Pattern.compile("(?i)pass|secret|\\bkey");
    private static final String NODE = "a name of 1..253 letters, digits, dots, - and _";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<String, String> environment;
    private final Supplier<String> hostName;
    private final boolean keysElsewhere;

    /**
     * @param environment for DOCKER_HOST and CREDENTIALS_DIRECTORY
     * @param hostName the default of {@code node}
     */
    public ConfigLoader(Map<String, String> environment, Supplier<String> hostName) {
        this(environment, hostName, false);
    }

    private ConfigLoader(Map<String, String> environment, Supplier<String> hostName, boolean keysElsewhere) {
        this.environment = Map.copyOf(environment);
        this.hostName = hostName;
        this.keysElsewhere = keysElsewhere;
    }

    /**
     * The same to judge a configuration that this process is not to run: a key file or credential that it can't read is a
     * warning, and another key stands in for it.
     */
    public ConfigLoader toJudge() {
        return new ConfigLoader(environment, hostName, true);
    }

    /** A loader for this process and host. */
    public static ConfigLoader ofThisHost() {
        return new ConfigLoader(System.getenv(), ConfigLoader::kernelHostName);
    }

    /** The kernel's name of this host, without asking a name server. */
    public static String kernelHostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /**
     * Loads a file; relative includes are looked for beside it.
     *
     * @throws ConfigException with all faults
     */
    public LoadedConfig load(Path file) throws ConfigException {
        // Once: a pipe has its text only once.
        return load(file.toString(), ConfigText.read(file), Optional.of(file.resolveSibling("")));
    }

    /**
     * Loads a text that belongs to no file yet, and can include none.
     *
     * @param name what positions call it
     * @throws ConfigException with all faults
     */
    public LoadedConfig load(String name, String text) throws ConfigException {
        return load(name, text, Optional.empty());
    }

    private LoadedConfig load(String name, String text, Optional<Path> folder) throws ConfigException {
        ConfigObject root = parse(name, text, Includes.of(name, folder));
        Report report = new Report(name);
        Section top = Section.root(report, root);
        top.requirePresent("holdfast", "all keys inside holdfast { ... }; holdfast init writes a first configuration");
        Section holdfast = top.section("holdfast");
        HoldfastConfig config = holdfast(holdfast, report);
        top.finish();
        report.throwIfFaulty();
        return new LoadedConfig(config, report.warnings(), report.positions());
    }

    private static ConfigObject parse(String name, String text, Includes includes) throws ConfigException {
        String accepted;
        Position position;
        try {
            return includes.parse(text, ConfigSyntax.CONF).toConfig().resolve().root();
        } catch (Includes.RefusedException e) {
            throw e.why();
        } catch (com.typesafe.config.ConfigException e) {
            position = Origins.position(name, e.origin());
            String culprit = includes.text(position.file()).orElse(text);
            accepted = "HOCON" + (mayShow(culprit, position.line(), e) ? " (" + plain(name, e) + ")" : "");
        } catch (StackOverflowError e) {
            position = Position.of(name);
            accepted = "HOCON (this is nested too deeply)";
        }
        throw new ConfigException(List.of(new Fault(FaultReason.SYNTAX, position, "", "", accepted)));
    }

    /** The parser quotes what it stumbled over. Around a password it must not, and a broken quote can reach many lines. */
    private static boolean mayShow(String text, int line, com.typesafe.config.ConfigException e) {
        boolean atPassword = text.lines()
                .skip(Math.max(0, line - 3))
                .limit(line == 0 ? Long.MAX_VALUE : 4)
                .anyMatch(candidate -> SECRET_LINE.matcher(candidate).find());
        return !atPassword && (!(e instanceof Parse) || line > 0);
    }

    private static String plain(String name, com.typesafe.config.ConfigException e) {
        String message = Optional.ofNullable(e.getMessage()).orElse("no further details");
        String ownWords = message.replaceFirst("^" + Pattern.quote(name) + ": (\\d+: )?", "")
                .replaceFirst("^[^ ]+: \\d+: ", "")
                .replaceAll("\\s+", " ");
        return ownWords.length() <= 200 ? ownWords : ownWords.substring(0, 200) + "...";
    }

    private HoldfastConfig holdfast(Section holdfast, Report report) {
        String node = holdfast.scalar("node", NODE, ConfigLoader::node).orElseGet(hostName);

        Section http = holdfast.section("http");
        HttpConfig httpConfig = new HttpConfig(
                http.scalar("listen", SocketAddresses.LISTEN_FORM, SocketAddresses::listen)
                        .orElseGet(() -> SocketAddresses.listen("0.0.0.0:9651")),
                http.bool("keepalived-metrics", false));
        http.finish();

        KeyStore keys = new KeyStore(environment);
        Section vrrp = holdfast.section("vrrp");
        InstanceReader reader = new InstanceReader(
                report, node, TrackerReader.read(vrrp, report), new AuthenticationReader(report, keys, keysElsewhere));
        VrrpConfig vrrpConfig = reader.instances(vrrp);
        vrrp.finish();

        Section watched = holdfast.section("swarm");
        Section healing = watched.section("heal");
        ManagersConfig managers = new ManagersReader(report, keys, keysElsewhere).read(watched, healing);
        SwarmConfig swarm = swarm(watched, healing, report, reader.virtualAddresses());
        PeersConfig peers =
                new PeersReader(report, keys, keysElsewhere).read(holdfast.section("peers"), reader.virtualAddresses());
        holdfast.finish();
        if (!swarm.enabled() && vrrpConfig.tracksSwarm()) {
            report.fault(
                    FaultReason.CONFLICT,
                    holdfast.path("swarm") + ".enabled",
                    "false",
                    "true where an instance or a group tracks the Swarm");
        }
        if (vrrpConfig.instances().isEmpty()) {
            report.warn(WarningReason.NO_INSTANCES, vrrp.path("instances"), "no virtual router is configured");
        }
        return new HoldfastConfig(node, httpConfig, vrrpConfig, swarm, managers, peers);
    }

    private static String node(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,253}")) {
            throw new IllegalArgumentException(NODE);
        }
        return text;
    }

    private SwarmConfig swarm(Section swarm, Section healing, Report report, Set<IpAddress> virtualAddresses) {
        Set<InetAddress> vips =
                virtualAddresses.stream().map(IpAddress::toInetAddress).collect(Collectors.toSet());
        boolean enabled = swarm.bool("enabled", true);
        String hostForm = "unix:///PATH or tcp://HOST:PORT";
        Optional<URI> configured = swarm.scalar("docker-host", hostForm, ConfigLoader::dockerHost);
        URI dockerHost = configured.orElseGet(() -> dockerHostOfEnvironment(swarm, report, hostForm));

        String notVirtual = "an address of this host itself, never a virtual address";
        Optional<InetAddress> advertise = swarm.scalar(
                "advertise-address",
                notVirtual,
                text -> hostAddress(text, notVirtual).toInetAddress());
        advertise
                .filter(vips::contains)
                .ifPresent(address -> report.fault(
                        FaultReason.CONFLICT, swarm.path("advertise-address"), address.getHostAddress(), notVirtual));
        HealConfig heal = heal(healing, report, vips);
        swarm.finish();
        return new SwarmConfig(enabled, dockerHost, advertise.orElse(null), heal, vips);
    }

    private static HealConfig heal(Section heal, Report report, Set<InetAddress> vips) {
        HealConfig defaults = HealConfig.defaults();
        HealMode policy = heal.choice("policy", List.of(HealMode.values()), defaults.mode());
        Duration least = Duration.ofMillis(100);
        Duration hold = heal.duration("hold", least, HOUR, defaults.hold());
        String witnessForm = "a list, each item " + Witness.ACCEPTED + ", and none a virtual address";
        List<Section.Placed<Witness>> witnesses = heal.list("witnesses", witnessForm, text -> {
            Witness witness = Witness.parse(text);
            if (witness == null) {
                throw new IllegalArgumentException(witnessForm);
            }
            // While MASTER this host answers for a virtual address itself, however cut off it is.
            boolean virtual = switch (witness) {
                case Witness.Gateway() -> false;
                case Witness.Host(InetAddress address) -> vips.contains(address);
                case Witness.Tcp(Endpoint endpoint) ->
                    vips.stream().anyMatch(vip -> vip.getHostAddress().equals(endpoint.host()));
            };
            if (virtual) {
                throw new Section.OutOfRangeException(witnessForm);
            }
            return witness;
        });
        Section backoff = heal.section("backoff");
        Duration min = backoff.duration("min", least, HOUR, defaults.backoffMin());
        Duration longest = min.compareTo(defaults.backoffMax()) > 0 ? min : defaults.backoffMax();
        Duration max = backoff.duration("max", least, HOUR, longest);
        if (max.compareTo(min) < 0) {
            report.fault(
                    FaultReason.CONFLICT,
                    backoff.path("max"),
                    Durations.format(max),
                    "not less than min, which is " + Durations.format(min));
            max = min;
        }
        backoff.finish();
        int attempts = heal.integer("max-attempts", 1, 100, defaults.maxAttempts());
        Duration cooldown = heal.duration("cooldown", Duration.ofSeconds(1), DAY, defaults.cooldown());
        Duration grace = heal.duration("boot-grace", Duration.ZERO, HOUR, defaults.bootGrace());
        heal.finish();
        return new HealConfig(policy, hold, Section.Placed.values(witnesses), min, max, attempts, cooldown, grace);
    }

    private URI dockerHostOfEnvironment(Section swarm, Report report, String form) {
        String host = Optional.ofNullable(environment.get("DOCKER_HOST"))
                .filter(text -> !text.isBlank())
                .orElse(SwarmConfig.DEFAULT_DOCKER_HOST.toString());
        try {
            return dockerHost(host);
        } catch (IllegalArgumentException e) {
            if (!swarm.has("docker-host")) {
                report.fault(
                        FaultReason.MALFORMED,
                        swarm.path("docker-host") + " (from the environment's DOCKER_HOST)",
                        host.contains("@") ? Fault.HIDDEN : host,
                        form);
            }
            return SwarmConfig.DEFAULT_DOCKER_HOST;
        }
    }

    private static URI dockerHost(String text) {
        URI uri = URI.create(text);
        boolean unix = "unix".equals(uri.getScheme())
                && uri.getHost() == null
                && uri.getPath() != null
                && uri.getPath().length() > 1;
        boolean tcp = "tcp".equals(uri.getScheme())
                && uri.getHost() != null
                && uri.getPort() > 0
                && uri.getPort() <= 65_535
                && uri.getUserInfo() == null;
        if (!unix && !tcp) {
            throw new IllegalArgumentException(text);
        }
        return uri;
    }

    private static IpAddress hostAddress(String text, String accepted) {
        IpAddress address = IpAddress.parse(text);
        if (!Names.isHostAddress(address)) {
            throw new Section.OutOfRangeException(accepted);
        }
        return address;
    }
}
