package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

/** States of an engine that no force mends: the agent names them and calls nothing, ever. */
enum NoSwarmToHeal implements SwarmTrial.Story {
    /** The engine of an autolocked Swarm starts, and nobody has given its key. */
    LOCKED("autolock: a locked manager without a key", 1) {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd engine = trial.manager(1);
            engine.docker("swarm", "update", "--autolock");
            engine.restart(trial.lab());
            leavesAlone(trial, engine, "LOCKED", "swarm-locked");
            trial.remark("locked by the trial, so nobody can tell what is kept");
        }
    },
    /** The quorum of an autolocked Swarm is lost: a force would fail and take the node out. */
    AUTOLOCKED("autolock: quorum lost", 2) {
        @Override
        public void tell(SwarmTrial trial) {
            trial.manager(1).docker("swarm", "update", "--autolock");
            for (Dockerd engine : trial.managers()) {
                Await.until(
                        "the agent of " + engine.host() + " to have seen it",
                        SwarmTrial.SOON,
                        () -> engine.host().read("state/known-managers.json").contains("\"autolock\":true"));
            }
            Dockerd lost = trial.manager(1);
            Dockerd survivor = trial.manager(2);
            lost.host().link().cut();
            leavesAlone(trial, survivor, "NO_LEADER", "autolock");
            Instant mended = Instant.now();
            lost.host().link().mend();
            trial.assertWholeAgain(mended);
        }
    },
    /** Somebody forced with an address that is not here: the engine has no node id, until it is started again. */
    ZOMBIE("zombie after somebody else's wrong force", 1) {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd engine = trial.manager(1);
            assertThat(engine.dockerSucceeds("swarm", "init", "--force-new-cluster", "--advertise-addr", "10.77.0.99"))
                    .isFalse();
            leavesAlone(trial, engine, "BROKEN", "node-broken");
            engine.restart(trial.lab());
            SwarmCluster.awaitLeader(List.of(engine), SwarmTrial.RAFT);
            trial.assertKept(engine);
            trial.remark("the one force is the trial's own");
        }
    },
    /** As after copying another host's configuration: a force with that address would leave a node that nobody reaches. */
    BAD_ADDRESS("advertise address of another host: quorum lost", 2) {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd lost = trial.manager(1);
            Dockerd survivor = trial.manager(2);
            trial.configure(survivor, "advertise-address = \"10.77.0.99\"");
            lost.host().link().cut();
            leavesAlone(trial, survivor, "NO_LEADER", "advertise-address-not-local");
            Instant configured = Instant.now();
            trial.configure(survivor, "");
            SwarmCluster.awaitLeader(List.of(survivor), SwarmTrial.RAFT);
            trial.took("healed with the right one", configured);
            Instant mended = Instant.now();
            lost.host().link().mend();
            trial.assertWholeAgain(mended);
            trial.assertForces(1);
        }
    },
    /** As after months without power: the engine takes part in nothing until somebody gives it a certificate. */
    CERTIFICATE_EXPIRED("the node's certificate has expired", 1) {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd engine = trial.manager(1);
            NodeCertificate certificate = NodeCertificate.of(engine);
            engine.kill();
            certificate.expire();
            engine.restart(trial.lab());
            leavesAlone(trial, engine, "BROKEN", "node-broken");
            assertThat(trial.agent(engine).command("heal", "status")).contains("expired");
            engine.kill();
            certificate.restore();
            engine.restart(trial.lab());
            SwarmCluster.awaitLeader(List.of(engine), SwarmTrial.RAFT);
            trial.assertKept(engine);
        }
    },
    /** A node left, and did not get back in with a token of another cluster. */
    WRONG_TOKEN("wrong token: a node that could not join", 2) {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd engine = trial.manager(2);
            String token = trial.manager(1).docker("swarm", "join-token", "-q", "manager");
            trial.manager(1)
                    .docker(
                            "node",
                            "demote",
                            engine.get("/info").path("Swarm").path("NodeID").asText());
            Await.until(
                    "a single manager", SwarmTrial.RAFT, () -> SwarmCluster.reachableManagers(trial.manager(1)) == 1);
            engine.docker("swarm", "leave", "--force");
            // The part before the last dash is the digest of the cluster's certificate; the last one is the secret.
            String wrong = token.substring(0, token.lastIndexOf('-')) + "-0123456789abcdefghijklmno";
            assertThat(engine.dockerSucceeds(
                            "swarm",
                            "join",
                            "--token",
                            wrong,
                            trial.manager(1).host().address() + ":2377"))
                    .isFalse();
            trial.manager(1).host().link().cut();
            leavesAlone(trial, engine, "INACTIVE", "not-in-swarm");
            trial.manager(1).host().link().mend();
            trial.assertKept(trial.manager(1));
        }
    };

    final String text;

    /** How many it takes. */
    final int managers;

    NoSwarmToHeal(String text, int managers) {
        this.text = text;
        this.managers = managers;
    }

    private static void leavesAlone(SwarmTrial trial, Dockerd engine, String state, String refusal) {
        List<String> calls = engine.changingCalls();
        long before = trial.cluster().forceCalls();
        trial.agent(engine).awaitSwarmState(state, SwarmTrial.RAFT);
        trial.agent(engine).awaitRefusal(refusal, SwarmTrial.RAFT);
        trial.giveForcesTheirTime();
        assertThat(trial.agent(engine).swarmStateIs(state)).as(state).isTrue();
        assertThat(engine.changingCalls())
                .as("calls that could have changed something")
                .isEqualTo(calls);
        assertThat(trial.cluster().forceCalls()).isEqualTo(before);
        assertThat(trial.attempts()).as("force calls in the journals").isZero();
    }
}
