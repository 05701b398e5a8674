package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One random history of a few agents; see {@link PromiseModel} for what must hold. */
final class PromiseSchedule {

    private static final int DOWN = -3;
    private static final int OLD_LEADER = -2;
    private static final int NO_LEADER = -1;

    private static final class Agent {
        final int number;
        final MemoryStore store;
        PromiseDesk desk;

        @Nullable
        Ballot ballot;

        final Map<String, PeerReply> replies = new HashMap<>();
        int sawNoLeader;
        long label;
        int engine = OLD_LEADER;
        boolean calling;

        Agent(int number, boolean forgetful) {
            this.number = number;
            this.store = forgetful ? MemoryStore.forgetful() : new MemoryStore();
            this.desk = new PromiseDesk(store, HealClock.system());
        }

        boolean seesLeader() {
            return engine >= 0 || engine == OLD_LEADER;
        }

        View view() {
            SwarmState state = engine == DOWN
                    ? SwarmState.DOCKER_DOWN
                    : seesLeader() ? SwarmState.HAS_LEADER : SwarmState.NO_LEADER;
            return new View(state, "node" + number, "c", new Lineage(label, 0));
        }

        Candidate candidate() {
            return new Candidate("node" + number, "c", new Lineage(label, 0), Membership.UNKNOWN);
        }
    }

    /** @param epoch of the ballot that a reply belongs to */
    private record Packet(
            int from,
            int to,
            @Nullable PeerRequest request,
            @Nullable PeerReply reply,
            long epoch) {}

    private final Random random;
    private final List<Agent> agents = new ArrayList<>();
    private final List<Packet> network = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int newest;
    private int forces;
    private int crashes;

    PromiseSchedule(long seed, boolean forgetful) {
        random = new Random(seed);
        int count = 3 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            agents.add(new Agent(i, forgetful));
            agents.get(i).engine = random.nextInt(8) == 0 ? OLD_LEADER : NO_LEADER;
        }
    }

    List<String> wrong() {
        return wrong;
    }

    int forces() {
        return forces;
    }

    int crashes() {
        return crashes;
    }

    void play() {
        int steps = 20 + random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            Agent agent = agents.get(random.nextInt(agents.size()));
            if (random.nextInt(6) == 0) {
                agent.store.crash(random.nextBoolean() ? MemoryStore.At.BEFORE_WRITE : MemoryStore.At.AFTER_WRITE);
            }
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> ask(agent);
                case 3, 4 -> giveUp(agent);
                case 5 -> effect(agent);
                case 6, 7 -> agents.forEach(this::look);
                default -> engine(agent);
            }
            for (int packets = random.nextInt(20); packets > 0; packets--) {
                deliver();
            }
            if (random.nextInt(3) > 0) {
                agents.forEach(this::force);
            }
        }
    }

    // ---- what agents do

    private void ask(Agent agent) {
        if (agent.engine != NO_LEADER || agent.ballot != null) {
            return;
        }
        PromiseDesk.Proposal mine =
                survive(agent, () -> agent.desk.propose(agent.candidate(), agent.view(), agents.size()));
        PeerRequest.Promise request = mine == null ? null : mine.request();
        if (request != null) {
            agent.ballot = new Ballot(request, Membership.UNKNOWN, 0);
            agent.sawNoLeader = withoutLeader();
            broadcast(agent, request);
        }
    }

    private void giveUp(Agent agent) {
        agent.ballot = null;
        agent.replies.clear();
        PeerRequest.Release undone = survive(agent, agent.desk::abandon);
        if (undone != null) {
            broadcast(agent, undone);
        }
    }

    private void force(Agent agent) {
        Ballot ballot = agent.ballot;
        if (ballot == null
                || agent.engine != NO_LEADER
                || !(ballot.count(agent.replies, a -> true) instanceof Ruling.Majority majority)) {
            return;
        }
        int saw = agent.sawNoLeader;
        agent.ballot = null;
        agent.replies.clear();
        int before = crashes;
        HealRefusal refusal = survive(agent, () -> agent.desk.begin(majority.epoch(), majority.nodeId()));
        if (refusal != null || crashes != before) {
            return;
        }
        if (2 * (agents.size() - Integer.bitCount(saw)) > agents.size()) {
            wrong.add("agent " + agent.number + " forces although a majority sees a leader");
        }
        switch (random.nextInt(8)) {
            case 0 -> restart(agent);
            case 1 -> agent.calling = true;
            default -> take(agent);
        }
    }

    private void effect(Agent agent) {
        if (agent.calling && agent.engine != DOWN) {
            take(agent);
        }
    }

    private void take(Agent agent) {
        if (forces > 0 && (newest & 1 << agent.number) == 0) {
            wrong.add("node " + agent.number + " is forced, and its copy does not come from the force before");
        }
        forces++;
        newest = 1 << agent.number;
        agent.calling = false;
        agent.engine = agent.number;
    }

    private void deliver() {
        if (network.isEmpty()) {
            return;
        }
        // Most packets arrive soon, and some very late.
        int which = random.nextInt(10) == 0
                ? random.nextInt(network.size())
                : Math.max(0, network.size() - 1 - random.nextInt(6));
        Packet packet = random.nextInt(6) == 0 ? network.get(which) : network.remove(which);
        if (random.nextInt(8) > 0) {
            deliver(packet);
        }
    }

    private void deliver(Packet packet) {
        Agent agent = agents.get(packet.to());
        if (packet.reply() != null) {
            if (packet.reply() instanceof PeerReply.NotPromised(String _, String _, long highest)) {
                agent.desk.heardOf(highest);
            }
            if (agent.ballot != null && agent.ballot.request().epoch() == packet.epoch()) {
                agent.replies.put("agent" + packet.from(), packet.reply());
            }
        } else if (packet.request() instanceof PeerRequest.Promise request) {
            PeerReply reply = survive(
                    agent, () -> agent.desk.answer("agent" + packet.from(), request, agent.view(), agents.size()));
            if (reply != null) {
                network.add(new Packet(packet.to(), packet.from(), null, reply, request.epoch()));
            }
        } else if (packet.request() instanceof PeerRequest.Release release) {
            survive(agent, () -> agent.desk.release(release));
        }
    }

    private void broadcast(Agent from, PeerRequest request) {
        while (network.size() > 40) {
            network.removeFirst();
        }
        for (Agent to : agents) {
            if (to != from) {
                network.add(new Packet(from.number, to.number, request, null, 0));
            }
        }
    }

    /** {@return what the step gave, or null if the agent died at its disk and started again} */
    private <T> @Nullable T survive(Agent agent, Supplier<@Nullable T> step) {
        try {
            return step.get();
        } catch (MemoryStore.Crash e) {
            restart(agent);
            return null;
        }
    }

    private void restart(Agent agent) {
        crashes++;
        agent.ballot = null;
        agent.replies.clear();
        agent.desk = new PromiseDesk(agent.store, HealClock.system());
    }

    // ---- what the engines do, and what agents learn from them

    private void look(Agent agent) {
        PromiseDesk.Called called = agent.desk.called();
        if (agent.engine == agent.number && called.nodeId().equals("node" + agent.number) && !agent.calling) {
            agent.label = called.epoch();
        } else if (agent.engine >= 0 && agent.engine != agent.number) {
            agent.label = Math.max(agent.label, agents.get(agent.engine).label);
        }
        long label = agent.label;
        survive(agent, () -> {
            agent.desk.learned("c", label);
            return null;
        });
    }

    private void engine(Agent agent) {
        switch (random.nextInt(5)) {
            case 0 -> become(agent, DOWN);
            case 1, 2 -> become(agent, NO_LEADER);
            default -> {
                Agent leader = agents.get(random.nextInt(agents.size()));
                if (leader != agent && agent.engine == NO_LEADER && !agent.calling && leader.engine == leader.number) {
                    agent.engine = leader.number;
                    newest |= (newest & 1 << leader.number) == 0 ? 0 : 1 << agent.number;
                }
            }
        }
        int saw = withoutLeader();
        agents.forEach(a -> a.sawNoLeader |= saw);
    }

    private void become(Agent agent, int engine) {
        if (agent.engine == agent.number) {
            agents.stream().filter(a -> a.engine == agent.number).forEach(a -> a.engine = NO_LEADER);
        }
        agent.engine = engine;
    }

    private int withoutLeader() {
        int bits = 0;
        for (Agent agent : agents) {
            bits |= agent.seesLeader() ? 0 : 1 << agent.number;
        }
        return bits;
    }

    // ---- in the end

    /** Nobody dies and everybody is reached, but there is no leader; {@return whether one agent gets to force} */
    boolean settles() {
        for (Agent agent : agents) {
            agent.store.crash(MemoryStore.At.NEVER);
            effect(agent);
            look(agent);
        }
        agents.forEach(a -> become(a, NO_LEADER));
        network.clear();
        agents.forEach(this::giveUp);
        exchange();
        for (int round = 0; round < 2; round++) {
            for (Agent agent : agents) {
                ask(agent);
                exchange();
                Ballot ballot = agent.ballot;
                if (ballot != null
                        && ballot.count(agent.replies, a -> true) instanceof Ruling.Majority majority
                        && agent.desk.begin(majority.epoch(), majority.nodeId()) == null) {
                    take(agent);
                    return true;
                }
                giveUp(agent);
                exchange();
            }
        }
        return false;
    }

    private void exchange() {
        while (!network.isEmpty()) {
            deliver(network.removeFirst());
        }
    }
}
