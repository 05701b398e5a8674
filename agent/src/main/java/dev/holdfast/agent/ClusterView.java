package dev.holdfast.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.http.Feed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of all agents, as the status page shows it, kept up while somebody looks at it and no longer. This agent's own is never held
 * up by another that does not answer.
 */
final class ClusterView implements Feed, AutoCloseable {
    /** How often this agent's status is looked at, besides its transitions. */
    private static final Duration OWN = Duration.ofSeconds(1);

    /** How long after an answer, or its deadline, the other agents are asked again. */
    private static final Duration OTHERS = Duration.ofSeconds(1);

    /** For so long after the last look it is kept up. */
    private static final Duration WANTED = Duration.ofSeconds(15);

    /** What changes all the time and tells a person nothing. */
    private static final List<String> COUNTERS = List.of("advertsSent", "advertsReceived");

    private final Source source;
    private List<JsonNode> others = List.of();
    private final Map<String, Sighting> seen = new HashMap<>();
    private boolean complete;
    private @Nullable Version latest;
    private boolean latestIsComplete;
    private String latestAgents = "";
    private long wantedUntil;
    private boolean changed;
    private long published;
    private boolean running;
    private int run;
    private boolean closed;

    /** Where the agents' status comes from. */
    interface Source {
        /** This agent's; empty if its event loop does not answer. */
        Optional<ObjectNode> own();

        /** {@link StatusOfAll#gather}: all agents, this one first; empty as {@link #own}. May take as long as its deadline. */
        Optional<ObjectNode> all() throws InterruptedException;
    }

    /** An agent's name when it last answered. */
    private record Sighting(String node, Instant at) {}

    ClusterView(Source source) {
        this.source = source;
    }

    @Override
    public synchronized Optional<Version> next(long than, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        wantedUntil = System.nanoTime() + limit.plus(WANTED).toNanos();
        start();
        while (latest == null || latest.number() <= than) {
            long left = end - System.nanoTime();
            if (left <= 0 || closed) {
                return Optional.empty();
            }
            wait(left / 1_000_000 + 1);
        }
        return Optional.of(latest);
    }

    /** The first version in which the other agents' answers are, or the latest after that time. */
    synchronized Optional<Version> complete(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Optional<Version> version = next(0, limit);
        while (version.isPresent() && !latestIsComplete) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                break;
            }
            Optional<Version> later = next(version.get().number(), left);
            version = later.isPresent() ? later : version;
        }
        return version;
    }

    /** Something happened here: whoever looks is told at once. Never blocks for long; may be called on the event loop. */
    synchronized void changed() {
        changed = true;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void start() {
        if (!running && !closed) {
            running = true;
            latest = null;
            latestAgents = "";
            latestIsComplete = false;
            complete = false;
            others = List.of();
            int mine = ++run;
            Thread.ofVirtual().name("cluster-own").start(this::lookAtOwn);
            Thread.ofVirtual().name("cluster-others").start(() -> askOthers(mine));
        }
    }

    private void lookAtOwn() {
        try {
            while (true) {
                Optional<ObjectNode> own = source.own();
                synchronized (this) {
                    publish(own);
                    long next = System.nanoTime() + OWN.toNanos();
                    for (long left = OWN.toNanos(); left > 0 && !changed && !closed; left = next - System.nanoTime()) {
                        wait(left / 1_000_000 + 1);
                    }
                    changed = false;
                    if (isOver()) {
                        running = false;
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOthers(int mine) {
        try {
            while (true) {
                List<JsonNode> answers = source.all().map(ClusterView::othersOf).orElse(List.of());
                synchronized (this) {
                    if (!running || run != mine) {
                        return;
                    }
                    others = answers;
                    complete = true;
                    changed = true;
                    notifyAll();
                }
                Thread.sleep(OTHERS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver() {
        return closed || System.nanoTime() - wantedUntil > 0;
    }

    private static List<JsonNode> othersOf(ObjectNode all) {
        return all.path("agents").valueStream().skip(1).toList();
    }

    private void publish(Optional<ObjectNode> own) {
        ObjectNode cluster = JsonNodeFactory.instance.objectNode();
        ArrayNode agents = cluster.putArray("agents");
        ObjectNode self = agents.addObject().put("address", "this host").put("self", true);
        if (own.isPresent()) {
            self.set("status", withoutCounters(own.get()));
        } else {
            self.put("error", "its event loop does not answer");
        }
        seen.keySet()
                .retainAll(others.stream()
                        .map(other -> other.path("address").asText())
                        .toList());
        others.forEach(agent -> agents.add(describe(agent.<ObjectNode>deepCopy())));
        cluster.put("complete", complete);
        String text = cluster.toString();
        if (!text.equals(latestAgents)) {
            latestAgents = text;
            cluster.put("at", Instant.now().toString());
            latest = new Version(++published, cluster.toString());
            latestIsComplete = complete;
            notifyAll();
        }
    }

    private JsonNode describe(ObjectNode agent) {
        String address = agent.path("address").asText();
        if (agent.path("status") instanceof ObjectNode status) {
            seen.put(address, new Sighting(status.path("node").asText(), Instant.now()));
            withoutCounters(status);
            return agent;
        }
        @Nullable Sighting last = seen.get(address);
        return last == null
                ? agent
                : agent.put("node", last.node()).put("answeredAt", last.at().toString());
    }

    private static ObjectNode withoutCounters(ObjectNode status) {
        status.remove("process");
        if (status.path("swarm") instanceof ObjectNode swarm) {
            swarm.remove("observedAt");
        }
        for (JsonNode instance : status.path("instances")) {
            if (instance instanceof ObjectNode object) {
                object.remove(COUNTERS);
            }
        }
        return status;
    }
}
