package dev.holdfast.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that mean well: who finds whom, with which secrets, and what is noticed when one goes. */
class PeerChannelTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void twoAgentsWithTheSameSecretAskEachOther() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        a.connect(b);
        b.connect(a);
        Rig.awaitConnected(a, "b");
        Rig.awaitConnected(b, "a");

        assertThat(a.ask("b", "state?")).isEqualTo(new PeerAnswer.Answer("a asked b: state?"));
        assertThat(b.ask("a", "état? ✓")).isEqualTo(new PeerAnswer.Answer("b asked a: état? ✓"));
        assertThat(a.counters().all().values()).containsOnly(0L);
    }

    @Test
    void anotherSecretIsRefusedOnBothSidesWithThatReason() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.NEW);
        a.connect(b);

        Rig.awaitRefusal(a, PeerRefusal.WRONG_SECRET);
        Rig.awaitRefusal(b, PeerRefusal.WRONG_SECRET);
        assertThat(a.channel().peers()).singleElement().satisfies(peer -> {
            assertThat(peer.connected()).isFalse();
            assertThat(peer.name()).isNull();
            assertThat(peer.refusal()).isEqualTo(PeerRefusal.WRONG_SECRET);
        });
        assertThat(a.ask("b", "state?"))
                .isInstanceOfSatisfying(
                        PeerAnswer.None.class, none -> assertThat(none.reason()).isEqualTo(PeerRefusal.UNREACHABLE));
    }

    /** One accepts the other's, and is not accepted by it: the greeting never comes. */
    @Test
    void whoeverIsNotAcceptedThereIsToldSo() {
        Rig.Agent a = rig.agent("a", Rig.NEW, Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        a.connect(b);
        Rig.awaitRefusal(b, PeerRefusal.WRONG_SECRET);
        Rig.awaitRefusal(a, PeerRefusal.WRONG_SECRET);
    }

    /** In each of the three rounds, half way through it: hosts of this round and of the one before hear each other. */
    @ParameterizedTest
    @CsvSource({"old, old+new", "old+new, new+old", "new+old, new"})
    void aSecretIsChangedWithoutAGap(String before, String after) {
        Rig.Agent a = rig.agent("a", secrets(before));
        Rig.Agent b = rig.agent("b", secrets(after));
        a.connect(b);
        b.connect(a);
        Rig.awaitConnected(a, "b");
        Rig.awaitConnected(b, "a");
        assertThat(a.refused(PeerRefusal.WRONG_SECRET)).isZero();
        assertThat(b.refused(PeerRefusal.WRONG_SECRET)).isZero();
    }

    private static ClusterSecret[] secrets(String names) {
        return java.util.Arrays.stream(names.split("\\+", -1))
                .map(name -> name.equals("old") ? Rig.OLD : Rig.NEW)
                .toArray(ClusterSecret[]::new);
    }

    @Test
    void eachConnectionProvesTheSecretAnew() {
        Rig.Agent b = rig.agent("b", Rig.OLD);
        Raw client = new Raw(Rig.OLD);
        for (int i = 0; i < 3; i++) {
            assertThat(client.resumes(b.address())).isFalse();
        }
    }

    @Test
    void anAgentThatReachesItselfSaysSo() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        a.connect(a);
        Rig.awaitRefusal(a, PeerRefusal.SELF);
        assertThat(a.channel().peers()).noneMatch(PeerState::connected);
    }

    @Test
    void anotherAgentWithOurNameIsRefused() {
        Rig.Agent a = rig.agent("same", Rig.OLD);
        Rig.Agent b = rig.agent("same", Rig.OLD);
        a.connect(b);
        Rig.awaitRefusal(a, PeerRefusal.NAME_TAKEN);
        assertThat(a.channel().peers()).noneMatch(PeerState::connected);
    }

    @Test
    void ofTwoAgentsWithOneNameOnlyOneIsAsked() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b1 = rig.agent("b", Rig.OLD);
        Rig.Agent b2 = rig.agent("b", Rig.OLD);
        a.connect(b1, b2);
        Rig.awaitRefusal(a, PeerRefusal.NAME_TAKEN);
        Rig.awaitConnected(a, "b");
        assertThat(a.channel().peers()).filteredOn(PeerState::connected).hasSize(1);
    }

    @Test
    void twoAddressesOfOneAgentAreOneConnection() throws Exception {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        Relay relay = new Relay(b.address());
        rig.closeLater(relay);
        a.channel().connect(List.of(b.address(), relay.address()));
        Rig.await(
                "both addresses to count as connected",
                () -> a.channel().peers().stream().filter(PeerState::connected).count() == 2);
        Rig.await("the second connection to be closed", () -> b.channel().connections() == 1);
        assertThat(a.ask("b", "x")).isInstanceOf(PeerAnswer.Answer.class);
        assertThat(a.refused(PeerRefusal.NAME_TAKEN)).isZero();
    }

    @Test
    void aPeerThatStopsIsNoticedAndOneThatComesBackIsFound() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        a.connect(b);
        Rig.awaitConnected(a, "b");
        int port = b.channel().port();
        b.channel().close();
        Rig.await("b's end", () -> a.channel().peers().stream().noneMatch(PeerState::connected));
        assertThat(a.ask("b", "x")).isInstanceOf(PeerAnswer.None.class);

        rig.agent("b", port, Rig.LIMITS, (from, request) -> "again", Rig.OLD);
        Rig.awaitConnected(a, "b");
        assertThat(a.ask("b", "x")).isEqualTo(new PeerAnswer.Answer("again"));
    }

    /** No byte, no reset: as a host whose cable was pulled. */
    @Test
    void aPeerThatFallsSilentIsGivenUp() throws Exception {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        Relay relay = new Relay(b.address());
        rig.closeLater(relay);
        a.channel().connect(List.of(relay.address()));
        Rig.awaitConnected(a, "b");
        relay.freeze();
        Rig.await("a to give b up", () -> {
            var _ = a.channel().ask("b", "x", Duration.ofMillis(100));
            return a.channel().peers().stream().noneMatch(PeerState::connected);
        });
    }

    @Test
    void aPeerThatDiesInTheMiddleOfAnAnswerIsNoAnswer() throws Exception {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.LIMITS, (from, request) -> "x".repeat(50_000), Rig.OLD);
        Relay relay = new Relay(b.address());
        rig.closeLater(relay);
        a.channel().connect(List.of(relay.address()));
        Rig.awaitConnected(a, "b");
        relay.cutAfter(20_000);
        assertThat(a.ask("b", "x"))
                .isInstanceOfSatisfying(
                        PeerAnswer.None.class, none -> assertThat(none.reason()).isEqualTo(PeerRefusal.CUT_OFF));
    }

    @Test
    void aSlowAnswerHoldsUpNoOther() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent(
                "b",
                Rig.LIMITS,
                (from, request) -> {
                    if (request.equals("slow")) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return request;
                },
                Rig.OLD);
        a.connect(b);
        Rig.awaitConnected(a, "b");
        assertThat(a.channel().ask("b", "slow", Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        PeerAnswer.None.class, none -> assertThat(none.reason()).isEqualTo(PeerRefusal.TOO_SLOW));
        // On a machine so busy that the connection was given up, over the next one.
        Rig.await("the quick answer", () -> a.ask("b", "quick").equals(new PeerAnswer.Answer("quick")));
        release.countDown();
    }

    @Test
    void moreRequestsThanAllowedWaitUnread() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent(
                "b",
                Rig.LIMITS,
                (from, request) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        var _ = release.await(1, java.util.concurrent.TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    running.decrementAndGet();
                    return "";
                },
                Rig.OLD);
        a.connect(b);
        Rig.awaitConnected(a, "b");
        List<Thread> askers = java.util.stream.Stream.generate(() -> Thread.startVirtualThread(() -> a.ask("b", "x")))
                .limit(10)
                .toList();
        Rig.await("two at once", () -> most.get() == 2);
        release.countDown();
        Rig.await("all answers", () -> askers.stream().noneMatch(Thread::isAlive));
        assertThat(most).hasValue(Rig.LIMITS.requestsPerConnection());
    }

    @Test
    void whatIsTooLongIsNotSent() {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        Rig.Agent b = rig.agent("b", Rig.OLD);
        a.connect(b);
        Rig.awaitConnected(a, "b");
        assertThat(a.ask("b", "x".repeat(Rig.LIMITS.frameBytes() + 1)))
                .isInstanceOfSatisfying(
                        PeerAnswer.None.class, none -> assertThat(none.reason()).isEqualTo(PeerRefusal.TOO_LARGE));
        assertThat(a.ask("b", "x")).isInstanceOf(PeerAnswer.Answer.class);
    }

    @Test
    void aPortInUseIsTriedAgain() throws Exception {
        Rig.Agent a = rig.agent("a", Rig.OLD);
        int port = a.channel().port();
        Rig.Agent b = rig.agent("b", port, Rig.LIMITS, (from, request) -> "b", Rig.OLD);
        assertThat(b.channel().fault()).contains("cannot listen at 127.0.0.1:" + port);
        a.channel().close();
        Rig.await("b to listen", () -> b.channel().fault().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "too short", "hex:00", "hex:0", "hex:zz"})
    void aSecretThatIsNoneIsNotQuoted(String text) {
        assertThatThrownBy(() -> ClusterSecret.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(text.isEmpty()
                                || !String.valueOf(e.getMessage()).contains(text))
                        .isTrue());
    }

    @Test
    void aSecretHas32To1024BytesAndIsNeverShown() {
        assertThat(ClusterSecret.parse("x".repeat(1024))).isEqualTo(ClusterSecret.parse("hex:" + "78".repeat(1024)));
        assertThatThrownBy(() -> ClusterSecret.parse("x".repeat(1025))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClusterSecret.parse("x".repeat(31))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Rig.OLD).hasToString("ClusterSecret[********]").isNotEqualTo(Rig.NEW);
    }
}
