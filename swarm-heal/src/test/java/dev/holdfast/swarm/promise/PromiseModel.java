package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every state that a few agents can get into, each with a book, an engine and a node. Whatever was sent stays on the network for ever
 * and may arrive at any time, any number of times or not at all: that is loss, duplication, delay and disorder. A process may
 * end between any two steps, and a step is what lies between two writes to the disk.
 *
 * <p>Two things must hold at each force:
 * <ul>
 *   <li>its copy comes from every force before it;
 *   <li>no majority of the agents has seen a leader all the time since the promises were asked for.
 * </ul>
 */
final class PromiseModel {

    /** A fault to build in, which the search must find. */
    enum Mutant {
        /** The real thing. */
        NONE,
        /** A promise is given before it is on disk, and a crash forgets it. */
        PROMISE_NOT_SAVED,
        /** The call is made before it is on disk, and after a crash this agent believes that it never called. */
        CALL_NOT_SAVED,
        /** An epoch that was given up is asked for again, and promised again. */
        EPOCHS_REUSED,
        /** Promises although it sees a leader. */
        PROMISE_DESPITE_LEADER,
        /** Promises end by themselves, sooner or later. */
        PROMISES_END,
        /** After a call, too, everything is released. */
        RELEASE_AFTER_CALL,
        /** Half of the agents are taken for a majority. */
        HALF_IS_ENOUGH,
        /** Every copy counts as one that comes from the latest force. */
        LINEAGE_IGNORED,
        /** An agent takes over the epoch of a leader that it has only heard of. */
        LINEAGE_BY_HEARSAY,
        /** The promises are still used after they were given up. */
        USED_AFTER_RELEASE
    }

    /** What happens at most in one history. */
    record Bounds(int agents, int asks, int crashes, int forces, int events) {}

    /** A history that ends where it must not. */
    record Violation(String what, List<String> history) {}

    private static final int DOWN = -3;
    private static final int OLD_LEADER = -2;
    private static final int NO_LEADER = -1;

    /** What an agent has asked for, and who promised: bits by agent. */
    private record Vote(PeerRequest.Promise request, int promised, int sawNoLeader) {}

    /**
     * One agent and its node.
     *
     * @param engine one of the constants, or the number of the node that leads, this one included
     * @param calling a call that was begun and may still take effect
     */
    private record Agent(
            PromiseBook book, PromiseBook disk, @Nullable Vote vote, long label, int engine, boolean calling) {

        Agent with(PromiseBook next, boolean saved) {
            return new Agent(next, saved ? next : disk, vote, label, engine, calling);
        }

        Agent with(@Nullable Vote next) {
            return new Agent(book, disk, next, label, engine, calling);
        }

        Agent at(int newEngine, long newLabel) {
            return new Agent(book, disk, vote, newLabel, newEngine, calling);
        }

        Agent calling(boolean now) {
            return new Agent(book, disk, vote, label, engine, now);
        }

        boolean seesLeader() {
            return engine >= 0 || engine == OLD_LEADER;
        }
    }

    /** @param epoch of a reply; {@code request} is null then */
    private record Message(int from, int to, @Nullable PeerRequest request, long epoch) {}

    /** @param newest bits by node: whose copy comes from every force so far */
    private record World(
            List<Agent> agents, Set<Message> network, int newest, int asks, int crashes, int forces, int events) {}

    private record Step(World world, @Nullable World before, String what) {}

    private final Mutant mutant;
    private final Bounds bounds;
    private final Map<World, Step> reached = new HashMap<>();
    private final ArrayDeque<World> open = new ArrayDeque<>();
    private final Map<PromiseBook, PromiseBook> books = new HashMap<>();
    private @Nullable Violation violation;
    private int forcesSeen;

    PromiseModel(Mutant mutant, Bounds bounds) {
        this.mutant = mutant;
        this.bounds = bounds;
    }

    /** {@return the shortest wrong history, or null if there is none within the bounds} */
    @Nullable
    Violation search() {
        List<Agent> agents = new ArrayList<>();
        for (int i = 0; i < bounds.agents(); i++) {
            PromiseBook book = PromiseBook.fresh("book" + i);
            agents.add(new Agent(book, book, null, 0, OLD_LEADER, false));
        }
        // The first ones have lost the leader that the last one may still see.
        for (int i = 0; i < bounds.agents() - 1; i++) {
            agents.set(i, agents.get(i).at(NO_LEADER, 0));
        }
        reach(new World(agents, Set.of(), 0, 0, 0, 0, 0), null, "start");
        while (violation == null && !open.isEmpty()) {
            expand(open.poll());
        }
        return violation;
    }

    int states() {
        return reached.size();
    }

    int forces() {
        return forcesSeen;
    }

    private void reach(World next, @Nullable World before, String what) {
        if (reached.putIfAbsent(next, new Step(next, before, what)) == null) {
            open.add(next);
        }
    }

    private void expand(World world) {
        for (int i = 0; i < bounds.agents(); i++) {
            ask(world, i);
            giveUp(world, i);
            force(world, i);
            effect(world, i);
            crash(world, i);
            look(world, i);
            engine(world, i);
            if (mutant == Mutant.PROMISES_END) {
                forget(world, i);
            }
        }
        for (Message message : world.network()) {
            for (int i = 0; i < bounds.agents(); i++) {
                if (message.to() == i || (message.to() < 0 && message.from() != i)) {
                    deliver(world, i, message);
                }
            }
        }
    }

    // ---- what agents do

    private void ask(World world, int i) {
        Agent agent = world.agents().get(i);
        if (world.asks() == bounds.asks() || agent.engine() != NO_LEADER || agent.vote() != null) {
            return;
        }
        long highest =
                world.agents().stream().mapToLong(a -> a.book().highest()).max().orElse(0);
        for (long heard : highest > agent.book().highest() ? new long[] {0, highest} : new long[] {0}) {
            PromiseBook book = agent.book().heardOf(heard);
            boolean again = mutant == Mutant.EPOCHS_REUSED && book.lastOwn() > book.lastCalled();
            PeerRequest.Promise request = new PeerRequest.Promise(
                    book.identity(),
                    again ? book.lastOwn() : book.highest() + 1,
                    book.lastCalled(),
                    "node" + i,
                    "c",
                    new Lineage(agent.label(), 0),
                    bounds.agents());
            PromiseBook.Answer answer = answer(book, i, request, agent);
            if (answer.refusal() == null) {
                Agent next =
                        agent.with(book(answer.book()), true).with(new Vote(request, 0, withoutLeader(world.agents())));
                World asked = new World(
                        replace(world.agents(), i, next),
                        plus(world.network(), new Message(i, -1, request, 0)),
                        world.newest(),
                        world.asks() + 1,
                        world.crashes(),
                        world.forces(),
                        world.events());
                reach(asked, world, "agent " + i + " asks for epoch " + request.epoch());
            }
        }
    }

    private void giveUp(World world, int i) {
        Agent agent = world.agents().get(i);
        PromiseBook book = agent.book();
        long after = mutant == Mutant.RELEASE_AFTER_CALL ? 0 : book.lastCalled();
        if (book.lastOwn() <= after) {
            return;
        }
        PeerRequest.Release release = new PeerRequest.Release(book.identity(), after, book.lastOwn());
        Agent next = agent.with(book(book.released(book.identity(), after, book.lastOwn())), true);
        boolean goesOn = mutant == Mutant.USED_AFTER_RELEASE;
        World given = with(
                world,
                i,
                goesOn ? next : next.with((Vote) null),
                plus(goesOn ? world.network() : withoutReplies(world, i), new Message(i, -1, release, 0)));
        reach(given, world, "agent " + i + " gives up to epoch " + book.lastOwn());
    }

    /** Nothing lies between the last look at the book and the call, but a crash. */
    private void force(World world, int i) {
        Agent agent = world.agents().get(i);
        Vote vote = agent.vote();
        if (vote == null || world.forces() == bounds.forces() || agent.engine() != NO_LEADER) {
            return;
        }
        Map<String, PeerReply> replies = new TreeMap<>();
        for (int other = 0; other < bounds.agents(); other++) {
            if ((vote.promised() & 1 << other) != 0) {
                replies.put(
                        "agent" + other, new PeerReply.Promised(vote.request().epoch(), "node" + other, false));
            }
        }
        boolean majority =
                new Ballot(vote.request(), Membership.UNKNOWN, 0).count(replies, a -> true) instanceof Ruling.Majority;
        boolean half = mutant == Mutant.HALF_IS_ENOUGH && 2 * (replies.size() + 1) >= bounds.agents();
        long epoch = vote.request().epoch();
        boolean holds = agent.book().holds(epoch, "node" + i)
                || (mutant == Mutant.USED_AFTER_RELEASE && epoch > agent.book().lastCalled());
        if (!(majority || half) || !holds) {
            return;
        }
        int since = vote.sawNoLeader();
        if (2 * (bounds.agents() - Integer.bitCount(since)) > bounds.agents()) {
            fail(world, "agent " + i + " forces although a majority sees a leader");
            return;
        }
        Agent begun = agent.with(book(agent.book().called(epoch, "node" + i)), mutant != Mutant.CALL_NOT_SAVED)
                .with((Vote) null)
                .calling(true);
        World called = with(world, i, begun, withoutReplies(world, i));
        reach(called, world, "agent " + i + " calls for epoch " + epoch);
    }

    /** Also long after the call, and when the agent is gone. */
    private void effect(World world, int i) {
        Agent agent = world.agents().get(i);
        if (!agent.calling() || agent.engine() == DOWN || world.forces() == bounds.forces()) {
            return;
        }
        if (world.forces() > 0 && (world.newest() & 1 << i) == 0) {
            fail(world, "node " + i + " is forced, and its copy does not come from the force before");
            return;
        }
        forcesSeen++;
        List<Agent> agents = replace(world.agents(), i, agent.calling(false).at(i, agent.label()));
        World forced = new World(
                saw(agents),
                world.network(),
                1 << i,
                world.asks(),
                world.crashes(),
                world.forces() + 1,
                world.events());
        reach(forced, world, "node " + i + " is forced");
    }

    private void crash(World world, int i) {
        Agent agent = world.agents().get(i);
        if (world.crashes() == bounds.crashes()) {
            return;
        }
        List<Agent> agents =
                replace(world.agents(), i, agent.with(agent.disk(), true).with((Vote) null));
        World crashed = new World(
                agents,
                withoutReplies(world, i),
                world.newest(),
                world.asks(),
                world.crashes() + 1,
                world.forces(),
                world.events());
        reach(crashed, world, "agent " + i + " dies and starts again");
        if (agent.calling()) {
            // Nor has the call left the process.
            World uncalled = new World(
                    replace(agents, i, agents.get(i).calling(false)),
                    crashed.network(),
                    crashed.newest(),
                    crashed.asks(),
                    crashed.crashes(),
                    crashed.forces(),
                    crashed.events());
            reach(uncalled, world, "agent " + i + " dies before it calls and starts again");
        }
    }

    private void forget(World world, int i) {
        Agent agent = world.agents().get(i);
        for (Grant grant : agent.book().grants()) {
            if (!grant.identity().equals(agent.book().identity())) {
                PromiseBook less = agent.book().released(grant.identity(), grant.epoch() - 1, grant.epoch());
                reach(with(world, i, agent.with(book(less), true), world.network()), world, i + " forgets " + grant);
            }
        }
    }

    private void deliver(World world, int i, Message message) {
        Agent agent = world.agents().get(i);
        switch (message.request()) {
            case null -> {
                Vote vote = agent.vote();
                if (vote != null && vote.request().epoch() == message.epoch()) {
                    Vote more = new Vote(vote.request(), vote.promised() | 1 << message.from(), vote.sawNoLeader());
                    reach(
                            with(world, i, agent.with(more), world.network()),
                            world,
                            "agent " + i + " hears of " + message.from() + "'s promise");
                }
            }
            case PeerRequest.Promise request -> {
                PromiseBook.Answer answer = answer(agent.book(), message.from(), request, agent);
                Vote asked = world.agents().get(message.from()).vote();
                boolean waits = asked != null && asked.request().equals(request);
                Set<Message> network = answer.refusal() == null && waits
                        ? plus(world.network(), new Message(i, message.from(), null, request.epoch()))
                        : world.network();
                Agent next = agent.with(book(answer.book()), mutant != Mutant.PROMISE_NOT_SAVED);
                reach(
                        with(world, i, next, network),
                        world,
                        "agent " + i + " answers " + message.from() + " for epoch " + request.epoch() + ": "
                                + (answer.refusal() == null ? "promised" : answer.refusal()));
            }
            case PeerRequest.Release release -> {
                PromiseBook less = agent.book().released(release.identity(), release.after(), release.through());
                reach(
                        with(world, i, agent.with(book(less), true), world.network()),
                        world,
                        "agent " + i + " hears that " + message.from() + " gave up to " + release.through());
            }
            default -> throw new IllegalStateException(message.toString());
        }
    }

    private PromiseBook.Answer answer(PromiseBook book, int from, PeerRequest.Promise request, Agent agent) {
        SwarmState seen = agent.engine() == DOWN
                ? SwarmState.DOCKER_DOWN
                : agent.seesLeader() && mutant != Mutant.PROMISE_DESPITE_LEADER
                        ? SwarmState.HAS_LEADER
                        : SwarmState.NO_LEADER;
        View view = new View(seen, "", "c", new Lineage(agent.label(), 0));
        PeerRequest.Promise told = mutant == Mutant.LINEAGE_IGNORED
                ? new PeerRequest.Promise(
                        request.identity(),
                        request.epoch(),
                        request.called(),
                        request.nodeId(),
                        request.clusterId(),
                        new Lineage(book.highest(), 0),
                        request.agents())
                : request;
        if (mutant == Mutant.EPOCHS_REUSED) {
            PromiseBook unchecked = new PromiseBook(
                    book.identity(),
                    Math.max(book.lastOwn(), maxEpoch(book)),
                    book.lastOwn(),
                    book.lastCalled(),
                    book.calledNode(),
                    book.grants(),
                    book.forces());
            PromiseBook.Answer answer = unchecked.answer("agent" + from, told, view);
            if (answer.refusal() == HealRefusal.EPOCH_PASSED) {
                List<Grant> all = new ArrayList<>(answer.book().grants());
                all.add(new Grant(told.epoch(), told.identity(), "agent" + from, told.nodeId(), told.clusterId()));
                PromiseBook b = answer.book();
                return new PromiseBook.Answer(
                        new PromiseBook(
                                b.identity(),
                                b.highest(),
                                b.lastOwn(),
                                b.lastCalled(),
                                b.calledNode(),
                                all,
                                b.forces()),
                        null,
                        "");
            }
            return answer;
        }
        return book.answer("agent" + from, told, view);
    }

    private static long maxEpoch(PromiseBook book) {
        long forced = book.forces().values().stream().mapToLong(e -> e).max().orElse(0);
        return Math.max(
                forced, book.grants().stream().mapToLong(Grant::epoch).max().orElse(0));
    }

    // ---- what the engines do, and what agents learn from them

    private void look(World world, int i) {
        Agent agent = world.agents().get(i);
        long label = agent.label();
        if (agent.engine() == i && agent.book().calledNode().equals("node" + i) && !agent.calling()) {
            label = agent.book().lastCalled();
        } else if (agent.engine() >= 0 && agent.engine() != i) {
            label = Math.max(label, world.agents().get(agent.engine()).label());
        } else if (mutant == Mutant.LINEAGE_BY_HEARSAY) {
            label = world.agents().stream()
                    .filter(a -> a.engine() >= 0)
                    .mapToLong(Agent::label)
                    .max()
                    .orElse(label);
        }
        if (label != agent.label()) {
            Agent next = agent.at(agent.engine(), label).with(book(agent.book().learned("c", label)), true);
            reach(with(world, i, next, world.network()), world, "agent " + i + " has a copy of epoch " + label);
        }
    }

    private void engine(World world, int i) {
        if (world.events() == bounds.events()) {
            return;
        }
        Agent agent = world.agents().get(i);
        if (agent.engine() != NO_LEADER) {
            event(world, i, NO_LEADER, "node " + i + " has no leader");
        }
        if (agent.engine() != DOWN) {
            event(world, i, DOWN, "engine " + i + " stops");
        }
        if (agent.engine() == NO_LEADER && !agent.calling()) {
            for (int leader = 0; leader < bounds.agents(); leader++) {
                if (leader != i && world.agents().get(leader).engine() == leader) {
                    event(world, i, leader, "node " + i + " joins node " + leader);
                }
            }
        }
    }

    private void event(World world, int i, int engine, String what) {
        Agent agent = world.agents().get(i);
        boolean led = agent.engine() == i;
        UnaryOperator<Agent> follower = a -> led && a.engine() == i ? a.at(NO_LEADER, a.label()) : a;
        List<Agent> agents = new ArrayList<>(world.agents());
        agents.replaceAll(follower);
        agents.set(i, agent.at(engine, agent.label()));
        int newest = engine >= 0 && (world.newest() & 1 << engine) != 0 ? world.newest() | 1 << i : world.newest();
        World next = new World(
                saw(agents),
                world.network(),
                newest,
                world.asks(),
                world.crashes(),
                world.forces(),
                world.events() + 1);
        reach(next, world, what);
    }

    // ---- small change

    private void fail(World world, String what) {
        List<String> history = new ArrayList<>(List.of(what));
        for (World at = world; at != null; ) {
            Step step = reached.get(at);
            history.addFirst(step.what());
            at = step.before();
        }
        violation = new Violation(what, history);
    }

    private PromiseBook book(PromiseBook book) {
        return books.computeIfAbsent(book, b -> b);
    }

    private static int withoutLeader(List<Agent> agents) {
        int bits = 0;
        for (int i = 0; i < agents.size(); i++) {
            bits |= agents.get(i).seesLeader() ? 0 : 1 << i;
        }
        return bits;
    }

    /** Every vote that is under way takes note of who sees no leader. */
    private static List<Agent> saw(List<Agent> agents) {
        int bits = withoutLeader(agents);
        return agents.stream()
                .map(a -> {
                    Vote v = a.vote();
                    return v == null ? a : a.with(new Vote(v.request(), v.promised(), v.sawNoLeader() | bits));
                })
                .toList();
    }

    private static World with(World world, int i, Agent agent, Set<Message> network) {
        return new World(
                replace(world.agents(), i, agent),
                network,
                world.newest(),
                world.asks(),
                world.crashes(),
                world.forces(),
                world.events());
    }

    private static List<Agent> replace(List<Agent> agents, int i, Agent agent) {
        Agent[] all = agents.toArray(Agent[]::new);
        all[i] = agent;
        return Arrays.asList(all);
    }

    private static Set<Message> plus(Set<Message> network, Message message) {
        if (network.contains(message)) {
            return network;
        }
        Set<Message> all = new HashSet<>(network);
        all.add(message);
        return all;
    }

    /** Nobody waits for an answer any more. */
    private static Set<Message> withoutReplies(World world, int i) {
        Set<Message> all = new HashSet<>(world.network());
        all.removeIf(m -> m.to() == i);
        return all;
    }
}
