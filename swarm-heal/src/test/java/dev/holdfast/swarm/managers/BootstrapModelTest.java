package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link BootstrapPolicy#answer} and {@link Initiative} with three agents, messages that are lost, late or repeated, engines
 * that answer late or never, crashes and restarts: never two Swarms, and one when all is quiet.
 */
class BootstrapModelTest {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int SCHEDULES = 20_000;
    private static final int STEPS = 60;

    private sealed interface Message {
        record Ask(int from, int to, String nonce, boolean begun) implements Message {}

        record Answer(int from, int to, String nonce, boolean yielded) implements Message {}
    }

    /** One host. The initiative and the engine outlive a crash, the attempt does not. */
    private static final class Agent {
        final int number;
        Initiative disk = Initiative.NOBODY;
        boolean up = true;
        boolean master;
        boolean inSwarm;
        /** Calls that the engine has not answered yet; one that is, has its effect or none. */
        int calls;

        /** Yields that came in this attempt; null while there is none. */
        @Nullable
        Set<Integer> yields;

        /** Whether the one call since it began can still be known to be over. */
        boolean only;

        boolean waiting;

        Agent(int number) {
            this.number = number;
        }
    }

    private static final class World {
        final Random random;
        final List<Agent> agents = new ArrayList<>();
        final List<Message> wire = new ArrayList<>();
        final List<String> log = new ArrayList<>();
        int nonces;
        int swarms;

        World(long seed) {
            random = new Random(seed);
            for (int i = 0; i < NAMES.size(); i++) {
                agents.add(new Agent(i));
            }
        }

        private void say(String what) {
            log.add(what);
        }

        void begin(Agent agent) {
            boolean goesOn = agent.master || agent.disk.kind() == Initiative.Kind.BEGUN;
            if (agent.up && goesOn && !agent.inSwarm && agent.calls == 0) {
                agent.disk = agent.disk.claimed(NAMES.get(agent.number), "n" + ++nonces);
                agent.yields = new HashSet<>();
                for (Agent other : agents) {
                    if (other != agent) {
                        wire.add(new Message.Ask(
                                agent.number,
                                other.number,
                                agent.disk.nonce(),
                                agent.disk.kind() == Initiative.Kind.BEGUN));
                    }
                }
                say(NAMES.get(agent.number) + " asks for " + agent.disk.nonce());
            }
        }

        void deliver(Message message) {
            switch (message) {
                case Message.Ask(int from, int to, String nonce, boolean begun) -> {
                    Agent asked = agents.get(to);
                    if (asked.up) {
                        BootstrapPolicy.Answer answer = BootstrapPolicy.answer(
                                asked.disk,
                                NAMES.get(from),
                                new PeerRequest.Bootstrap(nonce, NAMES, begun),
                                new BootstrapPolicy.Situation(
                                        true,
                                        true,
                                        NAMES.get(to),
                                        new TreeSet<>(NAMES),
                                        // The engine is seen in none until the call has had its effect.
                                        !asked.inSwarm,
                                        asked.master));
                        asked.disk = answer.initiative();
                        boolean yielded = answer.reply() instanceof PeerReply.Yielded;
                        wire.add(new Message.Answer(to, from, nonce, yielded));
                        say(NAMES.get(to) + " tells " + NAMES.get(from) + " of " + nonce + ": " + answer.reply());
                    }
                }
                case Message.Answer(int from, int to, String nonce, boolean yielded) -> {
                    Agent asking = agents.get(to);
                    Set<Integer> yields = asking.yields;
                    if (asking.up && yields != null && yielded && asking.disk.holds(nonce)) {
                        yields.add(from);
                        if (yields.size() == NAMES.size() - 1) {
                            call(asking);
                        }
                    }
                }
            }
        }

        private void call(Agent agent) {
            agent.only = agent.disk.kind() == Initiative.Kind.OWN;
            agent.disk = agent.disk.begun();
            agent.yields = null;
            agent.calls++;
            agent.waiting = true;
            say(NAMES.get(agent.number) + " calls its engine");
        }

        /** The engine does what it was told, or refuses; an agent that has crashed meanwhile does not hear of it. */
        void engine(Agent agent, boolean works) {
            if (agent.calls == 0) {
                return;
            }
            agent.calls--;
            if (works && !agent.inSwarm) {
                agent.inSwarm = true;
                swarms++;
            }
            say(NAMES.get(agent.number) + "'s engine " + (works ? "makes a swarm" : "refuses"));
            if (agent.waiting && agent.up && agent.calls == 0) {
                agent.waiting = false;
                if (agent.only && !agent.inSwarm) {
                    agent.disk = agent.disk.takenBack();
                }
            }
        }

        void crash(Agent agent) {
            agent.up = false;
            agent.yields = null;
            agent.waiting = false;
            agent.only = false;
            say(NAMES.get(agent.number) + " crashes");
        }

        void step() {
            Agent agent = agents.get(random.nextInt(agents.size()));
            switch (random.nextInt(14)) {
                case 0, 1 -> begin(agent);
                case 2 -> crash(agent);
                case 3, 4 -> agent.up = true;
                case 5 -> agent.master = random.nextInt(3) > 0;
                case 6 -> engine(agent, random.nextBoolean());
                case 7 -> {
                    if (!wire.isEmpty()) {
                        wire.remove(random.nextInt(wire.size()));
                    }
                }
                case 8 -> {
                    if (!wire.isEmpty()) {
                        deliver(wire.get(random.nextInt(wire.size())));
                    }
                }
                default -> {
                    if (!wire.isEmpty()) {
                        deliver(wire.remove(random.nextInt(wire.size())));
                    }
                }
            }
        }

        /** Everybody is up, nothing is lost, engines work. */
        void quiet(Set<Integer> masters) {
            agents.forEach(agent -> {
                agent.up = true;
                agent.master = masters.contains(agent.number);
            });
            for (int round = 0; round < 10 && swarms == 0; round++) {
                agents.forEach(this::begin);
                while (!wire.isEmpty()) {
                    deliver(wire.removeFirst());
                }
                agents.forEach(agent -> {
                    while (agent.calls > 0) {
                        engine(agent, true);
                    }
                });
            }
        }
    }

    @Test
    void thereAreNeverTwoSwarmsAndOneWhenAllIsQuiet() {
        Map<Integer, Integer> made = new HashMap<>();
        for (long seed = 0; seed < SCHEDULES; seed++) {
            World world = new World(seed);
            for (int i = 0; i < STEPS; i++) {
                world.step();
                assertThat(world.swarms).as("seed %d: %s", seed, world.log).isLessThanOrEqualTo(1);
            }
            made.merge(world.swarms, 1, Integer::sum);
            assertThat(world.agents.stream().filter(agent -> agent.disk.kind() == Initiative.Kind.BEGUN))
                    .as("seed %d: %s", seed, world.log)
                    .hasSizeLessThanOrEqualTo(1);
            world.quiet(new HashSet<>(List.of(world.random.nextInt(3), world.random.nextInt(3))));
            assertThat(world.swarms).as("seed %d: %s", seed, world.log).isEqualTo(1);
        }
        // The schedules reach what they are about.
        assertThat(made.getOrDefault(1, 0)).isGreaterThan(SCHEDULES / 50);
        assertThat(made.getOrDefault(0, 0)).isGreaterThan(SCHEDULES / 50);
    }
}
