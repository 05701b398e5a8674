package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When others may still come, or have come back: how long a force waits, and when it does not. */
class GraceTest {

    private static final long GRACE = HealConfig.defaults().bootGrace().toSeconds();

    @TempDir
    Path stateDir;

    private static void assertForcedAfterThe(String grace, Rig rig) {
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo(grace);
        rig.runSeconds(GRACE);
        assertThat(rig.forced).hasSize(1);
    }

    /** Of five managers, for a while. */
    private Rig besideALeader() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.hasLeader(5, 4);
        rig.master();
        rig.runSeconds(10);
        return rig;
    }

    @Test
    void afterAColdBootTheOthersHaveTime() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.booting(3);
        rig.master();
        rig.runSeconds(GRACE - 1);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("boot-grace");
        assertThat(rig.healer.status().waitingUntil()).isNotNull();
        rig.runSeconds(30);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void othersThatComeInTimeAreNotForcedOver() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.booting(3);
        rig.master();
        rig.runSeconds(60);
        rig.answering.add(Swarms.endpoint(2));
        rig.runSeconds(20);
        rig.engine = () -> Swarms.hasLeader(3, 2);
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void aLeaderThatIsLostWhileTheEngineRunsCostsTheHoldAlone() {
        Rig rig = new Rig(stateDir);
        rig.uptime = Duration.ofSeconds(20);
        rig.newHealer(HealMode.GUARDED);
        rig.engine = () -> Swarms.booting(2);
        rig.master();
        rig.runSeconds(10);
        rig.engine = () -> Swarms.hasLeader(2, 2);
        rig.runSeconds(10);
        rig.engine = () -> Swarms.noLeader(2);
        rig.runSeconds(35);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void anAgentThatStartsWithItsHostWaitsFromTheBoot() {
        Rig rig = new Rig(stateDir);
        rig.uptime = Duration.ofSeconds(100);
        rig.newHealer(HealMode.GUARDED);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(GRACE - 101);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("boot-grace");
        rig.runSeconds(10);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void anAgentThatStartsLaterDoesNotWait() {
        Rig rig = new Rig(stateDir);
        rig.uptime = Duration.ofSeconds(GRACE);
        rig.newHealer(HealMode.GUARDED);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(35);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void anEngineThatIsStartedAgainStartsTheGraceAgain() {
        Rig rig = besideALeader();
        rig.engine = () -> Swarms.booting(5);
        rig.runSeconds(GRACE - 20);
        rig.engine = Swarms::down;
        rig.runSeconds(60);
        // Meanwhile another manager was forced, and takes this one in within two minutes.
        rig.answering.add(Swarms.endpoint(4));
        rig.engine = () -> Swarms.booting(5);
        rig.runSeconds(120);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("boot-grace");
    }

    @Test
    void aManagerThatComesBackMayTakeThisNodeInBeforeItIsForced() {
        Rig rig = besideALeader();
        rig.engine = () -> Swarms.noLeader(5);
        // The witness is cut off too, so this side waits.
        rig.witness = WitnessProbe.Outcome.SILENT;
        rig.runSeconds(120);
        rig.witness = WitnessProbe.Outcome.ANSWERED;
        rig.answering.add(Swarms.endpoint(4));
        rig.runSeconds(120);
        assertForcedAfterThe("return-grace", rig);
    }

    /** Seen with real engines, when the hosts of a healed Swarm of five returned one by one. */
    @Test
    void oneThatReturnsWhileAnotherJoinsTheHealedClusterWaitsToBeTakenInToo() {
        Rig rig = besideALeader();
        rig.engine = () -> Swarms.noLeader(5);
        rig.answering.add(Swarms.endpoint(4));
        rig.answering.add(Swarms.endpoint(5));
        rig.runSeconds(20);
        // The fourth was forced, so the fifth falls out of raft, and closes its port until it has joined.
        rig.answering.remove(Swarms.endpoint(5));
        rig.runSeconds(120);
        assertForcedAfterThe("gone-grace", rig);
    }

    /** Seen with real engines, too: it was away while another one was forced, and the rest had left raft when it returned. */
    @Test
    void oneThatWasCutOffOnlyWhileAnElectionSeemedToRunWaitsToBeTakenIn() {
        Rig rig = besideALeader();
        rig.engine = () -> Swarms.electing(5);
        rig.runSeconds(20);
        rig.engine = () -> Swarms.noLeader(5);
        rig.answering.add(Swarms.endpoint(4));
        rig.runSeconds(120);
        assertForcedAfterThe("return-grace", rig);
    }

    @Test
    void theGraceCanBeSwitchedOff() {
        Rig rig = new Rig(stateDir);
        SwarmConfig config = Rig.config(HealMode.GUARDED);
        HealConfig heal = config.heal();
        rig.healer.reconfigure(new SwarmConfig(
                true,
                config.dockerHost(),
                null,
                new HealConfig(
                        heal.mode(),
                        heal.hold(),
                        heal.witnesses(),
                        heal.backoffMin(),
                        heal.backoffMax(),
                        heal.maxAttempts(),
                        heal.cooldown(),
                        Duration.ZERO),
                config.vips()));
        rig.engine = () -> Swarms.booting(2);
        rig.master();
        rig.runSeconds(35);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void anOrderNeedNotWaitForIt() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.booting(2);
        rig.runSeconds(30);
        var preview = rig.healer.preview();
        rig.healer.step();
        assertThat(preview.join().overruled())
                .extracting(HealPreview.Overruled::reason)
                .contains("boot-grace");
        var outcome = rig.healer.order();
        rig.healer.step();
        assertThat(outcome.join().result()).isEqualTo(ForceResult.SUCCESS);
    }

    @Test
    void theDecisionComesWithTheEndOfTheHoldAndNotALookLater() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.hasLeader(2, 2);
        rig.master();
        rig.runSeconds(10);
        rig.engine = () -> Swarms.noLeader(2);
        // Each round of probes takes as long as a dead manager lets it.
        rig.onAsk = () -> rig.clock.advance(Duration.ofMillis(1500));
        long start = rig.clock.nanos();
        long[] forcedAt = {0};
        var onForce = rig.onForce;
        rig.onForce = request -> {
            forcedAt[0] = rig.clock.nanos();
            return onForce.apply(request);
        };
        rig.runSeconds(120);
        assertThat(rig.forced).hasSize(1);
        // The hold, the last pause before "no leader" was seen, the probes that decide and those right before the call.
        assertThat(Duration.ofNanos(forcedAt[0] - start))
                .isLessThanOrEqualTo(Duration.ofSeconds(30 + 2 + 1).plusMillis(2 * 1500 + 1500));
    }
}
