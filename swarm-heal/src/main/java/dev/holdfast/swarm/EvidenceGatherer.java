package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks managers, witnesses and the other agents, all at once. Remembers who answered when, so that sightings cover the whole
 * hold. Used by the healer's thread alone.
 */
final class EvidenceGatherer {

    /** Longer than another agent's own probe takes. */
    static final Duration REACH_WITHIN = Duration.ofSeconds(2);

    /** More than a lost packet, and less than a host takes to come back from anything. */
    static final Duration AWAY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    /** What came of probing one manager; {@code asked} are the agents that try it too, by name. */
    private record Probe(CompletableFuture<Boolean> direct, Map<String, CompletableFuture<PeerReply>> asked) {}

    private final HealPorts ports;
    private final Executor executor;
    private final Map<Endpoint, Evidence.Sighting> sightings = new HashMap<>();
    /** Since when those are asked, or were last silent after they had answered, that do not answer. */
    private final Map<Endpoint, Long> silentSince = new HashMap<>();

    private @Nullable Evidence latest;

    EvidenceGatherer(HealPorts ports, Executor executor) {
        this.ports = ports;
        this.executor = executor;
    }

    @Nullable
    Evidence latest() {
        return latest;
    }

    /** What was asked is no longer true; who was seen stays known. */
    void expire() {
        latest = null;
    }

    /** There is a leader, or nobody needs to know. */
    void forget() {
        latest = null;
        sightings.clear();
        silentSince.clear();
    }

    /**
     * Asks everybody once, within about two seconds.
     *
     * @param agents who is asked to try the managers too, as SWIM does; one yes is a sighting
     */
    void gather(Membership membership, List<Witness> witnesses, List<String> agents) {
        long started = ports.clock().nanos();
        List<Endpoint> endpoints = membership.others().stream()
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Map<Endpoint, Probe> probes = new HashMap<>();
        endpoints.forEach(e -> probes.put(e, probe(e, agents)));
        List<CompletableFuture<WitnessProbe.Answer>> answers = witnesses.stream()
                .map(w -> start(() -> ports.witnesses().ask(w)))
                .toList();
        sightings.keySet().retainAll(endpoints);
        silentSince.keySet().retainAll(endpoints);
        probes.forEach((endpoint, probe) -> take(endpoint, probe, started));
        List<WitnessProbe.Answer> heard = new ArrayList<>();
        for (CompletableFuture<WitnessProbe.Answer> answer : answers) {
            WitnessProbe.Answer given = await(answer);
            if (given != null) {
                heard.add(given);
            }
        }
        latest = new Evidence(started, sightings, heard);
    }

    private Probe probe(Endpoint endpoint, List<String> agents) {
        Peers peers = ports.peers();
        Map<String, CompletableFuture<PeerReply>> asked = new HashMap<>();
        for (String agent : agents) {
            asked.put(agent, start(() -> peers.ask(agent, new PeerRequest.Reach(endpoint), REACH_WITHIN)));
        }
        return new Probe(start(() -> ports.managers().answers(endpoint)), asked);
    }

    private void take(Endpoint endpoint, Probe probe, long started) {
        Boolean direct = await(probe.direct());
        if (direct != null && direct) {
            answered(endpoint, started, "");
            return;
        }
        for (Map.Entry<String, CompletableFuture<PeerReply>> asked :
                probe.asked().entrySet()) {
            if (await(asked.getValue()) instanceof PeerReply.Reached(boolean answers) && answers) {
                answered(endpoint, started, asked.getKey());
                return;
            }
        }
        silentSince.putIfAbsent(endpoint, started);
        if (direct == null) {
            // A probe that broke has seen nothing: the manager counts as not asked.
            sightings.remove(endpoint);
        } else {
            sightings.putIfAbsent(endpoint, Evidence.Sighting.NEVER);
        }
    }

    private void answered(Endpoint endpoint, long now, String through) {
        Long silent = silentSince.remove(endpoint);
        Evidence.Sighting before = sightings.get(endpoint);
        Long back = silent != null && now - silent >= AWAY.toNanos()
                ? Long.valueOf(now)
                : before == null ? null : before.backNanos();
        sightings.put(endpoint, new Evidence.Sighting(true, now, through, back));
    }

    private <T> CompletableFuture<T> start(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, executor);
    }

    private static <T> @Nullable T await(CompletableFuture<T> answer) {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Swarm: a probe failed: {}", e.toString());
            return null;
        }
    }
}
