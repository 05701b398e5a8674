package dev.holdfast.lab;

import dev.holdfast.lab.SwarmTrial.Setup;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All that can happen to Swarms of 2, 3 and 5 managers: {@code ./dev soak swarm}. The small ones are {@link SwarmTrialsTest}. */
@EndToEnd
@Tag("soak")
@Tag("swarm-matrix")
@Execution(ExecutionMode.CONCURRENT)
// The longest first, so that they do not run alone at the end.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwarmMatrixSoakTest {
    private static final int LEADER_LOSSES = 20;
    private static final String POLICY_QUORUM = ", policy quorum";
    /** What an agent holds unless it is told otherwise. */
    private static final Duration USUAL_HOLD = Duration.ofSeconds(30);

    private static <T> Stream<Arguments> with(T[] stories, Integer... managers) {
        return Arrays.stream(managers)
                .flatMap(count -> Arrays.stream(stories).map(story -> Arguments.of(story, count)));
    }

    static Stream<Arguments> leaderLosses() {
        return with(LeaderLoss.values(), 3, 5);
    }

    @ParameterizedTest(name = "{0}, {1} managers")
    @MethodSource("leaderLosses")
    void theOthersElectAndNobodyForces(LeaderLoss loss, int managers, Lab lab) throws Exception {
        SwarmTrial.run(loss.text, lab, Setup.of(managers).withWorkers(1), loss);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(LeaderLoss.class)
    @Order(1)
    void twentyLeadersAreLostAndNobodyForces(LeaderLoss loss, Lab lab) throws Exception {
        SwarmTrial.run(loss.text + ", " + LEADER_LOSSES + " times", lab, Setup.of(3), trial -> {
            for (int i = 0; i < LEADER_LOSSES; i++) {
                loss.suffer(trial);
            }
            trial.assertForces(0);
        });
    }

    static Stream<Arguments> quorumLosses() {
        return Stream.concat(Stream.of(Arguments.of(QuorumLoss.AT_ONCE, 2)), with(QuorumLoss.values(), 3, 5));
    }

    @ParameterizedTest(name = "back {0}, {1} managers")
    @MethodSource("quorumLosses")
    void aLostQuorumIsHealedOnceAndAllComeBack(QuorumLoss back, int managers, Lab lab) throws Exception {
        SwarmTrial.run(
                "quorum lost, hosts return " + back.text,
                lab,
                Setup.of(managers).withWorkers(1),
                back);
    }

    static Stream<Partition> partitions() {
        return Partition.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("partitions")
    void aPartitionIsMended(Partition partition, Lab lab) throws Exception {
        SwarmTrial.run(partition.toString(), lab, Setup.of(partition.managers()), partition);
    }

    static Stream<PromisedPartition> promisedPartitions() {
        return PromisedPartition.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("promisedPartitions")
    void nothingIsLostInAPartitionUnderPolicyQuorum(PromisedPartition partition, Lab lab) throws Exception {
        SwarmTrial.run(
                partition.toString(),
                lab,
                Setup.of(partition.managers()).withWorkers(partition.workers()).withPromises(),
                partition);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(SickNetwork.class)
    void aSickNetworkLeavesOneLeaderUnderPolicyQuorum(SickNetwork network, Lab lab) throws Exception {
        SwarmTrial.run(network.text + POLICY_QUORUM, lab, Setup.of(3).withPromises(), network);
    }

    @Test
    void whereMostAgentsAreLeftALostQuorumIsHealedUnderPolicyQuorum(Lab lab) throws Exception {
        SwarmTrial.run(
                "quorum lost, hosts return " + QuorumLoss.AT_ONCE.text + POLICY_QUORUM,
                lab,
                Setup.of(3).withWorkers(2).withPromises(),
                QuorumLoss.AT_ONCE);
    }

    static Stream<Arguments> sickNetworks() {
        return with(SickNetwork.values(), 2, 3);
    }

    @ParameterizedTest(name = "{0}, {1} managers")
    @MethodSource("sickNetworks")
    void aSickNetworkLeavesOneLeader(SickNetwork network, int managers, Lab lab) throws Exception {
        SwarmTrial.run(network.text, lab, Setup.of(managers), network);
    }

    static Stream<Arguments> coldBoots() {
        return with(ColdBoot.values(), 2, 3);
    }

    @ParameterizedTest(name = "{0}, {1} managers")
    @MethodSource("coldBoots")
    void aColdBootForcesOnlyIfTheOthersDoNotCome(ColdBoot boot, int managers, Lab lab) throws Exception {
        SwarmTrial.run(boot.text, lab, Setup.of(managers).withHold(USUAL_HOLD), boot);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(AgentKilled.class)
    void anAgentKilledAtAnyStepForcesOnceInAll(AgentKilled step, Lab lab) throws Exception {
        SwarmTrial.run(step.text, lab, Setup.of(2).withProxies(), step);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(SickEngine.class)
    void aSickEngineMisleadsNobody(SickEngine engine, Lab lab) throws Exception {
        SwarmTrial.run(engine.text, lab, Setup.of(3).withProxies(), engine);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(NoSwarmToHeal.class)
    void whatNoForceMendsIsLeftAlone(NoSwarmToHeal state, Lab lab) throws Exception {
        SwarmTrial.run(state.text, lab, Setup.of(state.managers), state);
    }
}
