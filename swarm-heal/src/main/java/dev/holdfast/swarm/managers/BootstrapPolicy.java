package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides how fresh hosts become one Swarm, and how one that comes later gets into it. Pure.
 *
 * <p>A host in no Swarm joins the one that another agent's host is in. Where there is none, the MASTER makes the first: only when it
 * hears every configured agent, every engine is in no Swarm and never was in one, and every other agent, asked in that very round, has
 * yielded: it leaves it to this one to make the Swarm, and has that on its disk before it says so.
 *
 * <p><b>Why two Swarms never come to be.</b> An attempt has a name that is never used twice, and an agent that yields gives up its own attempt
 * for ever. Right before the call an agent writes down that it has {@linkplain Initiative.Kind#BEGUN begun}, which it can only if its
 * attempt is still its own; from then on it yields to nobody. Suppose that X and Y both begin, with the attempts x and y, X first. Y has X's
 * yield to y, given at a time g. X had not begun then, and had no attempt afterwards, so x was claimed after g. X has
 * Y's yield to x, given after x was claimed, hence after g, hence after y was claimed; with it Y gave up y. So Y does not begin y.
 *
 * <p>The argument needs that X and Y ask each other. They do: an agent yields only to one that names the same agents as it does itself,
 * so if only one agent is asked by both, all three have one list, and it names X and Y. It needs no clock, nobody's view of who is dead, and
 * no bound on messages; what is lost or late only costs another round. An agent may therefore yield to B after it has yielded to A at any
 * time, also while A is away: not its word to A, but A's own word to B lets B begin.
 *
 * <p><b>A crash.</b> Before it has begun nothing has happened. After that the call may have been made or not, and may still be under way in
 * the engine. So the agent yields to nobody, and when it is back and the engine still is in no Swarm, only it can make the Swarm, under the
 * same gates. It takes back that it has begun only if the engine, called once since, has refused, and was then seen in no Swarm. Should such
 * a host never return, nobody begins: one agent is missing. A Swarm that was made is seen by its agent, which then never counts as fresh again.
 * Another MASTER has to ask that agent too, so it does not make a second one, and neither does a host that lost its disk.
 */
final class BootstrapPolicy {

    private BootstrapPolicy() {}

    /**
     * All that the policy may know. All times are on the same monotonic clock.
     *
     * @param configured how many agents count, this one included; 0 without a channel
     * @param heard the reports of the others that count and were heard lately
     * @param everInSwarm whether this host was ever seen in a Swarm
     * @param leftOnPurpose whether it was taken out of one while its agent looked on
     * @param begun whether this agent has begun to make the Swarm, so that no other one can, MASTER or not
     * @param rejoining whether it has left a Swarm to join it again, which is not decided here
     */
    record Inputs(
            boolean bootstrap,
            boolean master,
            int configured,
            Peers.Roster roster,
            List<AgentReport> heard,
            SwarmSnapshot snapshot,
            boolean everInSwarm,
            boolean leftOnPurpose,
            boolean begun,
            boolean rejoining,
            AdvertiseAddress advertise,
            long nowNanos) {

        /** Copies the list. */
        Inputs {
            heard = List.copyOf(heard);
        }
    }

    /** Makes the plan for this moment: to {@link KeepAction#JOIN} the Swarm that is there, to {@link KeepAction#INIT} one, or why not. */
    static KeepPlan decide(Inputs in) {
        if (!in.bootstrap()) {
            return new KeepPlan.Nothing(KeepReason.OFF, "swarm.bootstrap is false");
        }
        SwarmSnapshot seen = in.snapshot();
        if (seen.state() != SwarmState.INACTIVE) {
            return new KeepPlan.Nothing(
                    seen.nodeId().isEmpty() ? KeepReason.ENGINE_NOT_READY : KeepReason.AS_IT_SHOULD_BE,
                    seen.state().name());
        }
        if (in.rejoining()) {
            return new KeepPlan.Nothing(KeepReason.REJOINING, "");
        }
        if (!seen.isCleanlyInactive()) {
            return new KeepPlan.Refuse(KeepRefusal.ENGINE_NOT_CLEAN, seen.detail());
        }
        if (in.configured() < 2) {
            return new KeepPlan.Refuse(
                    KeepRefusal.CHANNEL_MISSING, "set peers.secret, and name all agents in peers.agents");
        }
        if (in.leftOnPurpose()) {
            return new KeepPlan.Nothing(KeepReason.ON_PURPOSE, "docker swarm join brings it back");
        }
        List<String> clusters = in.heard().stream()
                .filter(BootstrapPolicy::hasSwarm)
                .map(AgentReport::clusterId)
                .distinct()
                .toList();
        if (clusters.size() > 1) {
            return new KeepPlan.Refuse(KeepRefusal.TWO_SWARMS, String.join(", ", clusters));
        }
        if (in.advertise() instanceof AdvertiseAddress.Unusable(var reason, String detail)) {
            return new KeepPlan.Refuse(KeepRefusal.ADVERTISE_ADDRESS, reason.text() + ": " + detail);
        }
        if (!clusters.isEmpty()) {
            return new KeepPlan.Act(KeepAction.JOIN, "", KeepReason.SWARM_EXISTS, names(in.heard(), true), false);
        }
        if (in.heard().stream().anyMatch(BootstrapPolicy::isInSwarm)) {
            return new KeepPlan.Wait(KeepReason.WAITING_FOR_LEADER, names(in.heard(), false), in.nowNanos());
        }
        return first(in);
    }

    /** Nobody that is heard is in a Swarm. */
    private static KeepPlan first(Inputs in) {
        if (in.everInSwarm()) {
            return new KeepPlan.Refuse(KeepRefusal.NOT_FRESH, "");
        }
        if (in.heard().size() != in.configured() - 1) {
            return new KeepPlan.Wait(KeepReason.WAITING_FOR_AGENTS, missing(in), in.nowNanos());
        }
        String others = in.heard().stream()
                .filter(report -> report.state() != SwarmState.INACTIVE || report.everInSwarm())
                .map(report -> report.agent() + ": "
                        + (report.state() != SwarmState.INACTIVE
                                ? "its engine is not seen in no swarm"
                                : "was in a swarm before"))
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            return new KeepPlan.Wait(KeepReason.WAITING_FOR_HOSTS, others, in.nowNanos());
        }
        return in.master() || in.begun()
                ? new KeepPlan.Act(KeepAction.INIT, "", KeepReason.FRESH_HOSTS, in.configured() + " hosts", false)
                : new KeepPlan.Wait(KeepReason.WAITING_FOR_MASTER, "", in.nowNanos());
    }

    private static String missing(Inputs in) {
        List<String> silent = in.roster().silent();
        return "%d of %d%s"
                .formatted(
                        in.heard().size() + 1,
                        in.configured(),
                        silent.isEmpty() ? "" : ", missing: " + String.join(", ", silent));
    }

    private static boolean hasSwarm(AgentReport report) {
        return report.state() == SwarmState.HAS_LEADER && !report.clusterId().isEmpty();
    }

    /** A node id alone does not tell: an engine has one for a moment while it tries to join. */
    private static boolean isInSwarm(AgentReport report) {
        return !report.nodeId().isEmpty() && report.state() != SwarmState.INACTIVE;
    }

    private static String names(List<AgentReport> heard, boolean leading) {
        return heard.stream()
                .filter(report -> leading ? hasSwarm(report) : isInSwarm(report))
                .map(AgentReport::agent)
                .collect(Collectors.joining(", "));
    }

    /**
     * What an agent that is asked to yield knows of itself and the others.
     *
     * @param counts whether the asking agent is one of those that count
     * @param agents the names of all that count and were heard lately, this one included
     * @param fresh whether this host's engine was, lately, seen cleanly in no Swarm, and never in one
     * @param ready whether this agent would make the Swarm itself now
     */
    record Situation(boolean bootstrap, boolean counts, String self, Set<String> agents, boolean fresh, boolean ready) {

        /** Copies the set. */
        Situation {
            agents = Set.copyOf(agents);
        }
    }

    /** The answer, and what must be on disk before it is given. */
    record Answer(Initiative initiative, PeerReply reply) {}

    /** Another agent asks to be left to make the Swarm. */
    static Answer answer(Initiative held, String from, PeerRequest.Bootstrap asked, Situation here) {
        if (!here.bootstrap()) {
            return no(held, KeepRefusal.BOOTSTRAP_OFF, "");
        }
        if (!here.counts() || !asked.agents().equals(List.copyOf(new TreeSet<>(here.agents())))) {
            return no(held, KeepRefusal.OTHER_AGENTS, "here: " + String.join(", ", new TreeSet<>(here.agents())));
        }
        if (!here.fresh()) {
            return no(held, KeepRefusal.NOT_FRESH, "");
        }
        if (held.kind() == Initiative.Kind.BEGUN) {
            return no(held, KeepRefusal.INIT_UNDER_WAY, "");
        }
        // Who has begun must go on, for nobody else can. Two MASTERs, of different instances: without an order they
        // could take it from each other for ever.
        if (here.ready() && !asked.begun() && here.self().compareTo(from) < 0) {
            return no(held, KeepRefusal.OTHERS_TURN, "");
        }
        return new Answer(held.yieldedTo(from, asked.nonce()), new PeerReply.Yielded(asked.nonce()));
    }

    private static Answer no(Initiative held, KeepRefusal reason, String detail) {
        return new Answer(held, new PeerReply.Refused(reason.label(), detail.isEmpty() ? reason.text() : detail));
    }

    /** As what a host is let in. */
    enum Entry {
        MANAGER,
        WORKER,
        /** Another one is about to become a manager. */
        LATER
    }

    /**
     * As what the leader's agent lets a host in that was in no Swarm.
     *
     * @param target how many managers there shall be at most
     * @param agents how many agents there are; of an even number of hosts one is a worker, for it would not make the Swarm survive more
     * @param underWay whether another host has been given the manager token and is not yet a manager
     */
    static Entry entry(SwarmSnapshot seen, int target, int agents, boolean underWay) {
        int members = seen.managers().size();
        long reached = seen.managers().stream()
                .filter(member -> member.reachability().equals("reachable"))
                .count();
        int most = Math.min(target, agents > 2 && agents % 2 == 0 ? agents - 1 : agents);
        // With a manager gone, one more that failed at once must not cost the quorum.
        boolean risky = reached < members && reached < RedundancyPolicy.quorum(members + 1);
        if (members >= most || risky) {
            return Entry.WORKER;
        }
        return underWay ? Entry.LATER : Entry.MANAGER;
    }

    /** {@return whom to ask for the token, the leader's own agent first} */
    static List<AgentReport> inSwarm(List<AgentReport> heard) {
        List<AgentReport> members =
                new ArrayList<>(heard.stream().filter(BootstrapPolicy::hasSwarm).toList());
        members.sort((a, b) ->
                Boolean.compare(b.leaderId().equals(b.nodeId()), a.leaderId().equals(a.nodeId())));
        return List.copyOf(members);
    }
}
