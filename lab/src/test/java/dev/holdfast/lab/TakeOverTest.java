package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The main promise, with every way to run the protocol and with keepalived on either side. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class TakeOverTest {
    private static final int HIGH = 200;
    private static final int LOW = 100;
    private static final Duration PROMISE = Duration.ofMillis(250);
    /** Between an event and its note in a test's records, on a busy machine. */
    private static final Duration NOISE = Duration.ofSeconds(2);

    enum Program {
        HOLDFAST,
        KEEPALIVED
    }

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        // The other modes are RealPeersTest's, which measures nothing.
        for (Mode mode : List.of(Mode.V2_MULTICAST, Mode.V2_PASS, Mode.V2_UNICAST, Mode.V3_FAST)) {
            pairs.add(Arguments.of(mode, Program.HOLDFAST, Program.HOLDFAST));
            pairs.add(Arguments.of(mode, Program.HOLDFAST, Program.KEEPALIVED));
            pairs.add(Arguments.of(mode, Program.KEEPALIVED, Program.HOLDFAST));
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "{0}: {1} is cut off, {2} takes over and gives back")
    @MethodSource("pairs")
    void theBackupTakesOverAndGivesBack(Mode mode, Program first, Program second, Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        Sniffer sniffer = lab.sniff();
        VipWatch watch = lab.watch(Router.VIP);
        run(first, a, Router.of(mode, HIGH, b));
        run(second, b, Router.of(mode, LOW, a));

        lab.awaitSoleHolder(a, Router.VIP, Duration.ofSeconds(20));
        Await.until(
                "the first advert of a",
                Duration.ofSeconds(10),
                () -> sniffer.lastAdvertOf(a).isPresent());
        assertThat(client.succeeds("ping", "-c1", "-W2", Router.VIP)).isTrue();
        assertThat(client.neighbour(Router.VIP)).contains(a.mac());

        Instant cut = a.link().cut();
        Instant taken = watch.awaitTakenBy(b, cut, Duration.ofSeconds(10));
        Await.until(
                "the client to send to b",
                Duration.ofMillis(250),
                () -> client.neighbour(Router.VIP).equals(Optional.of(b.mac())));

        Instant lastHeard = sniffer.lastAdvertOf(a).orElseThrow().at();
        Duration masterDown = Duration.ofMillis(mode.masterDownMillis(LOW));
        assertThat(Duration.between(lastHeard, taken))
                .as("from the last advert heard to the take-over")
                .isBetween(masterDown.minusMillis(20), masterDown.plus(PROMISE));
        assertThat(lab.holders(Router.VIP)).as("a is cut off and cannot know").containsExactly(a, b);

        Instant mended = a.link().mend();
        lab.awaitSoleHolder(a, Router.VIP, Duration.ofSeconds(10));
        assertThat(watch.longestOverlapSince(mended))
                .as("two holders after mending: %s", watch.holdings())
                .isLessThan(Duration.ofMillis(mode.intervalMillis).plus(NOISE));
        if (first == Program.HOLDFAST && second == Program.HOLDFAST) {
            // A MASTER that never heard of its rival has no reason to announce again. Ours tells it when giving way;
            // keepalived does so with higher_prio_send_advert alone, and leaves clients to their own ageing of entries.
            Await.until(
                    "the client to send to a",
                    Duration.ofMillis(mode.intervalMillis + 250L),
                    () -> client.neighbour(Router.VIP).equals(Optional.of(a.mac())));
        }
        if (second == Program.HOLDFAST) {
            assertThat(sniffer.arps().stream()
                            .filter(arp -> arp.isGratuitous()
                                    && arp.sourceMac().equals(b.mac())
                                    && arp.senderIp().equals(Router.VIP))
                            .map(Sniffer.Arp::reply))
                    .as("both forms of gratuitous ARP")
                    .contains(true, false);
        }
    }

    @Test
    void afterMendingTheClientFindsTheMasterWhoeverOfTheTwoSpeaksFirst(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        run(Program.HOLDFAST, a, Router.of(Mode.V3_FAST, HIGH));
        run(Program.HOLDFAST, b, Router.of(Mode.V3_FAST, LOW));
        lab.awaitSoleHolder(a, Router.VIP, Duration.ofSeconds(10));
        Probe probe = new Probe(client, Router.VIP, List.of(a, b));
        lab.closeWithLab(probe);

        Random random = new Random(1);
        for (int round = 0; round < 6; round++) {
            a.link().cut();
            Await.until(
                    "answers of b",
                    Duration.ofSeconds(5),
                    () -> probe.answering().equals(Optional.of("b")));
            // Adverts go out each 100 ms on both sides, and which of them is the first to get through is left to
            // chance.
            Duration anyPhase = Duration.ofMillis(100 + random.nextInt(100));
            Await.holdsFor("b holds the address", anyPhase, () -> b.holds(Router.VIP));
            Instant mended = a.link().mend();
            Await.until(
                    "answers of a",
                    Duration.ofSeconds(5),
                    () -> probe.answering().equals(Optional.of("a")));
            assertThat(probe.longestGapSince(mended).length())
                    .as("round %d: without an answer after mending", round)
                    .isLessThan(Duration.ofMillis(Mode.V3_FAST.intervalMillis + 250L));
        }
    }

    private static void run(Program program, Host host, Router router) {
        switch (program) {
            case HOLDFAST -> AgentProcess.start(host, router.holdfast(host));
            case KEEPALIVED -> Keepalived.start(host, router.keepalived(host));
        }
    }
}
