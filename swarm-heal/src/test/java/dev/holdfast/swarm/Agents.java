package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several rigs on one clock whose agents can talk, but for those that are cut off. Rig 1 is m1, and so on. */
final class Agents {

    final FakeClock clock = new FakeClock();
    final List<Rig> rigs = new ArrayList<>();
    final Set<Rig> cutOff = new HashSet<>();
    private final Map<Rig, Peers.Heard> reports = new HashMap<>();
    private final Map<Rig, Long> due = new HashMap<>();

    Agents(Path stateDir, int count, HealMode mode) {
        for (int i = 1; i <= count; i++) {
            Rig rig = new Rig(stateDir.resolve("a" + i), clock, mode);
            rig.local.clear();
            rig.local.add(Swarms.ip("10.0.0." + i));
            rig.peers = new Channel(rig);
            rigs.add(rig);
            due.put(rig, clock.nanos());
        }
    }

    Rig rig(int number) {
        return rigs.get(number - 1);
    }

    String name(Rig rig) {
        return "agent" + (rigs.indexOf(rig) + 1);
    }

    /** Every engine shows the same, each as its own node. */
    void allShow(SwarmObservation seen) {
        for (int i = 1; i <= rigs.size(); i++) {
            shows(i, seen);
        }
    }

    void shows(int number, SwarmObservation seen) {
        SwarmObservation own = Swarms.at(number, seen);
        rig(number).engine = () -> own;
    }

    int forces() {
        return rigs.stream().mapToInt(r -> r.forced.size()).sum();
    }

    void runSeconds(long seconds) {
        for (long i = 0; i < seconds; i++) {
            for (Rig rig : rigs) {
                if (!cutOff.contains(rig)) {
                    reports.put(rig, new Peers.Heard(report(rig), clock.nanos()));
                }
                if (due.get(rig) - clock.nanos() <= 0) {
                    due.put(rig, clock.nanos() + rig.healer.step());
                }
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    private AgentReport report(Rig rig) {
        SwarmHealer.Look look = rig.healer.latest();
        if (look == null) {
            return new AgentReport(name(rig), false, null, 0, "", "", "", "", rig.healer.lineage(), false);
        }
        SwarmSnapshot seen = look.snapshot();
        return new AgentReport(
                name(rig),
                rig.healer.status().master(),
                seen.state(),
                0,
                seen.nodeId(),
                seen.nodeAddress(),
                rig.healer.status().clusterId(),
                seen.leader().map(Manager::id).orElse(""),
                rig.healer.lineage(),
                true);
    }

    private final class Channel implements Peers {
        private final Rig own;

        Channel(Rig own) {
            this.own = own;
        }

        @Override
        public int configured() {
            return rigs.size();
        }

        @Override
        public List<Heard> heard() {
            return cutOff.contains(own)
                    ? List.of()
                    : rigs.stream()
                            .filter(r -> r != own && reports.containsKey(r))
                            .map(reports::get)
                            .toList();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            Rig other =
                    rigs.stream().filter(r -> name(r).equals(agent)).findFirst().orElseThrow();
            if (cutOff.contains(own) || cutOff.contains(other)) {
                return new PeerReply.NoAnswer("cut off");
            }
            return request instanceof PeerRequest.Reach(Endpoint manager)
                    ? new PeerReply.Reached(other.answering.contains(manager))
                    : other.healer.answers().answer(name(own), request);
        }
    }
}
