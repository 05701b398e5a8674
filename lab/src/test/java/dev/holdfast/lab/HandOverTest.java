package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Planned hand-overs, by TERM and by command, asked 1000 times a second; the successor is Holdfast or keepalived. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class HandOverTest {
    private static final int HIGH = 200;
    private static final int LOW = 100;
    private static final Duration SOON = Duration.ofSeconds(20);

    /** None on a quiet machine, which the bench shows; with the release before the take-over it was more than 500. */
    private static final int LOST = 20;

    enum Program {
        HOLDFAST,
        KEEPALIVED
    }

    enum Order {
        TERM,
        COMMAND
    }

    static Stream<Arguments> handOvers() {
        List<Arguments> all = new ArrayList<>();
        for (Mode mode : List.of(Mode.V2_MULTICAST, Mode.V3_FAST)) {
            for (Program successor : Program.values()) {
                for (Order order : Order.values()) {
                    all.add(Arguments.of(mode, order, successor));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: by {1}, {2} follows")
    @MethodSource("handOvers")
    void nearlyNoQuestionStaysUnanswered(Mode mode, Order order, Program successor, Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        AgentProcess master = AgentProcess.start(a, Router.of(mode, HIGH).holdfast(a));
        switch (successor) {
            case HOLDFAST -> AgentProcess.start(b, Router.of(mode, LOW).holdfast(b));
            case KEEPALIVED -> Keepalived.start(b, Router.of(mode, LOW).keepalived(b));
        }
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Probe probe = new Probe(client, Router.VIP, List.of(a, b));
        lab.closeWithLab(probe);
        awaitAnswersOf(a, probe);

        Instant asked = Instant.now();
        String said = "";
        switch (order) {
            case TERM -> master.process().signal("TERM");
            case COMMAND -> said = master.command("handover");
        }

        awaitAnswersOf(b, probe);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        Await.holdsFor("b holds the address", Duration.ofSeconds(1), () -> b.holds(Router.VIP));
        assertThat(probe.lostSince(asked)).as("questions without an answer").isLessThanOrEqualTo(LOST);
        switch (order) {
            case TERM -> assertThat(master.process().awaitExit(SOON)).isZero();
            case COMMAND -> {
                assertThat(said).startsWith("VI_1: " + b.address() + " took over after ");
                // Longer than a preemption takes.
                Await.holdsFor(
                        "a obeys a lower priority",
                        Duration.ofMillis(mode.masterDownMillis(HIGH) + 500),
                        () -> master.vrrpState(Router.INSTANCE).equals("BACKUP"));
                assertThat(master.log())
                        .contains("(VI_1) Entering BACKUP STATE: handed over on request")
                        .doesNotContain("vip conflict");
            }
        }
    }

    @Test
    void withNobodyToFollowTheCommandFailsAndTheAddressStays(Lab lab) {
        Host a = lab.host("a");
        Host client = lab.host("client");
        AgentProcess master =
                AgentProcess.start(a, Router.of(Mode.V3_FAST, HIGH).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Probe probe = new Probe(client, Router.VIP, List.of(a));
        lab.closeWithLab(probe);
        awaitAnswersOf(a, probe);

        Instant asked = Instant.now();
        assertThat(master.tryCommand("handover")).satisfies(result -> {
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("nobody took over").contains("MASTER as before");
        });

        assertThat(master.vrrpState(Router.INSTANCE)).isEqualTo("MASTER");
        assertThat(probe.lostSince(asked)).isLessThanOrEqualTo(LOST);
    }

    @Test
    void killedInTheMiddleItsAddressGoesWithItsLifetime(Lab lab) {
        Host a = lab.host("a");
        AgentProcess master =
                AgentProcess.start(a, Router.of(Mode.V2_MULTICAST, HIGH).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        master.process().signal("TERM");
        master.process().awaitLine("Leaving", SOON);
        assertThat(a.holds(Router.VIP)).isTrue();
        master.process().signal("KILL");

        Await.until("the kernel to remove the address", Duration.ofSeconds(6), () -> !a.holds(Router.VIP));
    }

    @Test
    void aSecondTermDoesNotWait(Lab lab) {
        Host a = lab.host("a");
        AgentProcess master =
                AgentProcess.start(a, Router.of(Mode.V2_MULTICAST, HIGH).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        master.process().signal("TERM");
        master.process().awaitLine("Leaving", SOON);
        master.process().signal("TERM");

        assertThat(master.process().awaitExit(SOON)).isZero();
        assertThat(master.log()).contains("Not waiting for a successor any longer");
        assertThat(a.holds(Router.VIP)).isFalse();
    }

    private static void awaitAnswersOf(Host host, Probe probe) {
        Await.until("answers of " + host, SOON, () -> probe.answering().equals(Optional.of(host.name())));
    }
}
