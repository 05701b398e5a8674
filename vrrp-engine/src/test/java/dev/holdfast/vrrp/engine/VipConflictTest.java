package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts that hold one address, because something keeps their advertisements from each other. */
@Timeout(180)
class VipConflictTest {
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Announcements ONCE = new Announcements(
            1, Duration.ZERO, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);
    private static final String FIRST_MAC = "02:00:0a:4d:00:0b";
    private static final String SECOND_MAC = "02:00:0a:4d:00:0c";

    private TestNet net;
    private final RecordingListener first = new RecordingListener();
    private VrrpEngine one;

    /** Each family's address, and how commands name the family. */
    enum Side {
        IPV4("10.77.0.100", 24, "ip", ""),
        IPV6("fd00:77::100", 64, "ip6", " nodad");

        final String vip;
        final int prefix;
        final String nftables;
        final String addOptions;

        Side(String vip, int prefix, String nftables, String addOptions) {
            this.vip = vip;
            this.prefix = prefix;
            this.nftables = nftables;
            this.addOptions = addOptions;
        }

        /** Announces once; what comes later has another reason. */
        InstanceSpec spec(int priority) {
            SpecBuilder builder = SpecBuilder.spec().priority(priority).announcements(ONCE);
            return (this == IPV4 ? builder.v3(TENTH) : builder.ipv6(TENTH)).build();
        }

        String isHeldBy(String mac) {
            return IpAddress.parse(vip) + " is also held by " + mac;
        }
    }

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12);
        net.enableIpv6(11, 12);
        one = new VrrpEngine(first, net.threads(11));
    }

    private void startFirst(Side side) {
        one.apply(List.of(side.spec(100))).join();
        awaitMaster(one);
    }

    private static void awaitMaster(VrrpEngine engine) {
        await().until(() -> status(engine).state() == VrrpState.MASTER);
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            one.close();
            net.close();
        }
    }

    private InstanceStatus status() {
        return status(one);
    }

    private static InstanceStatus status(VrrpEngine engine) {
        return engine.status().join().getFirst();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void anotherHolderIsToldWithItsMacUntilItIsGone(Side side) {
        startFirst(side);
        assertThat(status().conflicts()).isEmpty();
        // A host that speaks no VRRP that we hear, as behind a firewall that drops protocol 112.
        String address = side.vip + "/" + side.prefix + " dev eth0";
        net.on(12, "ip addr add " + address + side.addOptions);
        await().atMost(Duration.ofSeconds(20)).until(() -> !first.conflicts.isEmpty());
        assertThat(first.conflicts).containsExactly(side.isHeldBy(SECOND_MAC));
        assertThat(status().conflicts()).singleElement().returns(SECOND_MAC, VipConflict::mac);
        assertThat(status().conflictsFound()).isEqualTo(1);

        net.on(12, "ip addr del " + address);
        await().atMost(Duration.ofSeconds(30)).until(() -> status().conflicts().isEmpty());
        assertThat(first.conflicts).hasSize(2).last().asString().startsWith("no longer: ");
        assertThat(status().conflictsFound()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void twoMastersBehindAFilterOfProtocol112SeeEachOtherAndNeighboursFollowWhoIsLeft(Side side) {
        RecordingListener second = new RecordingListener();
        net.plugAnother(13);
        net.enableIpv6(13);
        for (int host : new int[] {11, 12}) {
            net.on(host, "nft add table " + side.nftables + " filter");
            net.on(host, "nft add chain " + side.nftables + " filter in { type filter hook input priority 0 ; }");
            net.on(host, "nft add rule " + side.nftables + " filter in meta l4proto 112 drop");
        }
        startFirst(side);
        try (VrrpEngine two = new VrrpEngine(second, net.threads(12))) {
            two.apply(List.of(side.spec(90))).join();
            awaitMaster(two);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !first.conflicts.isEmpty() && !second.conflicts.isEmpty());
            assertThat(first.conflicts).containsExactly(side.isHeldBy(SECOND_MAC));
            assertThat(second.conflicts).containsExactly(side.isHeldBy(FIRST_MAC));
            assertThat(status(two).state()).isEqualTo(VrrpState.MASTER);

            // The better one does not hear that the other gives way; all it sees is that the claims end.
            net.on(12, "nft delete table " + side.nftables + " filter");
            await().atMost(Duration.ofSeconds(10)).until(() -> status(two).state() == VrrpState.BACKUP);
            assertThat(second.conflicts).last().asString().startsWith("no longer: ");
            net.on(13, "ip neigh replace " + side.vip + " lladdr " + SECOND_MAC + " dev eth0 nud stale");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> net.on(13, "ip neigh show " + side.vip).contains(FIRST_MAC));
            assertThat(first.conflicts).last().asString().startsWith("no longer: ");
        }
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void aTakeOverIsNoConflict(Side side) {
        startFirst(side);
        RecordingListener second = new RecordingListener();
        try (VrrpEngine two = new VrrpEngine(second, net.threads(12))) {
            two.apply(List.of(side.spec(200))).join();
            awaitMaster(two);
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10)).until(() -> first.conflicts.isEmpty());
            assertThat(second.conflicts).isEmpty();
        }
    }

    @Test
    void anExcludedAddressOfTheOtherFamilyIsWatchedToo() {
        one.apply(List.of(spec().v3(TENTH).excluded("fd00:77::200/64").build())).join();
        awaitMaster(one);
        net.on(12, "ip addr add fd00:77::200/64 dev eth0 nodad");
        await().atMost(Duration.ofSeconds(20)).until(() -> !first.conflicts.isEmpty());
        assertThat(first.conflicts).singleElement().asString().endsWith("200 is also held by " + SECOND_MAC);
    }
}
