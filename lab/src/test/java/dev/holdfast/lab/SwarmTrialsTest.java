package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.SwarmTrial.Setup;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * One trial of each kind that {@link HealingTest} does not have, several of them with the same Swarm; the others take longer
 * than a test run has, and are in {@link SwarmMatrixSoakTest}.
 */
@EndToEnd
@Order(1)
class SwarmTrialsTest {
    @Test
    void aQuorumThatLivesIsLeftAlone(Lab lab) throws Exception {
        SwarmTrial.run("leader's engine killed, then another host deaf", lab, Setup.of(3), trial -> {
            LeaderLoss.KILLED.tell(trial);
            SickNetwork.DEAF.tell(trial);
        });
    }

    @Test
    void oneThatBootsAloneIsHealedOnceAlthoughItsAgentIsKilledMeanwhile(Lab lab) throws Exception {
        SwarmTrial.run("cold boot, the others do not come, agent killed during the call", lab, Setup.of(2), trial -> {
            Dockerd only = trial.manager(2);
            trial.powerOff();
            trial.powerOn(List.of(only));
            Await.until("the engine to be forced", trial.bootLimit(), () -> only.forceCalls() == 1);
            trial.agent(only).close();
            trial.agent(only).restart();
            SwarmCluster.awaitLeader(List.of(only), SwarmTrial.RAFT);
            trial.agent(only).awaitSwarmState("HAS_LEADER", SwarmTrial.SOON);
            trial.giveForcesTheirTime();
            trial.assertForces(1);
            trial.assertKept(only);
        });
    }

    @Test
    void whatNoForceMendsIsLeftAlone(Lab lab) throws Exception {
        SwarmTrial.run("a zombie, then a locked manager", lab, Setup.of(1), trial -> {
            NoSwarmToHeal.ZOMBIE.tell(trial);
            NoSwarmToHeal.LOCKED.tell(trial);
            assertThat(trial.attempts()).as("force calls in the journals").isZero();
        });
    }
}
