package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.ClusterFacts;
import dev.holdfast.swarm.HealPlan;
import dev.holdfast.swarm.HealReason;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents with keepers and fake engines in one process: host N is agent N of a, b, c and d, and node nN once it is in the Swarm. */
class BootstrapTest {

    private static final ManagersConfig CONFIG =
            new ManagersConfig(3, KeepMode.OFF, Duration.ofMinutes(5), RejoinMode.AUTO, null, true);

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final List<Host> hosts = new ArrayList<>();

    /** The Swarm, if there is one: roles by the number of the host. */
    private final TreeMap<Integer, String> swarm = new TreeMap<>();

    private int inits;

    private final class Host implements Peers {
        final int number;
        final FakeAdministration engine = new FakeAdministration();
        Keepers keepers;
        boolean up = true;
        boolean master;
        boolean ever;

        final Path stateDir;

        Host(int number) {
            this(number, directory.resolve("host" + number));
        }

        Host(int number, Path stateDir) {
            this.number = number;
            this.stateDir = stateDir;
            engine.answer = call -> {
                if (call.startsWith("init")) {
                    inits++;
                    swarm.put(number, "manager");
                } else if (call.startsWith("join")) {
                    swarm.put(number, call.startsWith("join M") ? "manager" : "worker");
                }
                return new ApiReply.Ok<>("done");
            };
            start();
        }

        void start() {
            keepers = new Keepers(
                    CONFIG,
                    Looks.SWARM,
                    new KeeperPorts(
                            engine,
                            this,
                            () -> Lineage.NONE,
                            endpoint -> true,
                            () -> Set.of(InetAddress.ofLiteral("10.0.0." + number)),
                            clock),
                    stateDir);
        }

        String name() {
            return String.valueOf((char) ('a' + number - 1));
        }

        SwarmSnapshot look() {
            if (!swarm.containsKey(number)) {
                return new SwarmSnapshot(
                        SwarmState.INACTIVE,
                        "the engine is in no swarm",
                        null,
                        "",
                        "",
                        List.of(),
                        List.of(),
                        null,
                        clock.nanos());
            }
            ever = true;
            boolean manager = "manager".equals(swarm.get(number));
            List<SwarmNode> nodes = manager
                    ? swarm.entrySet().stream()
                            .map(entry -> entry.getValue().equals("manager")
                                    ? Looks.manager(entry.getKey(), "reachable", entry.getKey() == leader())
                                    : Looks.worker(entry.getKey()))
                            .toList()
                    : List.of();
            List<Manager> managers = nodes.stream()
                    .map(SwarmNode::manager)
                    .filter(java.util.Objects::nonNull)
                    .toList();
            return new SwarmSnapshot(
                    manager ? SwarmState.HAS_LEADER : SwarmState.WORKER,
                    "",
                    null,
                    "n" + number,
                    "10.0.0." + number,
                    managers,
                    nodes,
                    manager ? new ClusterFacts("c1", false, 4789) : null,
                    clock.nanos());
        }

        private int leader() {
            return swarm.firstKey();
        }

        AgentReport report() {
            SwarmSnapshot seen = look();
            return new AgentReport(
                    name(),
                    master,
                    seen.state(),
                    0,
                    seen.nodeId(),
                    seen.nodeAddress(),
                    seen.cluster() == null ? "" : "c1",
                    seen.leader().map(Manager::id).orElse(""),
                    Lineage.NONE,
                    ever);
        }

        String round() {
            keepers.attend(new Caretaker.Round(
                    look(),
                    clock.nanos(),
                    master,
                    new HealPlan.NothingToDo(HealReason.HAS_LEADER, ""),
                    clock.nanos(),
                    ever));
            return reason();
        }

        String reason() {
            return keepers.status().tasks().stream()
                    .filter(task -> task.task() == KeepTask.BOOTSTRAP)
                    .map(ManagersStatus.Task::reason)
                    .findFirst()
                    .orElse("");
        }

        @Override
        public int configured() {
            return hosts.size();
        }

        @Override
        public Roster roster() {
            return new Roster(
                    name(),
                    "10.0.0." + number,
                    hosts.stream().filter(host -> !host.up).map(Host::name).toList());
        }

        @Override
        public List<Heard> heard() {
            return hosts.stream()
                    .filter(host -> host != this && host.up)
                    .map(host -> new Heard(host.report(), clock.nanos()))
                    .toList();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            return hosts.stream()
                    .filter(host -> host.up && host.name().equals(agent))
                    .findFirst()
                    .map(host -> host.keepers.answer(name(), request))
                    .orElse(new PeerReply.NoAnswer("silent"));
        }
    }

    @BeforeEach
    void threeHosts() {
        make(3);
        hosts.get(1).master = true;
    }

    private void make(int count) {
        while (hosts.size() < count) {
            hosts.add(new Host(hosts.size() + 1));
        }
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            hosts.stream().filter(host -> host.up).forEach(Host::round);
            clock.advance(Duration.ofSeconds(4));
        }
    }

    @Test
    void threeFreshHostsBecomeOneSwarmOfThreeManagers() throws Exception {
        rounds(6);
        assertThat(inits).isEqualTo(1);
        assertThat(swarm).hasSize(3).containsValue("manager").doesNotContainValue("worker");
        assertThat(hosts.get(1).engine.calls).containsExactly("init 10.0.0.2:2377");
        assertThat(hosts.get(0).engine.calls)
                .singleElement()
                .asString()
                .startsWith("join M [10.0.0.2:2377")
                .endsWith(" 10.0.0.1:2377");
        assertThat(hosts.get(1).keepers.status().repairs())
                .containsEntry(KeepAction.INIT, new ManagersStatus.Count(1, 0));
        assertThat(Files.readString(directory.resolve("host2").resolve(KeepJournal.FILE)))
                .contains("\"init\"", "\"before\"", "\"after\"");
        assertThat(Files.readString(directory.resolve("host1").resolve(KeepJournal.FILE)))
                .contains("\"join\"")
                .doesNotContain("\"M\"");
    }

    @Test
    void theFourthIsAWorker() {
        make(4);
        rounds(8);
        assertThat(inits).isEqualTo(1);
        assertThat(swarm.values()).containsExactlyInAnyOrder("manager", "manager", "manager", "worker");
    }

    @Test
    void itWaitsForTheLastHostAndSaysWhom() {
        hosts.get(2).up = false;
        rounds(5);
        assertThat(inits).isZero();
        assertThat(hosts.get(1).reason()).isEqualTo("waiting-for-agents");
        assertThat(hosts.get(1).keepers.status().tasks())
                .anyMatch(task -> task.explanation().contains("missing: c"));
        hosts.get(2).up = true;
        rounds(6);
        assertThat(swarm).hasSize(3);
    }

    @Test
    void aSecondMasterDoesNotMakeASecondSwarm() {
        rounds(6);
        hosts.forEach(host -> host.master = host.number == 3);
        rounds(5);
        // Its disk is lost: neither the engine nor the agent remembers anything.
        swarm.remove(3);
        hosts.set(2, new Host(3, directory.resolve("new")));
        hosts.get(2).master = true;
        rounds(5);
        assertThat(inits).isEqualTo(1);
        assertThat(swarm).hasSize(3);
    }

    @Test
    void twoMastersMakeOneSwarm() {
        hosts.forEach(host -> host.master = true);
        rounds(8);
        assertThat(inits).isEqualTo(1);
        assertThat(swarm).hasSize(3);
    }

    @Test
    void anAgentThatEndedAfterItHadBegunGoesOnAndNobodyElseDoes() {
        Host first = hosts.get(1);
        var works = first.engine.answer;
        // The answer never came, and nothing was made.
        first.engine.answer = _ -> new ApiReply.Failed<>(dev.holdfast.swarm.EngineFault.NO_ANSWER, "");
        rounds(2);
        assertThat(first.engine.calls).hasSize(1);
        first.start();
        hosts.forEach(host -> host.master = host.number == 1);
        hosts.getFirst().round();
        assertThat(hosts.getFirst().engine.calls).isEmpty();
        first.engine.answer = works;
        rounds(8);
        assertThat(hosts.getFirst().engine.calls).noneMatch(call -> call.startsWith("init"));
        assertThat(inits).isEqualTo(1);
        assertThat(swarm).hasSize(3);
    }

    @Test
    void aRefusedCallIsTakenBackAndAnotherMasterMayMakeIt() {
        Host first = hosts.get(1);
        first.engine.answer = _ -> new ApiReply.Refused<>(500, "address in use");
        rounds(2);
        first.master = false;
        hosts.getFirst().master = true;
        rounds(4);
        assertThat(hosts.getFirst().engine.calls).contains("init 10.0.0.1:2377");
        assertThat(inits).isEqualTo(1);
    }

    @Test
    void aWipedHostJoinsAndOneThatWasTakenOutStaysOut() {
        rounds(6);
        Host third = hosts.get(2);
        // The agent was away while the engine lost its disk.
        third.up = false;
        swarm.remove(3);
        rounds(2);
        third.start();
        third.up = true;
        rounds(4);
        assertThat(swarm).containsKey(3);
        // docker swarm leave, while the agent looks on.
        swarm.remove(3);
        rounds(4);
        assertThat(swarm).doesNotContainKey(3);
        assertThat(third.reason()).isEqualTo("on-purpose");
        third.start();
        rounds(4);
        assertThat(third.reason()).isEqualTo("on-purpose");
    }

    @Test
    void oneThatWasTakenOutBeforeItWasLookedAtAgainStaysOut() {
        Host third = hosts.get(2);
        var works = third.engine.answer;
        third.engine.answer = call -> {
            ApiReply<String> reply = works.apply(call);
            swarm.remove(3);
            return reply;
        };
        rounds(8);
        assertThat(third.engine.calls).hasSize(1);
        assertThat(third.reason()).isEqualTo("on-purpose");
    }

    @Test
    void nobodyYieldsToAStrangerNorLetsOneIn() {
        rounds(1);
        PeerRequest.Bootstrap request = new PeerRequest.Bootstrap("x", List.of("a", "b", "stranger"), false);
        assertThat(hosts.getFirst().keepers.answer("stranger", request)).isInstanceOf(PeerReply.Refused.class);
        rounds(5);
        Keepers off = hosts.get(1).keepers;
        off.reconfigure(ManagersConfig.defaults(), Looks.SWARM);
        hosts.get(1).round();
        assertThat(off.answer("a", new PeerRequest.Tokens("c1", ""))).isInstanceOf(PeerReply.Refused.class);
    }
}
