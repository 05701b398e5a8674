package dev.holdfast.lab;

import dev.holdfast.lab.SwarmTrial.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One small trial of each kind that {@link HealingTest} does not have; the others take longer than a test run has, and are in
 * {@link SwarmMatrixSoakTest}.
 */
@EndToEnd
@ResourceLock("engines")
class SwarmTrialsTest {
    @Test
    void theOthersElectWhenTheLeadersEngineIsKilled(Lab lab) throws Exception {
        SwarmTrial.run(LeaderLoss.KILLED.text, lab, Setup.of(3), LeaderLoss.KILLED);
    }

    @Test
    void oneThatHearsNothingForcesNothing(Lab lab) throws Exception {
        SwarmTrial.run(SickNetwork.DEAF.text, lab, Setup.of(2), SickNetwork.DEAF);
    }

    @Test
    void oneThatBootsAloneIsHealed(Lab lab) throws Exception {
        SwarmTrial.run(ColdBoot.OTHERS_NEVER.text, lab, Setup.of(2), ColdBoot.OTHERS_NEVER);
    }

    @Test
    void anAgentKilledInTheMiddleOfAHealForcesOnceInAll(Lab lab) throws Exception {
        SwarmTrial.run(AgentKilled.DURING_THE_CALL.text, lab, Setup.of(2).withProxies(), AgentKilled.DURING_THE_CALL);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCKED", "ZOMBIE"})
    void whatNoForceMendsIsLeftAlone(NoSwarmToHeal state, Lab lab) throws Exception {
        SwarmTrial.run(state.text, lab, Setup.of(state.managers), state);
    }
}
