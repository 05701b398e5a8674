package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator may order, and what not even an operator may. */
class HealOrderTest {

    @TempDir
    Path stateDir;

    private static HealOutcome order(Rig rig) {
        CompletableFuture<HealOutcome> outcome = rig.healer.order();
        rig.healer.step();
        return outcome.join();
    }

    private static HealPreview preview(Rig rig) {
        CompletableFuture<HealPreview> preview = rig.healer.preview();
        rig.healer.step();
        return preview.join();
    }

    /** A healer that only watches, on a host that is not MASTER, with a silent witness and no time waited. */
    private Rig cautious() {
        Rig rig = new Rig(stateDir, new FakeClock(), HealMode.OBSERVE);
        rig.runSeconds(30);
        rig.engine = () -> Swarms.noLeader(2);
        rig.witness = WitnessProbe.Outcome.SILENT;
        return rig;
    }

    @Test
    void aPreviewNamesTheAddressTheManagersAndTheGatesAndChangesNothing() {
        Rig rig = cautious();
        HealPreview preview = preview(rig);
        assertThat(preview.state()).isEqualTo(SwarmState.NO_LEADER);
        assertThat(preview.plan())
                .isInstanceOfSatisfying(
                        HealPlan.Force.class,
                        force -> assertThat(force.advertiseAddress()).isEqualTo(Swarms.ip("10.0.0.1")));
        assertThat(preview.overruled())
                .extracting(HealPreview.Overruled::reason)
                .containsExactly("not-master", "policy-observe", "hold", "witness-silent");
        assertThat(preview.managers()).singleElement().satisfies(asked -> {
            assertThat(asked.manager().hostname()).isEqualTo("host2");
            assertThat(asked.answer()).isEqualTo(HealPreview.Answer.SILENT);
        });
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void anOrderOverrulesPolicyMasterHoldAndWitnessAndIsOnRecord() throws IOException {
        Rig rig = cautious();
        HealOutcome outcome = order(rig);
        assertThat(outcome.result()).isEqualTo(ForceResult.SUCCESS);
        assertThat(outcome.plan()).isInstanceOf(HealPlan.Force.class);
        assertThat(rig.forced).containsExactly(new SwarmGateway.ForceRequest(Swarms.ip("10.0.0.1"), 2377, 4789));
        HealStatus status = rig.healer.status();
        assertThat(status.lastForce()).isNotNull();
        assertThat(status.lastForce().result()).isEqualTo(ForceResult.SUCCESS);
        assertThat(rig.healer.journal(100))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"event\":\"attempt\"", "operator", "overruled: not-master, policy-observe"))
                .anySatisfy(line -> assertThat(line).contains("\"result\":\"success\""));
        rig.runSeconds(600);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void anOrderOverrulesTheCooldownAndCountsAsAnAttempt() {
        Rig rig = new Rig(stateDir);
        rig.onForce = _ -> new ApiReply.Refused<>(500, "no");
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(400);
        assertThat(rig.forced).hasSize(3);
        assertThat(rig.healer.status().reason()).isEqualTo("cooldown");
        assertThat(preview(rig).overruled())
                .extracting(HealPreview.Overruled::reason)
                .contains("cooldown");
        HealOutcome outcome = order(rig);
        assertThat(outcome.result()).isEqualTo(ForceResult.FAILURE);
        assertThat(outcome.detail()).contains("500", "NO_LEADER");
        assertThat(rig.forced).hasSize(4);
        assertThat(rig.healer.status().attempts()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "leader, has-leader",
        "electing, election-running",
        "inactive, not-in-swarm",
        "one-answers-of-two, quorum-still-possible",
        "two-answer-of-three, quorum-without-us",
        "vip, advertise-address-not-local",
        "alone, managers-unknown",
        "unwritable, state-not-saved"
    })
    void notEvenAnOrderDestroysSomething(String situation, String reason) throws IOException {
        Rig rig = new Rig(stateDir);
        Supplier<SwarmObservation> engine = switch (situation) {
            case "leader" -> () -> Swarms.hasLeader(2, 2);
            case "electing" -> () -> Swarms.electing(2);
            case "inactive" -> Swarms::inactive;
            case "two-answer-of-three" -> () -> Swarms.noLeader(3);
            case "alone" -> () -> Swarms.noLeader(1);
            default -> () -> Swarms.noLeader(2);
        };
        rig.engine = engine;
        switch (situation) {
            case "one-answers-of-two" -> rig.answering.add(Swarms.endpoint(2));
            case "two-answer-of-three" -> {
                rig.answering.add(Swarms.endpoint(2));
                rig.answering.add(Swarms.endpoint(3));
            }
            case "vip" -> rig.local.remove(Swarms.ip("10.0.0.1"));
            // A folder where the file should be: no file can be put there.
            case "unwritable" ->
                Files.createDirectories(
                        stateDir.resolve(KnownManagers.FILE_BEFORE_HEAL).resolve("in-the-way"));
            default -> {}
        }
        rig.master();
        HealOutcome outcome = order(rig);
        assertThat(outcome.result()).isNull();
        assertThat(outcome.plan().reasonLabel()).isEqualTo(reason);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.journal(5)).anySatisfy(line -> assertThat(line).contains("\"event\":\"order\"", reason));
    }

    @Test
    void aManagerThatAnswersOneOfThreeProbesIsAlive() {
        Rig rig = cautious();
        CompletableFuture<HealOutcome> outcome = rig.healer.order();
        rig.onAsk = () -> {
            if (rig.asked == 2) {
                rig.answering.add(Swarms.endpoint(2));
            } else {
                rig.answering.clear();
            }
        };
        rig.healer.step();
        assertThat(outcome.join().plan().reasonLabel()).isEqualTo("quorum-still-possible");
        assertThat(rig.asked).isEqualTo(3);
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void anOrderThatWasGivenUpIsNotCarriedOut() {
        Rig rig = cautious();
        CompletableFuture<HealOutcome> outcome = rig.healer.order();
        outcome.cancel(false);
        rig.runSeconds(60);
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void aLeaderThatComesAtTheLastMomentStopsTheOrder() {
        Rig rig = cautious();
        int[] looks = {0};
        rig.engine = () -> ++looks[0] <= 2 ? Swarms.noLeader(2) : Swarms.hasLeader(2, 2);
        assertThat(order(rig).plan().reasonLabel()).isEqualTo("has-leader");
        assertThat(looks[0]).isGreaterThan(2);
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void anOperatorsPolicyHoldsUntilTheConfiguredOneChanges() throws IOException {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        CompletableFuture<HealStatus> set = rig.healer.setPolicy(HealMode.OBSERVE);
        rig.runSeconds(120);
        assertThat(set.join().mode()).isEqualTo(HealMode.OBSERVE);
        assertThat(rig.forced).isEmpty();
        HealStatus status = rig.healer.status();
        assertThat(status.decision()).isEqualTo("would-force");
        assertThat(status.configuredMode()).isEqualTo(HealMode.GUARDED);
        assertThat(status.modeSince()).isNotNull();
        assertThat(rig.healer.journal(100))
                .anySatisfy(
                        line -> assertThat(line).contains("\"event\":\"policy\"", "observe", "configured: guarded"));

        // A reload that says the same leaves the operator's word alone.
        rig.healer.reconfigure(Rig.config(HealMode.GUARDED));
        rig.runSeconds(60);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().mode()).isEqualTo(HealMode.OBSERVE);

        rig.healer.reconfigure(Rig.config(HealMode.EAGER));
        rig.runSeconds(60);
        assertThat(rig.healer.status().mode()).isEqualTo(HealMode.EAGER);
        assertThat(rig.healer.status().modeSince()).isNull();
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void theConfiguredPolicyTakesTheWordBack() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        var _ = rig.healer.setPolicy(HealMode.OBSERVE);
        rig.runSeconds(120);
        var _ = rig.healer.setPolicy(HealMode.GUARDED);
        rig.run(Duration.ofSeconds(10));
        assertThat(rig.healer.status().modeSince()).isNull();
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void aHostThatIsWatchedCloselyIsLookedAtAsOftenAsAMaster() {
        Rig rig = new Rig(stateDir);
        assertThat(rig.healer.step()).isEqualTo(SwarmHealer.IDLE_POLL.toNanos());
        rig.healer.watchClosely(true);
        assertThat(rig.healer.step()).isEqualTo(SwarmHealer.MASTER_POLL.toNanos());
        rig.runSeconds(5);
        assertThat(rig.looks).isEqualTo(5);
    }
}
