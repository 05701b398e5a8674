package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whole clusters in small: 2 to 5 hosts, each with an engine and a real healer, on one virtual clock. Engines die and
 * return, the network splits and mends, MASTER moves, at random but repeatably. Raft is reduced to what healing can see of
 * it: a leader needs a majority of its members in one part of the network, elections take 10 to 20 s, and the loss of a
 * leader shows as silence first and as "no leader" later.
 */
@Execution(ExecutionMode.CONCURRENT)
class SwarmSimulationTest {

    private static final long FIRST = Long.getLong("holdfast.simulation.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("holdfast.simulation.schedules", 2_000);

    /** Who else can be asked, and whether a witness stands where the majority does. */
    private record Setting(HealMode mode, boolean channel, boolean truthful) {}

    /** Plays the schedules under this setting; {@return how many forces there were}. */
    private static int play(Setting setting) {
        int forces = 0;
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            World world = new World(seed, setting);
            world.play();
            assertThat(world.couldFormHere)
                    .as("seed %d: a quorum could form beside the forcing node: %s", seed, world.wrongful)
                    .isZero();
            assertThat(world.livedElsewhere)
                    .as("seed %d: a quorum lived elsewhere: %s", seed, world.wrongful)
                    .isZero();
            if (seed % 25 == 0) {
                world.settle();
                assertThat(world.couldFormHere + world.livedElsewhere)
                        .as("seed %d, settled", seed)
                        .isZero();
                if (setting.mode() == HealMode.GUARDED) {
                    assertThat(world.unhealed())
                            .as("seed %d: left without a leader", seed)
                            .isEmpty();
                }
            }
            forces += world.forces;
        }
        return forces;
    }

    @Test
    void noScheduleForcesWhileAQuorumLivesOrCanForm() {
        // Otherwise the schedules would prove nothing.
        assertThat(play(new Setting(HealMode.GUARDED, false, true))).isGreaterThan(SCHEDULES / 20);
    }

    @Test
    void norDoesOneWhereAgentsTalkOverALossyChannel() {
        assertThat(play(new Setting(HealMode.GUARDED, true, true))).isGreaterThan(SCHEDULES / 20);
    }

    @Test
    void promisesNeedNoTruthfulWitness() {
        assertThat(play(new Setting(HealMode.QUORUM, true, false))).isGreaterThan(SCHEDULES / 50);
    }

    @Test
    void theModelCanTellAWrongfulForce() {
        for (Setting setting :
                List.of(new Setting(HealMode.EAGER, false, true), new Setting(HealMode.GUARDED, true, false))) {
            int wrongful = 0;
            for (long seed = 1; seed <= 300; seed++) {
                World world = new World(seed, setting);
                world.play();
                wrongful += world.livedElsewhere;
                assertThat(world.couldFormHere)
                        .as("seed %d: what %s can see, it respects", seed, setting)
                        .isZero();
            }
            assertThat(wrongful).as("%s", setting).isPositive();
        }
    }

    @Test
    void observeNeverForces() {
        for (long seed = 1; seed <= 200; seed++) {
            World world = new World(seed, new Setting(HealMode.OBSERVE, true, true));
            world.play();
            assertThat(world.forces).isZero();
        }
    }

    /** A raft group. A force makes a new one with one member. */
    private static final class Cluster {
        final Set<Integer> members = new TreeSet<>();
        int leader = -1;
        boolean hasQuorum;
        long electsAt;
    }

    private static final class World {
        final Random random;
        final FakeClock clock = new FakeClock();
        final List<Node> nodes = new ArrayList<>();
        int gateway;
        int forces;
        int couldFormHere;
        int livedElsewhere;
        String wrongful = "";
        final Setting setting;

        World(long seed, Setting setting) {
            this.setting = setting;
            random = new Random(seed);
            int count = 2 + random.nextInt(4);
            Cluster cluster = new Cluster();
            for (int i = 1; i <= count; i++) {
                cluster.members.add(i);
            }
            for (int i = 1; i <= count; i++) {
                nodes.add(new Node(this, i, cluster));
            }
            cluster.electsAt = clock.nanos();
        }

        void play() {
            tick(60);
            int events = 3 + random.nextInt(8);
            for (int i = 0; i < events; i++) {
                change();
                tick(random.nextInt(4) == 0 ? random.nextInt(10) : random.nextInt(150));
            }
        }

        /** Everybody together, every engine as it is, for longer than the cooldown. */
        void settle() {
            nodes.forEach(n -> n.part = 0);
            tick(25 * 60);
        }

        /**
         * The master, if its engine runs and too few of its managers answer to make a quorum: it should have been healed.
         * A manager that answers counts although it may have gone over to another cluster, since nobody can tell.
         */
        List<String> unhealed() {
            Node master = nodes.getFirst();
            long answering = master.cluster.members.stream()
                    .map(this::node)
                    .filter(n -> n.up && n.part == master.part)
                    .count();
            boolean waitsForBetter = master.healer.status().reason().equals(HealRefusal.BETTER_CANDIDATE.label());
            return master.up && !master.hasLeader() && !waitsForBetter && 2 * answering <= master.cluster.members.size()
                    ? List.of(master.healer.status().explanation())
                    : List.of();
        }

        private void change() {
            switch (random.nextInt(5)) {
                case 0 -> nodes.forEach(n -> n.part = 0);
                case 1 -> nodes.forEach(n -> n.part = random.nextInt(2));
                case 2 -> nodes.get(random.nextInt(nodes.size())).part = random.nextInt(3);
                case 3 -> {
                    Node node = nodes.get(random.nextInt(nodes.size()));
                    node.up = !node.up;
                    node.pending = true;
                }
                default -> nodes.get(random.nextInt(nodes.size())).restart();
            }
        }

        private void tick(int seconds) {
            for (int i = 0; i < seconds; i++) {
                raft();
                placeGateway();
                nodes.forEach(Node::listen);
                for (Node node : nodes) {
                    boolean isMaster = nodes.stream().noneMatch(o -> o.id < node.id && o.part == node.part);
                    if (isMaster) {
                        node.healer.masterSince(clock.nanos());
                    } else {
                        node.healer.notMaster();
                    }
                    if (node.nextStep - clock.nanos() <= 0) {
                        node.nextStep = clock.nanos() + node.healer.step();
                    }
                }
                clock.advance(Duration.ofSeconds(1));
            }
        }

        private void raft() {
            long now = clock.nanos();
            for (Cluster cluster : nodes.stream().map(n -> n.cluster).distinct().toList()) {
                Node leader = cluster.leader < 0 ? null : node(cluster.leader);
                if (leader != null && !(leader.up && leader.cluster == cluster && quorumIn(cluster, leader.part))) {
                    cluster.leader = -1;
                    cluster.hasQuorum = false;
                }
                Integer part = partWithQuorum(cluster);
                if (part != null && !cluster.hasQuorum) {
                    cluster.electsAt = now + seconds(10 + random.nextInt(10));
                }
                cluster.hasQuorum = part != null;
                if (part != null && cluster.leader < 0 && now - cluster.electsAt >= 0) {
                    cluster.leader = nodes.stream()
                            .filter(n -> n.up && n.part == part && n.cluster == cluster)
                            .findFirst()
                            .orElseThrow()
                            .id;
                }
            }
            for (Node node : nodes) {
                node.seeLeader(now);
                node.rejoin(now);
            }
        }

        /**
         * A truthful witness: no host that it answers has a quorum of its own cluster on the far side of a cut. Where no
         * place is like that, it answers nobody.
         */
        private void placeGateway() {
            List<Integer> parts = nodes.stream().map(n -> n.part).distinct().toList();
            List<Integer> truthful = parts.stream()
                    .filter(part -> nodes.stream().filter(n -> n.part == part).allMatch(n -> {
                        Integer quorum = partWithQuorum(n.cluster);
                        return quorum == null || quorum.equals(part);
                    }))
                    .toList();
            if (!truthful.contains(gateway)) {
                gateway = truthful.isEmpty() ? -1 : truthful.get(random.nextInt(truthful.size()));
            }
        }

        @Nullable
        Integer partWithQuorum(Cluster cluster) {
            for (int part = 0; part < 3; part++) {
                if (quorumIn(cluster, part)) {
                    return part;
                }
            }
            return null;
        }

        private boolean quorumIn(Cluster cluster, int part) {
            return 2 * living(cluster, part) > cluster.members.size();
        }

        private long living(Cluster cluster, int part) {
            return nodes.stream()
                    .filter(n -> n.up && n.part == part && n.cluster == cluster && cluster.members.contains(n.id))
                    .count();
        }

        Node node(int id) {
            return nodes.get(id - 1);
        }
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static final class Node implements SwarmGateway, Peers {
        final World world;
        final int id;
        final StateStore store = new MemoryFiles();
        final Map<Node, Peers.Heard> heard = new LinkedHashMap<>();
        SwarmHealer healer;
        boolean pending;
        final Endpoint endpoint;
        Cluster cluster;
        boolean up = true;
        int part;
        long nextStep;
        long leaderSeenAt;
        long newerSeenSince = Long.MIN_VALUE;
        int patience = 10;
        List<Manager> remotes;

        Node(World world, int id, Cluster cluster) {
            this.world = world;
            this.id = id;
            this.cluster = cluster;
            this.endpoint = Swarms.endpoint(id);
            this.nextStep = world.clock.nanos();
            this.leaderSeenAt = world.clock.nanos();
            this.remotes = managers();
            this.healer = newHealer();
        }

        private SwarmHealer newHealer() {
            return new SwarmHealer(
                    Rig.config(world.setting.mode()),
                    new HealPorts(
                            this,
                            this::reaches,
                            w -> new WitnessProbe.Answer(
                                    w,
                                    world.gateway == part || !world.setting.truthful()
                                            ? WitnessProbe.Outcome.ANSWERED
                                            : WitnessProbe.Outcome.SILENT,
                                    "asked"),
                            () -> Set.of(Swarms.ip("10.0.0." + id)),
                            world.clock,
                            world.random,
                            world.setting.channel() ? this : Peers.NONE,
                            HostUptime.LONG),
                    store,
                    HealListener.NONE,
                    Caretaker.NONE,
                    new SameThread());
        }

        /** The agent ends, and another one goes on with what it left on disk. */
        void restart() {
            healer.close();
            healer = newHealer();
            heard.clear();
            nextStep = world.clock.nanos();
        }

        boolean reaches(Endpoint manager) {
            return world.nodes.stream().anyMatch(n -> n.endpoint.equals(manager) && n.up && n.part == part);
        }

        private boolean arrives() {
            return world.random.nextInt(10) > 0;
        }

        /** Each report that gets through is the latest. */
        void listen() {
            if (world.setting.channel()) {
                world.nodes.stream()
                        .filter(n -> n != this && n.part == part && arrives())
                        .forEach(n -> heard.put(n, new Peers.Heard(n.report(), world.clock.nanos())));
            }
        }

        private AgentReport report() {
            SwarmHealer.Look look = healer.latest();
            SwarmSnapshot seen = look == null ? null : look.snapshot();
            return new AgentReport(
                    "a" + id,
                    healer.status().master(),
                    seen == null ? null : seen.state(),
                    0,
                    seen == null ? "" : seen.nodeId(),
                    "",
                    healer.status().clusterId(),
                    seen == null ? "" : seen.leader().map(Manager::id).orElse(""),
                    healer.lineage(),
                    true);
        }

        @Override
        public int configured() {
            return world.nodes.size();
        }

        @Override
        public List<Heard> heard() {
            return List.copyOf(heard.values());
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            Node other = world.node(Integer.parseInt(agent.substring(1)));
            PeerReply lost = new PeerReply.NoAnswer("lost");
            if (other.part != part || !arrives()) {
                return lost;
            }
            PeerReply reply = request instanceof PeerRequest.Reach(Endpoint manager)
                    ? new PeerReply.Reached(other.reaches(manager))
                    : other.healer.answers().answer("a" + id, request);
            return arrives() ? reply : lost;
        }

        private boolean hasLeader() {
            return cluster.leader >= 0 && world.node(cluster.leader).part == part;
        }

        void seeLeader(long now) {
            if (up && hasLeader()) {
                leaderSeenAt = now;
                pending = false;
                remotes = managers();
                patience = 10 + world.random.nextInt(11);
            }
        }

        /** A node whose cluster has no leader, beside one of a newer cluster that has, joins that one by itself. */
        void rejoin(long now) {
            Node leader = world.nodes.stream()
                    .filter(n -> n.cluster != cluster && n.up && n.part == part && n.hasLeader())
                    .findFirst()
                    .orElse(null);
            if (!up || hasLeader() || leader == null) {
                newerSeenSince = Long.MIN_VALUE;
            } else if (newerSeenSince == Long.MIN_VALUE) {
                newerSeenSince = now;
            } else if (now - newerSeenSince > seconds(45)) {
                cluster = leader.cluster;
                cluster.members.add(id);
                // The change is committed, so whoever took part knows.
                world.nodes.stream()
                        .filter(n -> n.cluster == cluster && n.up && n.part == part)
                        .forEach(n -> n.remotes = n.managers());
                newerSeenSince = Long.MIN_VALUE;
            }
        }

        private List<Manager> managers() {
            return cluster.members.stream()
                    .map(m -> new Manager("m" + m, "host" + m, Swarms.endpoint(m), "reachable", m == cluster.leader))
                    .toList();
        }

        @Override
        public SwarmObservation observe() {
            if (!up) {
                return new SwarmObservation(
                        new ApiReply.Failed<>(EngineFault.NOT_RUNNING, "dead"), new ApiReply.NotAsked<>());
            }
            EngineInfo info = new EngineInfo(
                    pending ? "pending" : "active",
                    true,
                    "m" + id,
                    "10.0.0." + id,
                    "",
                    remotes,
                    hasLeader() ? Swarms.CLUSTER : null);
            long leaderless = world.clock.nanos() - leaderSeenAt;
            ApiReply<List<SwarmNode>> reply = hasLeader()
                    ? new ApiReply.Ok<>(Swarms.nodes(managers()))
                    : leaderless < seconds(patience)
                            ? new ApiReply.Failed<>(EngineFault.NO_ANSWER, "Read timed out")
                            : new ApiReply.Refused<>(500, Swarms.NO_LEADER_MESSAGE);
            return new SwarmObservation(new ApiReply.Ok<>(info), reply);
        }

        @Override
        public ApiReply<String> forceNewCluster(ForceRequest request) {
            world.forces++;
            Integer quorum = world.partWithQuorum(cluster);
            if (quorum != null && quorum == part) {
                world.couldFormHere++;
            } else if (quorum != null) {
                world.livedElsewhere++;
            }
            if (quorum != null) {
                world.wrongful = "m%d forced, knowing %s; members %s; part, up and members of each: %s"
                        .formatted(
                                id,
                                remotes.stream().map(Manager::id).toList(),
                                cluster.members,
                                world.nodes.stream()
                                        .map(n -> "m" + n.id + " " + n.part + " " + n.up + " " + n.cluster.members)
                                        .toList());
            }
            cluster = new Cluster();
            cluster.members.add(id);
            cluster.leader = id;
            remotes = managers();
            return world.random.nextInt(3) == 0
                    ? new ApiReply.Failed<>(EngineFault.NO_ANSWER, "Read timed out")
                    : new ApiReply.Ok<>("m" + id);
        }

        @Override
        public void close() {}
    }
}
