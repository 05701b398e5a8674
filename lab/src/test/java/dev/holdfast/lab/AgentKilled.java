package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.EngineProxy.Call;
import dev.holdfast.lab.EngineProxy.Lost;
import dev.holdfast.lab.EngineProxy.Meddler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The agent that heals is killed at some step of it, and started again. Needs proxies between agents and engines. The engine
 * is forced once in all, whatever the agent still knew.
 */
enum AgentKilled implements SwarmTrial.Story {
    /** It knows that there is no leader, and waits. */
    HOLDING("agent killed while it waits") {
        @Override
        void awaitStep(SwarmTrial trial, Dockerd survivor) {
            trial.agent(survivor).process().awaitLine("[hold]", SwarmTrial.RAFT);
        }
    },
    /** It has written down that it is about to force, and the engine does not know yet. */
    BEFORE_THE_CALL("agent killed right before the call") {
        @Override
        void awaitStep(SwarmTrial trial, Dockerd survivor) {
            Stop stop = new Stop(true, Call::isForce);
            trial.proxy(survivor).meddle(stop);
            stop.await();
        }
    },
    /** The engine works on it. */
    DURING_THE_CALL("agent killed during the call") {
        @Override
        void awaitStep(SwarmTrial trial, Dockerd survivor) {
            Await.until("the engine to be forced", SwarmTrial.RAFT, () -> survivor.forceCalls() == 1);
        }
    },
    /** The engine has done it, and the answer is on its way. */
    BEFORE_THE_ANSWER("agent killed right before the answer") {
        @Override
        void awaitStep(SwarmTrial trial, Dockerd survivor) {
            Stop stop = new Stop(false, Call::isForce);
            trial.proxy(survivor).meddle(stop);
            stop.await();
        }
    },
    /** It has the answer, and looks whether it is true. */
    VERIFYING("agent killed while it verifies") {
        @Override
        void awaitStep(SwarmTrial trial, Dockerd survivor) {
            // The engine's log has the call before the proxy has its answer; the next question of the agent comes
            // after.
            Stop stop = new Stop(true, call -> !call.isForce() && survivor.forceCalls() == 1);
            trial.proxy(survivor).meddle(stop);
            stop.await();
        }
    };

    final String text;

    AgentKilled(String text) {
        this.text = text;
    }

    /** Waits until the agent is at that step, and keeps it there. */
    abstract void awaitStep(SwarmTrial trial, Dockerd survivor);

    /** Stops the first call that fits, and loses it in the end. */
    private static final class Stop implements Meddler {
        private final boolean atRequest;
        private final Predicate<Call> fits;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        Stop(boolean atRequest, Predicate<Call> fits) {
            this.atRequest = atRequest;
            this.fits = fits;
        }

        @Override
        public void request(Call call) throws Lost, InterruptedException {
            if (atRequest) {
                stop(call);
            }
        }

        @Override
        public void answer(Call call) throws Lost, InterruptedException {
            if (!atRequest) {
                stop(call);
            }
        }

        private void stop(Call call) throws Lost, InterruptedException {
            if (fits.test(call)) {
                reached.countDown();
                over.await();
                throw new Lost();
            }
        }

        void await() {
            try {
                if (!reached.await(SwarmTrial.RAFT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new LabException("no such call came");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while waiting for a call", e);
            }
        }
    }

    @Override
    public void tell(SwarmTrial trial) {
        List<Dockerd> lost =
                trial.managers().subList(0, QuorumLoss.lost(trial.managers().size()));
        Dockerd survivor = trial.managersBut(lost).getFirst();
        lost.forEach(engine -> engine.host().link().cut());
        awaitStep(trial, survivor);
        trial.agent(survivor).close();
        trial.proxy(survivor).meddle(Meddler.NONE);
        Instant restarted = Instant.now();
        trial.agent(survivor).restart();
        SwarmCluster.awaitLeader(List.of(survivor), SwarmTrial.RAFT);
        trial.agent(survivor).awaitSwarmState("HAS_LEADER", SwarmTrial.RAFT);
        trial.took("leads again", restarted);
        trial.assertKept(survivor);
        trial.giveForcesTheirTime();
        assertThat(trial.cluster().forceCalls())
                .as("force calls that engines received")
                .isOne();
        Instant mended = Instant.now();
        lost.forEach(engine -> engine.host().link().mend());
        trial.assertWholeAgain(mended);
        assertThat(trial.cluster().forceCalls())
                .as("force calls that engines received")
                .isOne();
    }
}
