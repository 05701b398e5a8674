package dev.holdfast.agent.config;

import dev.holdfast.agent.config.SwarmTracking.Condition;
import dev.holdfast.agent.config.report.FaultReason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code track.swarm}: {@code off}, {@code on}, or a block. */
final class SwarmTrackingReader {
    private static final String KEY = "swarm";
    private static final String FORM = "off, on, or a block { require = [...], ports = [...], weight = ... }";
    private static final String PORT_FORM = "a list of tcp:PORT with a port 1..65535, at most 16";
    private static final Pattern PORT = Pattern.compile("tcp:(\\d{1,5})");
    private static final int MAX_PORTS = 16;
    private static final int MAX_WEIGHT = TrackerReader.maxWeight(TrackerKind.SWARM);

    private SwarmTrackingReader() {}

    static Optional<SwarmTracking> read(Section track, Report report) {
        if (!track.holdsObject(KEY)) {
            return track.scalar(KEY, FORM, SwarmTrackingReader::isOn)
                    .filter(on -> on)
                    .map(_ -> SwarmTracking.ON);
        }
        SwarmTracking on = SwarmTracking.ON;
        Section section = track.section(KEY);
        String conditionForm = "a list of "
                + Arrays.stream(Condition.values()).map(Condition::label).collect(Collectors.joining(", "));
        List<Section.Placed<Condition>> listed =
                section.list("require", conditionForm, text -> condition(text, conditionForm));
        Set<Condition> require = section.has("require") ? new HashSet<>(Section.Placed.values(listed)) : on.require();
        List<Integer> ports =
                Section.Placed.values(section.list("ports", PORT_FORM, SwarmTrackingReader::port)).stream()
                        .distinct()
                        .toList();
        if (ports.size() > MAX_PORTS) {
            report.fault(FaultReason.OUT_OF_RANGE, section.path("ports"), ports.size() + " ports", PORT_FORM);
        }
        int rise = section.integer("rise", 1, 1000, on.rise());
        int fall = section.integer("fall", 1, 1000, on.fall());
        int weight = section.integer("weight", -MAX_WEIGHT, 0, on.weight());
        int leaderWeight = section.integer("leader-weight", 0, MAX_WEIGHT, on.leaderWeight());
        section.finish();
        if (weight == 0 && require.contains(Condition.MANAGER)) {
            report.fault(
                    FaultReason.CONFLICT,
                    section.path("require"),
                    Condition.MANAGER.label(),
                    "manager with a weight of -" + MAX_WEIGHT
                            + "..-1 alone: as a fault, a Swarm that lost its quorum would"
                            + " have no MASTER to heal it");
        }
        return Optional.of(new SwarmTracking(require, ports, rise, fall, weight, leaderWeight));
    }

    private static boolean isOn(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw new IllegalArgumentException(FORM);
        };
    }

    private static Condition condition(String text, String form) {
        return Arrays.stream(Condition.values())
                .filter(condition -> condition.label().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Section.OutOfRangeException(form));
    }

    private static int port(String text) {
        Matcher matcher = PORT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(PORT_FORM);
        }
        int port = Integer.parseInt(matcher.group(1));
        if (port < 1 || port > 65_535) {
            throw new Section.OutOfRangeException("a port 1..65535");
        }
        return port;
    }
}
