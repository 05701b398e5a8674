package dev.holdfast.lab;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records who holds an address and when, from the kernel's own address events on every host, so nothing falls between
 * two samples. It answers the question that matters: were there two holders, and for how long?
 */
public final class VipWatch implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("^\\[(\\S+)\\] (Deleted )?.*\\sinet6? ([^/\\s]+)[/\\s].*$");

    private final String ip;
    private final Instant started = Instant.now();
    private final Map<Host, LabProcess> monitors = new LinkedHashMap<>();
    private final List<Host> initialHolders = new ArrayList<>();

    VipWatch(String ip, List<Host> hosts) {
        this.ip = ip;
        for (Host host : hosts) {
            monitors.put(
                    host,
                    host.start(
                            "monitor" + System.nanoTime(),
                            "ip",
                            "-o",
                            "-ts",
                            "monitor",
                            // Of all cards: one that is deleted and made again is another one to the kernel.
                            "address"));
        }
        for (Host host : hosts) {
            // The monitor says nothing until something happens, so wait until it listens, and only then look.
            awaitListening(host);
            if (host.holds(ip)) {
                initialHolders.add(host);
            }
        }
    }

    private void awaitListening(Host host) {
        LabProcess monitor = monitors.get(host);
        if (monitor == null) {
            throw new LabException("no monitor on " + host);
        }
        // /proc/net/netlink of the host lists every netlink socket with its owner's process id as port id.
        Await.until(
                "the address monitor of " + host,
                Duration.ofSeconds(5),
                () -> host.exec("cat", "/proc/net/netlink")
                        .lines()
                        .anyMatch(line -> line.strip().split("\\s+", -1)[2].equals(Long.toString(monitor.pid()))));
    }

    /**
     * A time during which one host held the address.
     *
     * @param host who
     * @param from since when
     * @param to until when; empty if it still does
     */
    public record Holding(Host host, Instant from, Optional<Instant> to) {
        private Duration overlap(Holding other, Instant since, Instant now) {
            Instant start = latest(since, latest(from, other.from));
            Instant end = earliest(to.orElse(now), other.to.orElse(now));
            return end.isAfter(start) ? Duration.between(start, end) : Duration.ZERO;
        }

        private static Instant latest(Instant a, Instant b) {
            return a.isAfter(b) ? a : b;
        }

        private static Instant earliest(Instant a, Instant b) {
            return a.isBefore(b) ? a : b;
        }

        @Override
        public String toString() {
            return host + " " + from + " .. " + to.map(Instant::toString).orElse("now");
        }
    }

    /** All holdings so far, by their beginning. */
    public List<Holding> holdings() {
        List<Holding> all = new ArrayList<>();
        monitors.forEach((host, monitor) -> {
            Instant since = initialHolders.contains(host) ? started : null;
            for (LabProcess.Line line : monitor.lines()) {
                Matcher event = EVENT.matcher(line.text());
                if (!event.matches() || !event.group(3).equals(ip)) {
                    continue;
                }
                Instant at = LocalDateTime.parse(event.group(1)).toInstant(ZoneOffset.UTC);
                boolean gone = event.group(2) != null;
                if (!gone && since == null) {
                    since = at;
                } else if (gone && since != null) {
                    all.add(new Holding(host, since, Optional.of(at)));
                    since = null;
                }
            }
            if (since != null) {
                all.add(new Holding(host, since, Optional.empty()));
            }
        });
        all.sort(Comparator.comparing(Holding::from));
        return all;
    }

    /** When this host first took the address at or after that moment, if it has. */
    public Optional<Instant> takenBy(Host host, Instant atOrAfter) {
        return holdings().stream()
                .filter(holding -> holding.host() == host && !holding.from().isBefore(atOrAfter))
                .map(Holding::from)
                .findFirst();
    }

    /**
     * Waits until this host takes the address at or after that moment.
     *
     * @return when it did
     */
    public Instant awaitTakenBy(Host host, Instant atOrAfter, Duration limit) {
        return Await.value(
                host + " to take " + ip, limit, () -> takenBy(host, atOrAfter).orElse(null));
    }

    /** The longest time that any two hosts held the address together, counted from that moment on. */
    public Duration longestOverlapSince(Instant since) {
        Instant now = Instant.now();
        List<Holding> all = holdings();
        Duration longest = Duration.ZERO;
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                if (all.get(i).host() != all.get(j).host()) {
                    Duration overlap = all.get(i).overlap(all.get(j), since, now);
                    longest = overlap.compareTo(longest) > 0 ? overlap : longest;
                }
            }
        }
        return longest;
    }

    @Override
    public void close() {
        monitors.values().forEach(LabProcess::close);
    }
}
