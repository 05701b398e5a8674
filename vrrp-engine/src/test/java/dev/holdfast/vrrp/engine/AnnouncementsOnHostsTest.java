package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a third host hears of the addresses. */
@Timeout(120)
class AnnouncementsOnHostsTest extends TwoEngines {
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final String VIP = "10.77.0.100";
    private static final long FIRST_MAC = 0x0200_0a4d_000bL;

    @Override
    void prepare(TestNet hosts) {
        hosts.enableIpv6(11, 12, 13);
    }

    /** Once, and nothing more. */
    private static Announcements once(int repeat, Duration refresh, Duration interval) {
        return new Announcements(
                repeat, Duration.ZERO, Duration.ofMillis(50), 1, Duration.ZERO, refresh, 1, interval, interval);
    }

    @Test
    void aTakeOverIsAnnouncedInBothFormsAndAsOftenAsConfigured() {
        try (Tap tap = new Tap(net, 13, IpFamily.IPV4, List.of(VIP))) {
            one.apply(List.of(spec().v3(TENTH)
                            .announcements(once(3, Duration.ZERO, Duration.ZERO))
                            .build()))
                    .join();
            awaitState(one, VrrpState.MASTER);
            await().until(() -> tap.heard.size() == 6);
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> tap.heard.size() == 6);
            assertThat(tap.heard)
                    .allSatisfy(frame -> assertThat(frame.claim().mac()).isEqualTo(FIRST_MAC));
        }
    }

    @Test
    void neighboursThatWereToldSomethingElseByAHostThatIsGoneAreMendedByTheRefresh() {
        one.apply(List.of(spec().v3(TENTH)
                        .excluded("fd00:77::200/64")
                        .announcements(once(1, Duration.ofSeconds(2), Duration.ZERO))
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        // What another MASTER announced on its side of a cut, which gave way at the first advert it heard after that.
        net.on(13, "ip neigh replace " + VIP + " lladdr 02:00:0a:4d:00:77 dev eth0 nud stale");
        net.on(13, "ip -6 neigh replace fd00:77::200 lladdr 02:00:0a:4d:00:77 dev eth0 nud stale");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> net.on(13, "ip neigh show " + VIP).contains("02:00:0a:4d:00:0b")
                        && net.on(13, "ip -6 neigh show fd00:77::200").contains("02:00:0a:4d:00:0b"));
    }

    @Test
    void manyAddressesAtOnceKeepToTheLimitAndNoneIsLeftOut() {
        int instances = 60;
        int limit = 100;
        int repeat = 2;
        one.limitAnnouncements(limit).join();
        List<String> vips = IntStream.range(0, instances)
                .mapToObj(i -> "10.77.0." + (100 + i))
                .toList();
        try (Tap tap = new Tap(net, 13, IpFamily.IPV4, vips)) {
            one.apply(IntStream.range(0, instances)
                            .mapToObj(i -> spec().name("VI_" + i)
                                    .vrid(i + 1)
                                    .v3(TENTH)
                                    .addresses(vips.get(i) + "/24")
                                    .announcements(once(repeat, Duration.ZERO, Duration.ZERO))
                                    .build())
                            .toList())
                    .join();
            awaitState(one, VrrpState.MASTER);
            int frames = 2 * repeat * instances;
            await().atMost(Duration.ofSeconds(30)).until(() -> tap.heard.size() >= frames);
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> tap.heard.size() == frames);
            for (String vip : vips) {
                assertThat(tap.about(vip)).as(vip).hasSize(2 * repeat);
            }
            // Heard through a bridge and by a thread that shares two CPUs: a second here is not quite one there.
            for (int i = 0; i + limit + limit / 5 < frames; i++) {
                long nanos = tap.heard.get(i + limit + limit / 5).atNanos()
                        - tap.heard.get(i).atNanos();
                assertThat(nanos).isGreaterThan(Duration.ofMillis(900).toNanos());
            }
            // What nobody has heard yet goes before what is said again.
            long firsts = tap.heard.stream()
                    .limit(2L * instances + 60)
                    .map(Tap.Heard::address)
                    .distinct()
                    .count();
            assertThat(firsts).isEqualTo(instances);
        }
    }

    @Test
    void twoOnAnInterfaceKeepTheirDistance() {
        List<String> vips = List.of("fd00:77::101", "fd00:77::102", "fd00:77::103");
        try (Tap tap = new Tap(net, 13, IpFamily.IPV6, vips)) {
            one.apply(List.of(spec().ipv6(TENTH)
                            .addresses(vips.stream().map(vip -> vip + "/64").toArray(String[]::new))
                            .announcements(once(1, Duration.ZERO, Duration.ofMillis(300)))
                            .build()))
                    .join();
            await().atMost(Duration.ofSeconds(10)).until(() -> tap.heard.size() == 3);
            assertThat(tap.heard)
                    .extracting(Tap.Heard::address)
                    .containsExactlyElementsOf(vips.stream()
                            .map(vip -> IpAddress.parse(vip).toString())
                            .toList());
            for (int i = 1; i < 3; i++) {
                assertThat(tap.heard.get(i).atNanos() - tap.heard.get(i - 1).atNanos())
                        .isGreaterThan(Duration.ofMillis(250).toNanos());
            }
        }
    }

    @Test
    void whatStillWaitsWhenTheRoleIsLostIsNotSaid() {
        List<String> vips =
                IntStream.range(0, 40).mapToObj(i -> "10.77.0." + (100 + i)).toList();
        String[] addresses = vips.stream().map(vip -> vip + "/24").toArray(String[]::new);
        // Eighty frames, of which ten a second may go.
        one.limitAnnouncements(10).join();
        try (Tap tap = new Tap(net, 13, IpFamily.IPV4, vips)) {
            one.apply(List.of(spec().v3(TENTH).addresses(addresses).build())).join();
            awaitState(one, VrrpState.MASTER);
            await().until(() -> !tap.heard.isEmpty());
            two.apply(List.of(
                            spec().priority(200).v3(TENTH).addresses(addresses).build()))
                    .join();
            awaitState(two, VrrpState.MASTER);
            awaitState(one, VrrpState.BACKUP);
            long lost = System.nanoTime();
            // What was on its way to the third host's thread, which shares two CPUs with all others, apart.
            long late = lost + Duration.ofMillis(500).toNanos();
            // The second burst of the new MASTER shows that there was time enough.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> tap.heard.getLast().atNanos()
                            > late + Duration.ofSeconds(2).toNanos());
            assertThat(tap.heard)
                    .filteredOn(frame -> frame.atNanos() > late)
                    .isNotEmpty()
                    .noneMatch(frame -> frame.claim().mac() == FIRST_MAC);
        }
    }
}
