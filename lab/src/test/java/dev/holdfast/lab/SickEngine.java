package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.EngineProxy.Call;
import dev.holdfast.lab.EngineProxy.Lost;
import dev.holdfast.lab.EngineProxy.Meddler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine of the host that may heal answers late, or not at all. Needs proxies between agents and engines. */
enum SickEngine implements SwarmTrial.Story {
    /** The force has succeeded, and nobody says so: the agent finds out for itself. */
    ANSWER_LOST("quorum lost, the answer to the force is lost") {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd survivor = survivor(trial);
            trial.proxy(survivor).meddle(new Meddler() {
                @Override
                public void answer(Call call) throws Lost {
                    if (call.isForce()) {
                        throw new Lost();
                    }
                }
            });
            QuorumLoss.loseForGood(trial, lost(trial));
            trial.agent(survivor).process().awaitLine("healed, this node leads", SwarmTrial.RAFT);
            assertThat(trial.agent(survivor).metric("holdfast_swarm_force_total", "result", "success"))
                    .isOne();
            backAgain(trial, 1);
        }
    },
    /** Each answer takes three seconds more. */
    SLOW("quorum lost, the engine answers 3 s late") {
        @Override
        public void tell(SwarmTrial trial) {
            trial.proxy(survivor(trial)).meddle(new Meddler() {
                @Override
                public void answer(Call call) throws InterruptedException {
                    Thread.sleep(Duration.ofSeconds(3));
                }
            });
            Instant cut = Instant.now();
            lost(trial).forEach(engine -> engine.host().link().cut());
            QuorumLoss.awaitHealed(trial, survivor(trial), cut, Duration.ofMinutes(1));
            backAgain(trial, 1);
        }
    },
    /** Each third answer is lost, that to the force perhaps as well: there may be doubt, and never a second force. */
    LOSING_SOME("quorum lost, each third answer of the engine is lost") {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd survivor = survivor(trial);
            AtomicInteger calls = new AtomicInteger();
            trial.proxy(survivor).meddle(new Meddler() {
                @Override
                public void answer(Call call) throws Lost {
                    if (calls.incrementAndGet() % 3 == 0) {
                        throw new Lost();
                    }
                }
            });
            Instant cut = Instant.now();
            lost(trial).forEach(engine -> engine.host().link().cut());
            QuorumLoss.awaitHealed(trial, survivor, cut, Duration.ofMinutes(2));
            backAgain(trial, 1);
        }
    },
    /** No answer at all while the others elect a leader: unknown is not leaderless. */
    SILENT("leader's host cut, the engine of the next MASTER does not answer") {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd leader = trial.manager(1);
            trial.proxy(trial.manager(2)).meddle(new Meddler() {
                @Override
                public void request(Call call) throws InterruptedException {
                    Thread.sleep(Duration.ofMinutes(10));
                }
            });
            Instant cut = leader.host().link().cut();
            SwarmCluster.awaitLeader(trial.managersBut(List.of(leader)), SwarmTrial.RAFT);
            trial.took("leader", cut);
            Await.until(
                    "the next one to be MASTER",
                    SwarmTrial.SOON,
                    () -> trial.manager(2).host().holds(Router.VIP));
            trial.giveForcesTheirTime();
            trial.assertForces(0);
            trial.proxy(trial.manager(2)).meddle(Meddler.NONE);
            Instant mended = Instant.now();
            leader.host().link().mend();
            trial.assertWholeAgain(mended);
            trial.assertForces(0);
        }
    };

    final String text;

    SickEngine(String text) {
        this.text = text;
    }

    private static List<Dockerd> lost(SwarmTrial trial) {
        return trial.managers().subList(0, QuorumLoss.lost(trial.managers().size()));
    }

    private static Dockerd survivor(SwarmTrial trial) {
        return trial.managersBut(lost(trial)).getFirst();
    }

    private static void backAgain(SwarmTrial trial, long forces) {
        trial.giveForcesTheirTime();
        Instant mended = Instant.now();
        lost(trial).forEach(engine -> engine.host().link().mend());
        trial.assertWholeAgain(mended);
        trial.assertForces(forces);
    }
}
