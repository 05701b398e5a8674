package dev.holdfast.agent.config;

import dev.holdfast.agent.config.ProcessConfig.ParamMatch;
import dev.holdfast.agent.config.report.FaultReason;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what instances can track. */
final class TrackerReader {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration FILE_INTERVAL = Duration.ofMillis(250);
    private static final Duration MAX_DELAY = Duration.ofHours(1);
    private static final int MAX_COUNT = 65_535;
    private static final Pattern ENDPOINT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([A-Za-z0-9._-]+)):(\\d{1,5})");
    private static final Pattern STATUSES = Pattern.compile("(\\d{3})(?:\\.\\.(\\d{3}))?");
    private static final String URL_FORM = "a URL, http://HOST/PATH or https://HOST/PATH, without a user or password";
    private static final String ENDPOINT_FORM = "HOST:PORT with a port 1..65535; IPv6 as [ADDRESS]:PORT";
    private static final String STATUS_FORM = "a status 100..599, or two of them as 200..399";
    private static final String PATH_FORM = "the absolute path of a file";
    private static final String PROCESS_FORM =
            "a process's name, and parameters if they matter: one string or a list of words";

    private final Report report;

    private TrackerReader(Report report) {
        this.report = report;
    }

    /** Everything under {@code scripts}, {@code checks}, {@code files} and {@code processes}, in this order. */
    static List<TrackerConfig> read(Section vrrp, Report report) {
        TrackerReader reader = new TrackerReader(report);
        List<TrackerConfig> trackers = new ArrayList<>();
        reader.all(vrrp, TrackerKind.SCRIPT, reader::script, trackers);
        reader.all(vrrp, TrackerKind.CHECK, reader::check, trackers);
        reader.all(vrrp, TrackerKind.FILE, reader::file, trackers);
        reader.all(vrrp, TrackerKind.PROCESS, reader::process, trackers);
        return trackers;
    }

    /** The largest weight of a kind, as in keepalived. */
    static int maxWeight(TrackerKind kind) {
        return switch (kind) {
            case SCRIPT, INTERFACE, CHECK, SWARM -> 253;
            case FILE, PROCESS -> 254;
        };
    }

    private void all(
            Section vrrp,
            TrackerKind kind,
            BiFunction<String, Section, TrackerConfig> read,
            List<? super TrackerConfig> into) {
        for (Section.Named named : vrrp.named(kind.key())) {
            Names.check(report, named.section().path(), named.name());
            into.add(read.apply(named.name(), named.section()));
            named.section().finish();
        }
    }

    private static int weight(Section section, TrackerKind kind, int fallback) {
        int max = maxWeight(kind);
        return section.integer("weight", -max, max, fallback);
    }

    private ScriptConfig script(String name, Section section) {
        section.requirePresent("command", Commands.ACCEPTED);
        // A wrong command is a fault already; the placeholder lets the other keys be looked at.
        Command command = section.command("command").orElseGet(() -> Command.of("/bin/false"));
        Duration interval = section.duration("interval", LEAST, DAY, SECOND);
        return new ScriptConfig(
                name,
                command,
                interval,
                section.duration("timeout", LEAST, DAY, interval),
                section.integer("rise", 1, 1000, 1),
                section.integer("fall", 1, 1000, 1),
                weight(section, TrackerKind.SCRIPT, 0),
                section.bool("reverse", false),
                section.choice("init", List.of(ScriptConfig.Init.values()), ScriptConfig.Init.UNKNOWN),
                section.scalar("user", "the name of a user", Names::user));
    }

    private CheckConfig check(String name, Section section) {
        CheckConfig.Target target = target(section);
        Duration interval = section.duration("interval", LEAST, DAY, SECOND);
        return new CheckConfig(
                name,
                target,
                interval,
                section.duration("timeout", LEAST, DAY, interval),
                section.integer("rise", 1, 1000, 1),
                section.integer("fall", 1, 1000, 1),
                weight(section, TrackerKind.CHECK, 0),
                section.bool("reverse", false));
    }

    private CheckConfig.Target target(Section section) {
        Optional<URI> url = section.scalar("http", URL_FORM, TrackerReader::url);
        Optional<InetSocketAddress> endpoint = section.scalar("tcp", ENDPOINT_FORM, TrackerReader::endpoint);
        boolean both = section.has("http") && section.has("tcp");
        boolean none = !section.has("http") && !section.has("tcp");
        if (both) {
            report.fault(FaultReason.CONFLICT, section.path("tcp"), "", "either http or tcp");
        } else if (none) {
            report.fault(FaultReason.MISSING, section.path("http"), "", URL_FORM + "; or tcp = HOST:PORT");
        }
        CheckConfig.Http http =
                new CheckConfig.Http(url.orElseGet(() -> URI.create("http://localhost/")), 200, 399, true);
        if (section.has("http")) {
            StatusRange accepted = section.scalar("expect-status", STATUS_FORM, TrackerReader::statuses)
                    .orElse(new StatusRange(http.lowest(), http.highest()));
            boolean verify = section.bool("tls-verify", true);
            http = new CheckConfig.Http(http.url(), accepted.lowest(), accepted.highest(), verify);
        }
        return endpoint.<CheckConfig.Target>map(CheckConfig.Tcp::new).orElse(http);
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        String scheme = String.valueOf(url.getScheme());
        boolean http = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
        boolean port = url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65_535);
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null || !port) {
            throw new IllegalArgumentException(URL_FORM);
        }
        return url;
    }

    private static InetSocketAddress endpoint(String text) {
        Matcher matcher = ENDPOINT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(ENDPOINT_FORM);
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > 65_535) {
            throw new Section.OutOfRangeException("a port 1..65535");
        }
        return InetSocketAddress.createUnresolved(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port);
    }

    private record StatusRange(int lowest, int highest) {}

    private static StatusRange statuses(String text) {
        Matcher matcher = STATUSES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(STATUS_FORM);
        }
        int lowest = Integer.parseInt(matcher.group(1));
        int highest = matcher.group(2) == null ? lowest : Integer.parseInt(matcher.group(2));
        if (lowest < 100 || highest > 599 || highest < lowest) {
            throw new Section.OutOfRangeException(STATUS_FORM);
        }
        return new StatusRange(lowest, highest);
    }

    private FileConfig file(String name, Section section) {
        Path path = section.required("file", PATH_FORM, TrackerReader::path).orElse(Path.of("/"));
        Duration interval = section.duration("interval", LEAST, DAY, FILE_INTERVAL);
        Optional<Integer> initValue = section.optionalInteger("init-value", Integer.MIN_VALUE, Integer.MAX_VALUE);
        boolean overwrite = section.bool("overwrite", false);
        if (overwrite && !section.has("init-value")) {
            report.fault(FaultReason.CONFLICT, section.path("overwrite"), "true", "true with an init-value alone");
        }
        return new FileConfig(
                name,
                path,
                interval,
                initValue,
                overwrite,
                weight(section, TrackerKind.FILE, 1),
                section.bool("reverse", false));
    }

    static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute() || path.getFileName() == null || text.endsWith("/")) {
                throw new IllegalArgumentException(PATH_FORM);
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(PATH_FORM, e);
        }
    }

    private ProcessConfig process(String name, Section section) {
        section.requirePresent("process", PROCESS_FORM);
        List<String> words = section.words("process", PROCESS_FORM);
        if (words.isEmpty()) {
            if (section.isEmptyList("process")) {
                report.fault(FaultReason.MALFORMED, section.path("process"), "", PROCESS_FORM);
            }
            words = List.of("none");
        }
        boolean fullCommand = section.bool("full-command", words.getFirst().startsWith("/"));
        ParamMatch match = section.choice(
                "param-match", List.of(ParamMatch.values()), words.size() > 1 ? ParamMatch.EXACT : ParamMatch.ANY);
        Optional<Integer> quorumMax = section.optionalInteger("quorum-max", 0, MAX_COUNT);
        int quorum = section.integer("quorum", 0, MAX_COUNT, Math.min(1, quorumMax.orElse(1)));
        if (quorumMax.isPresent() && quorumMax.get() < quorum) {
            report.fault(
                    FaultReason.CONFLICT,
                    section.path("quorum-max"),
                    quorumMax.get().toString(),
                    "not less than quorum, which is " + quorum);
        }
        Duration delay = section.duration("delay", Duration.ZERO, MAX_DELAY, Duration.ZERO);
        return new ProcessConfig(
                name,
                words,
                fullCommand,
                match,
                quorum,
                quorumMax,
                section.duration("interval", LEAST, DAY, SECOND),
                section.duration("fork-delay", Duration.ZERO, MAX_DELAY, delay),
                section.duration("terminate-delay", Duration.ZERO, MAX_DELAY, delay),
                weight(section, TrackerKind.PROCESS, 0),
                section.bool("reverse", false));
    }
}
