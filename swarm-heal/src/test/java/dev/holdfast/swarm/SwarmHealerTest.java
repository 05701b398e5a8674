package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmHealerTest {

    @TempDir
    Path stateDir;

    @Test
    void twoManagersThatLoseTheLeaderAreHealedByExactlyOneForce() throws IOException {
        Rig rig = new Rig(stateDir);
        rig.runSeconds(30);
        rig.master();
        rig.engine = () -> Swarms.electing(2);
        rig.runSeconds(10);
        rig.engine = () -> Swarms.noLeader(2);
        rig.runSeconds(29);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("hold");
        rig.runSeconds(600);

        assertThat(rig.forced).containsExactly(new SwarmGateway.ForceRequest(Swarms.ip("10.0.0.1"), 2377, 4789));
        assertThat(rig.heard)
                .containsExactly(
                        "state HAS_LEADER",
                        "nothing-to-do not-master",
                        "state ELECTING",
                        "refuse election-running",
                        "state NO_LEADER",
                        "wait hold",
                        "force quorum-lost",
                        "state HAS_LEADER",
                        "forced success",
                        "nothing-to-do has-leader");
        HealStatus status = rig.healer.status();
        assertThat(status.state()).isEqualTo(SwarmState.HAS_LEADER);
        assertThat(status.forces()).containsEntry(ForceResult.SUCCESS, 1L).containsEntry(ForceResult.FAILURE, 0L);
        assertThat(status.refusals()).containsEntry(HealRefusal.ELECTION_RUNNING, 1L);
        // What the engine forgets is on disk.
        KnownManagers before = KnownManagers.read(StateStore.in(stateDir), KnownManagers.FILE_BEFORE_HEAL);
        assertThat(before).isNotNull();
        assertThat(before.managers()).extracting(Manager::hostname).containsExactly("host1", "host2");
        KnownManagers after = KnownManagers.read(StateStore.in(stateDir));
        assertThat(after).isNotNull();
        assertThat(after.managers()).hasSize(1);
        assertThat(Files.readString(stateDir.resolve(HealJournal.FILE)))
                .contains("\"reason\":\"hold\"")
                .contains("\"event\":\"attempt\"")
                .contains("\"result\":\"success\"");
    }

    @Test
    void threeManagersWithTheLeaderCutOffElectAnotherAndNothingIsForced() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.hasLeader(3, 2);
        rig.answering.add(Swarms.endpoint(3));
        rig.master();
        rig.runSeconds(10);
        rig.engine = () -> Swarms.noLeader(3);
        rig.runSeconds(12);
        rig.engine = () -> Swarms.electing(3);
        rig.runSeconds(20);
        rig.engine = () -> Swarms.hasLeader(3, 3);
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("has-leader");
    }

    @Test
    void twoSurvivorsThatCannotElectAreLeftToPeople() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(3);
        rig.answering.add(Swarms.endpoint(3));
        rig.master();
        rig.runSeconds(3600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("quorum-still-possible");
        assertThat(rig.healer.status().explanation())
                .contains("host3", "10.0.0.3:2377")
                .contains("quorum is 2 of 3");
        assertThat(rig.healer.status().refusals()).containsEntry(HealRefusal.QUORUM_STILL_POSSIBLE, 1L);
    }

    @Test
    void anotherManagerThatAnswersNowAndThenIsNotDead() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> {
            // Every 20 s one probe gets through.
            if (Math.floorMod(rig.clock.now().getEpochSecond(), 20) < 2) {
                rig.answering.add(Swarms.endpoint(2));
            } else {
                rig.answering.clear();
            }
            return Swarms.noLeader(2);
        };
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        rig.engine = () -> {
            rig.answering.clear();
            return Swarms.noLeader(2);
        };
        rig.runSeconds(60);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void losingMasterInTheHoldCancels() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(25);
        rig.healer.notMaster();
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("not-master");
        // And the hold begins anew.
        rig.master();
        rig.runSeconds(29);
        assertThat(rig.forced).isEmpty();
        rig.runSeconds(10);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void losingMasterBetweenTheDecisionAndTheCallCancels() {
        for (int look = 1; look <= 40; look++) {
            Rig rig = new Rig(stateDir.resolve("look" + look));
            int losesAt = look;
            int[] looks = {0};
            rig.engine = () -> {
                if (++looks[0] == losesAt) {
                    rig.healer.notMaster();
                }
                return Swarms.noLeader(2);
            };
            rig.master();
            rig.runSeconds(30 + 2);
            int needed = 17; // looks until the hold is over, one more right before the call
            if (look <= needed) {
                assertThat(rig.forced).as("MASTER lost in look %d", look).isEmpty();
            }
        }
    }

    @Test
    void aGateThatClosesBetweenTheDecisionAndTheCallStops() {
        Rig rig = new Rig(stateDir);
        List<Integer> looks = new ArrayList<>();
        rig.engine = () -> {
            looks.add(1);
            // The 16th look at 30 s opens the gates, the 17th comes right before the call.
            return looks.size() < 17 ? Swarms.noLeader(2) : Swarms.electing(2);
        };
        rig.master();
        rig.runSeconds(300);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("election-running");
    }

    @Test
    void aForceThatReportsAnErrorAfterItSucceededIsASuccess() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> {
            rig.clock.advance(Duration.ofSeconds(5));
            rig.engine = () -> Swarms.hasLeader(1, 1);
            return new ApiReply.Failed<>(EngineFault.NO_ANSWER, "Read timed out");
        };
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).hasSize(1);
        assertThat(rig.healer.status().forces()).containsEntry(ForceResult.SUCCESS, 1L);
    }

    @Test
    void aGatewayThatThrowsInTheForceIsJudgedByTheStateToo() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> {
            rig.engine = () -> Swarms.hasLeader(1, 1);
            throw new IllegalStateException("connection reset");
        };
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).hasSize(1);
        assertThat(rig.healer.status().forces()).containsEntry(ForceResult.SUCCESS, 1L);
    }

    @Test
    void theNewLeaderMayTakeAWhileToShow() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> {
            long ready = rig.clock.nanos() + Duration.ofSeconds(40).toNanos();
            rig.engine = () -> rig.clock.nanos() - ready < 0 ? Swarms.electing(2) : Swarms.hasLeader(1, 1);
            return new ApiReply.Ok<>("m1");
        };
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).hasSize(1);
        assertThat(rig.healer.status().forces()).containsEntry(ForceResult.SUCCESS, 1L);
    }

    @Test
    void anAnswerOf200WithoutThisNodeAsLeaderIsNoSuccess() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> {
            rig.engine = () -> Swarms.hasLeader(2, 2);
            return new ApiReply.Ok<>("m1");
        };
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).hasSize(1);
        assertThat(rig.healer.status().forces()).containsEntry(ForceResult.FAILURE, 1L);
        assertThat(rig.healer.status().reason()).isEqualTo("has-leader");
    }

    @Test
    void failedForcesBackOffThenCoolDown() {
        Rig rig = new Rig(stateDir);
        List<Long> times = new ArrayList<>();
        rig.onForce = request -> {
            times.add(rig.clock.nanos());
            return new ApiReply.Refused<>(500, "no");
        };
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.run(Duration.ofMinutes(8));
        assertThat(times).hasSize(3);
        assertThat(rig.healer.status().reason()).isEqualTo("cooldown");
        assertThat(rig.healer.status().attempts()).isEqualTo(3);
        assertThat(rig.healer.status().waitingUntil()).isAfter(rig.clock.now());
        rig.run(Duration.ofMinutes(40));
        for (int i = 1; i < times.size(); i++) {
            // A minute of verifying, and the hold anew.
            assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(i % 3 == 0 ? 600 : 90));
        }
        assertThat(times.size()).isBetween(7, 12);
        assertThat(rig.heard).contains("forced failure", "wait cooldown");
    }

    @Test
    void aFlappingStateBeginsTheHoldAnew() {
        Rig rig = new Rig(stateDir);
        rig.master();
        for (int i = 0; i < 20; i++) {
            rig.engine = () -> Swarms.noLeader(2);
            rig.runSeconds(28);
            rig.engine = () -> Swarms.electing(2);
            rig.runSeconds(2);
        }
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void aGapInWatchingBeginsTheHoldAnew() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(28);
        rig.clock.advance(Duration.ofMinutes(5));
        rig.runSeconds(20);
        assertThat(rig.forced).isEmpty();
        rig.runSeconds(20);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void quorumThatIsLostLaterIsHealedTooWhileMaster() {
        Rig rig = new Rig(stateDir);
        rig.master();
        rig.run(Duration.ofDays(1));
        rig.engine = () -> Swarms.noLeader(2);
        rig.runSeconds(40);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void aMasterThatIsItselfCutOffForcesNothing() {
        Rig rig = new Rig(stateDir);
        rig.witness = WitnessProbe.Outcome.SILENT;
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.run(Duration.ofHours(2));
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("witness-silent");
    }

    @Test
    void observeSaysWhatItWouldDoAndDoesNothing() {
        Rig rig = new Rig(stateDir, new FakeClock(), HealMode.OBSERVE);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.run(Duration.ofHours(2));
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().decision()).isEqualTo("would-force");
        assertThat(rig.healer.status().explanation()).contains("10.0.0.1");
    }

    @Test
    void aNewConfigurationIsTaken() {
        Rig rig = new Rig(stateDir, new FakeClock(), HealMode.OBSERVE);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.run(Duration.ofMinutes(2));
        rig.healer.reconfigure(Rig.config(HealMode.GUARDED));
        rig.runSeconds(10);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void aRestartBetweenDecisionAndForceLosesNothing() {
        Rig rig = new Rig(stateDir);
        rig.master();
        rig.runSeconds(30);
        rig.engine = () -> Swarms.noLeader(2);
        rig.runSeconds(20);
        // The engine forgets the others at its restart; the agent, restarted too, has them on disk.
        rig.newHealer(HealMode.GUARDED);
        rig.engine = () -> Swarms.noLeader(1);
        rig.master();
        rig.runSeconds(29);
        assertThat(rig.forced).isEmpty();
        rig.runSeconds(10);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void aCrashInTheForceCountsAsAnAttemptAndBacksOff() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> {
            throw new Crash();
        };
        rig.engine = () -> Swarms.noLeader(2);
        for (int i = 1; i <= 3; i++) {
            rig.master();
            try {
                rig.run(Duration.ofMinutes(3));
            } catch (Crash e) {
                rig.clock.advance(Duration.ofSeconds(1));
            }
            assertThat(rig.forced).hasSize(i);
            rig.newHealer(HealMode.GUARDED);
        }
        rig.master();
        rig.runSeconds(90);
        assertThat(rig.forced).hasSize(3);
        assertThat(rig.healer.status().reason()).isEqualTo("cooldown");
    }

    /** What no handler catches: the process dies. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void theCooldownOutlivesARestart() {
        Rig rig = new Rig(stateDir);
        rig.onForce = request -> new ApiReply.Refused<>(500, "no");
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.run(Duration.ofMinutes(8));
        assertThat(rig.forced).hasSize(3);
        rig.newHealer(HealMode.GUARDED);
        rig.master();
        rig.run(Duration.ofMinutes(4));
        assertThat(rig.forced).hasSize(3);
        assertThat(rig.healer.status().reason()).isEqualTo("cooldown");
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenMeansNoForce() throws IOException {
        Path file = Files.writeString(stateDir.resolve("file"), "in the way");
        Rig rig = new Rig(file.resolve("state"));
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("state-not-saved");
    }

    @Test
    void aJournalThatCannotBeReadMeansNoForce() throws IOException {
        Files.createDirectories(stateDir.resolve(HealJournal.FILE));
        Rig rig = new Rig(stateDir);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("state-not-saved");
    }

    @Test
    void anAutolockedSwarmIsRememberedAfterItLostItsLeader() {
        Rig rig = new Rig(stateDir);
        rig.engine = () -> {
            EngineInfo info = new EngineInfo(
                    "active", true, "m1", "10.0.0.1", "", Swarms.managers(2, 0), new ClusterFacts("c", true, 4789));
            return new SwarmObservation(
                    new ApiReply.Ok<>(info), new ApiReply.Ok<>(Swarms.nodes(Swarms.managers(2, 2))));
        };
        rig.runSeconds(20);
        rig.newHealer(HealMode.GUARDED);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        rig.runSeconds(600);
        assertThat(rig.forced).isEmpty();
        assertThat(rig.healer.status().reason()).isEqualTo("autolock");
    }

    @Test
    void aPortOtherThanTheUsualIsKept() {
        Rig rig = new Rig(stateDir);
        List<Manager> two = List.of(
                new Manager("m1", "host1", new Endpoint("10.0.0.1", 4377), "", false),
                new Manager("m2", "host2", new Endpoint("10.0.0.2", 4377), "", false));
        rig.engine = () -> new SwarmObservation(
                new ApiReply.Ok<>(Swarms.engine("active", true, two)),
                new ApiReply.Refused<>(500, Swarms.NO_LEADER_MESSAGE));
        rig.master();
        rig.runSeconds(40);
        assertThat(rig.forced).extracting(SwarmGateway.ForceRequest::port).containsExactly(4377);
    }

    @Test
    void anEngineThatComesAndGoesHarmsNothing() {
        Rig rig = new Rig(stateDir);
        rig.master();
        for (EngineFault fault : EngineFault.values()) {
            rig.engine = () -> new SwarmObservation(new ApiReply.Failed<>(fault, "x"), new ApiReply.NotAsked<>());
            rig.runSeconds(60);
            HealStatus status = rig.healer.status();
            assertThat(status.state()).isEqualTo(SwarmState.DOCKER_DOWN);
            assertThat(status.fault()).isEqualTo(fault);
            assertThat(status.reason())
                    .isEqualTo(fault == EngineFault.PERMISSION_DENIED ? "socket-not-permitted" : "engine-down");
        }
        rig.engine = Swarms::inactive;
        rig.runSeconds(60);
        assertThat(rig.healer.status().reason()).isEqualTo("not-in-swarm");
        assertThat(rig.forced).isEmpty();
    }

    @Test
    void aListenerThatFailsStopsNothing() {
        Rig rig = new Rig(stateDir);
        SwarmHealer healer = new SwarmHealer(
                Rig.config(HealMode.GUARDED),
                new HealPorts(
                        new SwarmGateway() {
                            @Override
                            public SwarmObservation observe() {
                                return rig.forced.isEmpty() ? Swarms.noLeader(2) : Swarms.hasLeader(1, 1);
                            }

                            @Override
                            public ApiReply<String> forceNewCluster(ForceRequest request) {
                                rig.forced.add(request);
                                return new ApiReply.Ok<>("m1");
                            }

                            @Override
                            public void close() {}
                        },
                        endpoint -> false,
                        w -> new WitnessProbe.Answer(w, WitnessProbe.Outcome.ANSWERED, "asked"),
                        () -> rig.local,
                        rig.clock,
                        new java.util.Random(1)),
                stateDir,
                new HealListener() {
                    @Override
                    public void decided(HealPlan plan) {
                        throw new IllegalStateException("listener");
                    }
                });
        rig.healer = healer;
        rig.master();
        rig.runSeconds(60);
        assertThat(rig.forced).hasSize(1);
    }

    @Test
    void theThreadLooksAtOnceWhenMasterAndStopsWhenClosed() throws Exception {
        Rig rig = new Rig(stateDir);
        var looks = new java.util.concurrent.LinkedBlockingQueue<Boolean>();
        rig.engine = () -> {
            looks.add(true);
            return Swarms.hasLeader(2, 2);
        };
        rig.healer.start();
        assertThat(looks.poll(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        rig.master();
        // Long before the idle poll would come.
        assertThat(looks.poll(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        rig.healer.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("swarm-healer");
    }
}
