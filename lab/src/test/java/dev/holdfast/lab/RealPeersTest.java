package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Peer.Program;
import dev.holdfast.lab.Router.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holdfast in one network with keepalived and FRR: who holds the address, that nobody else does, and that each takes the
 * others' adverts. How fast they are is not asked here.
 */
@EndToEnd
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class RealPeersTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Mode mode : List.of(Mode.V2_MULTICAST, Mode.V3_FAST, Mode.V3_IPV6)) {
            addBothWays(pairs, mode, Program.FRR);
            addBothWays(pairs, mode, Program.KEEPALIVED);
        }
        for (Mode mode : List.of(Mode.V3_UNICAST, Mode.V3_IPV6_UNICAST)) {
            addBothWays(pairs, mode, Program.KEEPALIVED);
        }
        for (Mode mode : List.of(Mode.V3_FAST, Mode.V3_IPV6)) {
            addBothWays(pairs, mode, Program.KEEPALIVED_VMAC);
        }
        return pairs.stream();
    }

    private static void addBothWays(List<Arguments> pairs, Mode mode, Program other) {
        pairs.add(Arguments.of(mode, Program.HOLDFAST, other));
        pairs.add(Arguments.of(mode, other, Program.HOLDFAST));
    }

    @ParameterizedTest(name = "{0}: {1} is MASTER, ends and is killed, {2} takes over and gives back")
    @MethodSource("pairs")
    void theBackupTakesOverAndGivesBack(Mode mode, Program first, Program second, Lab lab) {
        Segment segment = new Segment(lab, mode, first, second);
        Peer master = segment.peers.get(0);
        Peer backup = segment.peers.get(1);
        segment.startAll();
        segment.holdsAlone(master);
        segment.staysSo(master);
        backup.awaitBackup();

        segment.assertNoComplaint();
        master.stop();
        segment.holdsAlone(backup);
        master.start();
        segment.holdsAlone(master);

        backup.awaitBackup();
        segment.assertNoComplaint();
        master.crash();
        segment.holdsAlone(backup);
        master.start();
        segment.holdsAlone(master);
        backup.awaitBackup();
        segment.assertNoComplaint();
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                Arguments.of(Mode.V3_FAST, Program.HOLDFAST, Program.KEEPALIVED, Program.FRR),
                Arguments.of(Mode.V3_FAST, Program.FRR, Program.HOLDFAST, Program.KEEPALIVED),
                Arguments.of(Mode.V3_FAST, Program.KEEPALIVED, Program.FRR, Program.HOLDFAST),
                Arguments.of(Mode.V3_IPV6, Program.FRR, Program.HOLDFAST, Program.KEEPALIVED),
                Arguments.of(Mode.V2_MULTICAST, Program.KEEPALIVED, Program.HOLDFAST, Program.FRR));
    }

    @ParameterizedTest(name = "{0}: {1}, {2} and {3} on one segment")
    @MethodSource("orders")
    void ofThreeMixedOneHoldsTheAddressAfterEachKillAndReturn(
            Mode mode, Program first, Program second, Program third, Lab lab) {
        Segment segment = new Segment(lab, mode, first, second, third);
        Peer a = segment.peers.get(0);
        Peer b = segment.peers.get(1);
        Peer c = segment.peers.get(2);
        segment.startAll();
        segment.holdsAlone(a);
        segment.staysSo(a);
        segment.assertNoComplaint();

        a.crash();
        segment.holdsAlone(b);
        b.crash();
        segment.holdsAlone(c);
        b.start();
        segment.holdsAlone(b);
        a.start();
        segment.holdsAlone(a);
        segment.staysSo(a);
        b.awaitBackup();
        c.awaitBackup();
        segment.assertNoComplaint();
    }

    @Test
    void anFrrThatIsKilledAnswersOnAndHoldfastSaysWhereTheAddressIsToo(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Frr.VirtualRouter preferred = Router.of(Mode.V3_FAST, 200).frr();
        Frr frr = Frr.start(a, preferred);
        AgentProcess agent = AgentProcess.start(b, Router.of(Mode.V3_FAST, 100).holdfast(b));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);

        frr.kill();
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        agent.process().awaitLine("is also held by " + preferred.mac(), SOON);
        assertThat(lab.holders(Router.VIP)).containsExactly(a, b);

        Frr.start(a, preferred);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);
    }

    @Test
    void frrRefusesAPassword(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        AgentProcess.start(a, Router.of(Mode.V2_PASS, 200).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Frr frr = Frr.start(b, Router.of(Mode.V2_PASS, 100).frr());
        // The higher priority is there, and it does not hear it.
        frr.awaitState("Master", SOON);
        assertThat(frr.advertsReceived()).isZero();
    }

    /** Hosts with one virtual router between them, the first one preferred, and a client that uses its address. */
    private static final class Segment {
        private static final int HIGHEST = 200;

        private final Lab lab;
        private final Mode mode;
        private final Host client;
        private final List<Peer> peers = new ArrayList<>();

        Segment(Lab lab, Mode mode, Program... programs) {
            this.lab = lab;
            this.mode = mode;
            List<Host> hosts = new ArrayList<>();
            for (Program program : programs) {
                hosts.add(lab.host(program.name().substring(0, 1).toLowerCase(Locale.ROOT)));
            }
            client = lab.host("client");
            if (mode.isIpv6()) {
                lab.hosts().forEach(Router::giveIpv6);
            }
            for (int i = 0; i < programs.length; i++) {
                List<Host> others = new ArrayList<>(hosts);
                Host host = others.remove(i);
                peers.add(Peer.of(programs[i], host, new Router(mode, HIGHEST - 50 * i, others)));
            }
        }

        void startAll() {
            peers.forEach(Peer::start);
        }

        /** Waits until this one alone holds the address, and the client reaches it there. */
        void holdsAlone(Peer peer) {
            lab.awaitSoleHolder(peer.host(), mode.vip(), SOON);
            Await.until(
                    "the client to reach " + mode.vip() + " at " + peer,
                    SOON,
                    () -> client.succeeds("ping", "-c1", "-W1", mode.vip())
                            && client.neighbour(mode.vip()).equals(Optional.of(peer.mac())));
        }

        /** Watches for as long as the lowest would need to believe that nobody is there. */
        void staysSo(Peer peer) {
            Duration masterDown = Duration.ofMillis(mode.masterDownMillis(1));
            Await.holdsFor(
                    peer + " alone holds " + mode.vip(),
                    masterDown.plusMillis(500),
                    () -> lab.holders(mode.vip()).equals(List.of(peer.host())));
        }

        void assertNoComplaint() {
            assertThat(peers).allSatisfy(Peer::assertNoComplaint);
        }
    }
}
