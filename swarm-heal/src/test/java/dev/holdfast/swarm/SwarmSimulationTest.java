package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters in small: 2 to 5 hosts, each with an engine and a real healer, on one virtual clock. Engines die and
 * return, the network splits and mends, MASTER moves, at random but repeatably. Raft is reduced to what healing can see of
 * it: a leader needs a majority of its members in one part of the network, elections take 10 to 20 s, and the loss of a
 * leader shows as silence first and as "no leader" later.
 */
class SwarmSimulationTest {

    private static final int SCHEDULES = 5_000;

    private Path directory = Path.of("/dev/shm");

    @BeforeEach
    void makeDirectory() throws IOException {
        // The journals are synced to disk again and again; in memory this costs nothing.
        directory = Files.isWritable(directory)
                ? Files.createTempDirectory(directory, "swarm-simulation")
                : Files.createTempDirectory("swarm-simulation");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        delete(directory);
    }

    @Test
    void noScheduleForcesWhileAQuorumLivesOrCanForm() throws IOException {
        int forces = 0;
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            World world = new World(seed, HealMode.GUARDED, directory.resolve("s" + seed));
            world.play();
            assertThat(world.couldFormHere)
                    .as("seed %d: a quorum could form beside the forcing node", seed)
                    .isZero();
            assertThat(world.livedElsewhere)
                    .as("seed %d: a quorum lived elsewhere", seed)
                    .isZero();
            if (seed % 25 == 0) {
                world.settle();
                assertThat(world.couldFormHere + world.livedElsewhere)
                        .as("seed %d, settled", seed)
                        .isZero();
                assertThat(world.unhealed())
                        .as("seed %d: left without a leader", seed)
                        .isEmpty();
            }
            forces += world.forces;
            delete(directory.resolve("s" + seed));
        }
        // Otherwise the schedules would prove nothing.
        assertThat(forces).isGreaterThan(SCHEDULES / 10);
    }

    @Test
    void theModelCanTellAWrongfulForce() throws IOException {
        int wrongful = 0;
        for (long seed = 1; seed <= 300; seed++) {
            World world = new World(seed, HealMode.EAGER, directory.resolve("e" + seed));
            world.play();
            wrongful += world.livedElsewhere;
            assertThat(world.couldFormHere)
                    .as("seed %d: what eager can see, it respects", seed)
                    .isZero();
            delete(directory.resolve("e" + seed));
        }
        assertThat(wrongful).isPositive();
    }

    @Test
    void observeNeverForces() throws IOException {
        for (long seed = 1; seed <= 200; seed++) {
            World world = new World(seed, HealMode.OBSERVE, directory.resolve("o" + seed));
            world.play();
            assertThat(world.forces).isZero();
            delete(directory.resolve("o" + seed));
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

        World(long seed, HealMode mode, Path directory) {
            random = new Random(seed);
            int count = 2 + random.nextInt(4);
            Cluster cluster = new Cluster();
            for (int i = 1; i <= count; i++) {
                cluster.members.add(i);
            }
            for (int i = 1; i <= count; i++) {
                nodes.add(new Node(this, i, cluster, mode, directory.resolve("n" + i)));
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
            return master.up && !master.hasLeader() && 2 * answering <= master.cluster.members.size()
                    ? List.of(master.healer.status().explanation())
                    : List.of();
        }

        private void change() {
            switch (random.nextInt(4)) {
                case 0 -> nodes.forEach(n -> n.part = 0);
                case 1 -> nodes.forEach(n -> n.part = random.nextInt(2));
                case 2 -> nodes.get(random.nextInt(nodes.size())).part = random.nextInt(3);
                default -> {
                    Node node = nodes.get(random.nextInt(nodes.size()));
                    node.up = !node.up;
                }
            }
        }

        private void tick(int seconds) {
            for (int i = 0; i < seconds; i++) {
                raft();
                placeGateway();
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

    private static final class Node implements SwarmGateway {
        final World world;
        final int id;
        final SwarmHealer healer;
        final Endpoint endpoint;
        Cluster cluster;
        boolean up = true;
        int part;
        long nextStep;
        long leaderSeenAt;
        long newerSeenSince = Long.MIN_VALUE;
        int patience = 10;
        List<Manager> remotes;

        Node(World world, int id, Cluster cluster, HealMode mode, Path directory) {
            this.world = world;
            this.id = id;
            this.cluster = cluster;
            this.endpoint = Swarms.endpoint(id);
            this.nextStep = world.clock.nanos();
            this.leaderSeenAt = world.clock.nanos();
            this.remotes = managers();
            this.healer = new SwarmHealer(
                    Rig.config(mode),
                    new HealPorts(
                            this,
                            e -> world.nodes.stream().anyMatch(n -> n.endpoint.equals(e) && n.up && n.part == part),
                            w -> new WitnessProbe.Answer(
                                    w,
                                    world.gateway == part ? WitnessProbe.Outcome.ANSWERED : WitnessProbe.Outcome.SILENT,
                                    "asked"),
                            () -> Set.of(Swarms.ip("10.0.0." + id)),
                            world.clock,
                            world.random),
                    directory,
                    HealListener.NONE);
        }

        private boolean hasLeader() {
            return cluster.leader >= 0 && world.node(cluster.leader).part == part;
        }

        void seeLeader(long now) {
            if (up && hasLeader()) {
                leaderSeenAt = now;
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
                // The leader has committed the change, so it knows.
                leader.remotes = leader.managers();
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
                    "active", true, "m" + id, "10.0.0." + id, "", remotes, hasLeader() ? Swarms.CLUSTER : null);
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

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
