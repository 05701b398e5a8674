package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.AgentProcess.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts that want the same addresses, an IPv4 and an IPv6 one: {@code first} with the higher priority, so that it is
 * MASTER of both whenever all is well, and {@code second}. Adverts of version 3 each 100 ms.
 */
final class Rivals {
    static final String VIP_4 = "10.77.0.100";
    static final String VIP_6 = "fd00:77::100";
    static final List<String> VIPS = List.of(VIP_4, VIP_6);
    static final List<String> INSTANCES = List.of("VI_4", "VI_6");
    static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration PEACE = Duration.ofMinutes(1);
    static final Duration INTERVAL = Duration.ofMillis(100);
    /** An address's lifetime with these adverts: the shortest whole second that is not under Master_Down_Interval. */
    static final Duration LIFETIME = Duration.ofSeconds(1);

    private static final int HIGH = 200;
    private static final int LOW = 100;
    /** Between an event and its note in a test's records, on a busy machine. */
    private static final Duration NOISE = Duration.ofMillis(300);
    /** For a firewall's command to take effect, and a process to hear of it, where all cores are in use. */
    private static final Duration BUSY = Duration.ofSeconds(3);

    /** What runs VRRP on a host. */
    enum Program {
        HOLDFAST,
        KEEPALIVED
    }

    /** One of the two. */
    static final class Rival {
        private final Host host;
        private final int priority;
        private final @Nullable AgentProcess agent;
        private final @Nullable LabProcess other;

        private Rival(Host host, Program program, int priority, Surroundings surroundings) {
            this.host = host;
            this.priority = priority;
            if (program == Program.HOLDFAST) {
                agent = AgentProcess.start(host, holdfast(host, priority, INTERVAL), surroundings);
                other = null;
            } else {
                agent = null;
                other = Keepalived.start(host, keepalived(host, priority)).process();
            }
        }

        Host host() {
            return host;
        }

        boolean isHoldfast() {
            return agent != null;
        }

        /** For Holdfast alone. */
        AgentProcess agent() {
            if (agent == null) {
                throw new LabException(host + " runs keepalived");
            }
            return agent;
        }

        @Override
        public String toString() {
            return host.name();
        }

        LabProcess process() {
            return agent == null ? Objects.requireNonNull(other) : agent.process();
        }

        String config() {
            return holdfast(host, priority, INTERVAL);
        }
    }

    private final Lab lab;
    private final Rival first;
    private final Rival second;
    private final Map<String, VipWatch> watches = new LinkedHashMap<>();

    private Rivals(Lab lab, Rival first, Rival second) {
        this.lab = lab;
        this.first = first;
        this.second = second;
        VIPS.forEach(vip -> watches.put(vip, lab.watch(vip)));
    }

    /** Starts both as usual and waits until the first holds both addresses. */
    static Rivals start(Lab lab, Program first, Program second) {
        Host a = lab.host("a");
        return start(lab, a, first, Surroundings.USUAL, second);
    }

    /** The same with a first one in other surroundings. */
    static Rivals start(Lab lab, Host a, Program first, Surroundings surroundings, Program second) {
        Host b = lab.host("b");
        Rivals rivals =
                new Rivals(lab, new Rival(a, first, HIGH, surroundings), new Rival(b, second, LOW, Surroundings.USUAL));
        rivals.awaitPeace();
        return rivals;
    }

    Rival first() {
        return first;
    }

    Rival second() {
        return second;
    }

    Set<Rival> both() {
        return Set.of(first, second);
    }

    /** As holdfast.conf: an instance of each family. */
    static String holdfast(Host host, int priority, Duration interval) {
        return """
                holdfast {
                  node = %s
                  swarm.enabled = false
                  vrrp {
                    version = 3
                    instances {
                      VI_4 { interface = eth0, virtual-router-id = 51, priority = %d, advert-interval = %dms, addresses = ["%s/24"] }
                      VI_6 { interface = eth0, virtual-router-id = 51, priority = %d, advert-interval = %dms, addresses = ["%s/64"] }
                    }
                  }
                }
                """.formatted(host.name(), priority, interval.toMillis(), VIP_4, priority, interval.toMillis(), VIP_6);
    }

    private static String keepalived(Host host, int priority) {
        StringBuilder config = new StringBuilder();
        Map<String, String> instances = new HashMap<>(Map.of("VI_4", VIP_4 + "/24", "VI_6", VIP_6 + "/64"));
        instances.forEach((name, vip) -> config.append("""
                vrrp_instance %s {
                    state BACKUP
                    interface %s
                    virtual_router_id 51
                    priority %d
                    version 3
                    advert_int 0.1
                    virtual_ipaddress {
                        %s
                    }
                }
                """.formatted(name, host.interfaceName(), priority, vip)));
        return config.toString();
    }

    // ---- Who holds what

    /** Waits until exactly these hosts hold the address. */
    void awaitHolders(String vip, Set<Rival> expected) {
        Set<Host> hosts = hosts(expected);
        Await.until(
                "%s to be held by %s, last seen at %s".formatted(vip, hosts, lab.holders(vip)),
                SOON,
                () -> Set.copyOf(lab.holders(vip)).equals(hosts));
    }

    /** The same for both addresses. */
    void awaitHolders(Set<Rival> expected) {
        VIPS.forEach(vip -> awaitHolders(vip, expected));
    }

    /**
     * Watches for a while that these hold both addresses, and nobody else does. One that a busy machine did not let run lets
     * go by itself, and takes them again; once, for more than that would be no machine's doing.
     */
    void assertHeldBy(Set<Rival> expected, Duration time) {
        Instant since = Instant.now();
        Set<Host> hosts = hosts(expected);
        Await.holdsFor("%s hold the addresses".formatted(hosts), time, () -> {
            for (String vip : VIPS) {
                Set<Host> holders = Set.copyOf(lab.holders(vip));
                if (!hosts.containsAll(holders)) {
                    return false;
                }
                if (!holders.equals(hosts)) {
                    Await.until("one that let go of " + vip + " to say that it slept", SOON, () -> hasOneSlept(since));
                }
            }
            return true;
        });
        assertThat(linesOfSleep(since))
                .as("stalls, of one instance for each address")
                .hasSizeLessThanOrEqualTo(VIPS.size());
        awaitHolders(expected);
    }

    /** Who held an address, and when, so far. */
    List<VipWatch.Holding> holdings(String vip) {
        return Objects.requireNonNull(watches.get(vip)).holdings();
    }

    private static Set<Host> hosts(Set<Rival> rivals) {
        return rivals.stream().map(Rival::host).collect(Collectors.toUnmodifiableSet());
    }

    /** Waits until all is as it should be when nothing is wrong: one owner, the right one, and both say so. */
    void awaitPeace() {
        awaitHolders(Set.of(first));
        for (String instance : INSTANCES) {
            awaitState(first, instance, "MASTER");
            awaitState(second, instance, "BACKUP");
        }
    }

    private static void awaitState(Rival rival, String instance, String state) {
        if (rival.isHoldfast()) {
            rival.agent().awaitVrrpState(instance, state, SOON);
        }
    }

    /**
     * All is well again, and it lasts: the owner speaks, the other hears it, nothing moves for longer than an address that
     * nobody renews would live, and no two ever held an address together for longer than they needed to hear each other.
     */
    void assertPeaceSince(Instant mended) {
        // A machine that does not let an owner speak for as long as Master_Down_Interval rightly moves its addresses.
        Await.until("nothing to move any more", PEACE, this::staysInPeace);
        for (VipWatch watch : watches.values()) {
            assertThat(watch.longestOverlapSince(mended))
                    .as("two holders after mending: %s", watch.holdings())
                    .isLessThan(longestOverlap(mended));
        }
    }

    /** Whether the first keeps the addresses while so many adverts of it are said and heard that any of them could expire. */
    private boolean staysInPeace() {
        awaitPeace();
        Map<String, Double> sent = new HashMap<>();
        Map<String, Double> heard = new HashMap<>();
        INSTANCES.forEach(instance -> {
            sent.put(instance, count(first, "holdfast_vrrp_adverts_sent_total", instance));
            heard.put(instance, count(second, "holdfast_vrrp_adverts_received_total", instance));
        });
        long adverts = 2 * LIFETIME.toMillis() / INTERVAL.toMillis();
        // What a watch has read late is no event of now.
        Instant quiet = Instant.now().plus(NOISE);
        if (first.isHoldfast() || second.isHoldfast()) {
            Await.until(
                    "the first to say, and the second to hear, %d more adverts of each family".formatted(adverts),
                    SOON,
                    () -> INSTANCES.stream()
                            .allMatch(instance -> (!first.isHoldfast()
                                            || count(first, "holdfast_vrrp_adverts_sent_total", instance)
                                                    >= sent.getOrDefault(instance, 0.0) + adverts)
                                    && (!second.isHoldfast()
                                            || count(second, "holdfast_vrrp_adverts_received_total", instance)
                                                    >= heard.getOrDefault(instance, 0.0) + adverts)));
        }
        awaitHolders(Set.of(first));
        return watches.values().stream()
                .flatMap(watch -> watch.holdings().stream())
                .noneMatch(holding -> holding.from().isAfter(quiet)
                        || holding.to().filter(end -> end.isAfter(quiet)).isPresent());
    }

    /**
     * Two owners know of each other after an advert. Where a busy machine did not let one of them run, the kernel takes the
     * addresses away from it, or it lets go by itself once it runs again.
     */
    private Duration longestOverlap(Instant since) {
        return INTERVAL.plus(BUSY).plus(hasOneSlept(since) ? LIFETIME : Duration.ZERO);
    }

    private boolean hasOneSlept(Instant since) {
        return !linesOfSleep(since).isEmpty();
    }

    private List<String> linesOfSleep(Instant since) {
        return both().stream()
                .flatMap(rival -> rival.process().lines().stream())
                .filter(line -> line.at().isAfter(since) && line.text().contains("this host slept"))
                .map(LabProcess.Line::text)
                .toList();
    }

    private static double count(Rival rival, String metric, String instance) {
        return rival.isHoldfast() ? rival.agent().metric(metric, "instance", instance) : 0;
    }

    /** Nobody but the first has ever held an address since then, nor has it let go of one for longer than that. */
    void assertUnmovedSince(Instant since, Duration atMost) {
        for (VipWatch watch : watches.values()) {
            List<VipWatch.Holding> holdings = watch.holdings().stream()
                    .filter(holding ->
                            holding.to().filter(end -> end.isBefore(since)).isEmpty())
                    .toList();
            assertThat(holdings).allMatch(holding -> holding.host() == first.host());
            for (int i = 1; i < holdings.size(); i++) {
                Instant gone = holdings.get(i - 1).to().orElseThrow();
                assertThat(Duration.between(gone, holdings.get(i).from()))
                        .as("without the address: %s", holdings)
                        .isLessThan(atMost);
            }
        }
    }

    /** Both leave as they are told to, and nobody holds anything any more. */
    void leave() {
        for (Rival rival : List.of(second, first)) {
            rival.process().signal("TERM");
            rival.process().awaitExit(SOON);
            if (rival.isHoldfast()) {
                assertSound(rival);
            }
        }
        awaitHolders(Set.of());
    }

    // ---- What they say

    /** How much a rival has printed so far, for {@link #awaitSaid}. */
    static int printed(Rival rival) {
        return rival.process().lines().size();
    }

    /** Waits until a rival has said that since then. */
    static void awaitSaid(Rival rival, int since, String regex) {
        Pattern pattern = Pattern.compile(regex);
        Await.until(
                "%s to say \"%s\"".formatted(rival.host(), regex),
                SOON,
                () -> rival.process().linesFrom(since).stream()
                        .anyMatch(line -> pattern.matcher(line.text()).find()));
    }

    /** Nothing in the log is an error of the program's own making. */
    static void assertSound(Rival rival) {
        assertThat(rival.process().log())
                .as("the log of %s", rival.host())
                .doesNotContain(" ERROR ")
                .doesNotContain("Exception")
                .doesNotContain("unexpected");
    }
}
