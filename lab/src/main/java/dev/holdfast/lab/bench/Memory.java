package dev.holdfast.lab.bench;

import dev.holdfast.lab.Dockerd;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Lab;
import dev.holdfast.lab.Preflight;
import dev.holdfast.lab.Swarm;
import java.util.List;
import java.util.Map;

/** Resident memory with one virtual router; Holdfast watches a real Swarm of one manager meanwhile. */
record Memory() implements Figure {
    private static final double LIMIT_MEGABYTES = 80;

    @Override
    public String key() {
        return "memory";
    }

    @Override
    public String title() {
        return "resident memory, one instance, v2, 1 s adverts, Holdfast watching a Swarm";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(new Metric("rss", "RSS, all processes", "MB", new Goal.Under(LIMIT_MEGABYTES)));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        try (Lab lab = Lab.create("bench")) {
            Host host = lab.host("node");
            RouterConfig config = RouterConfig.one(2, 1000, Pair.LOW);
            String note = plan.memory().toSeconds() + " s after the start";
            if (contender == Contender.HOLDFAST) {
                if (Preflight.missingForDocker().isEmpty()) {
                    Dockerd engine = Dockerd.start(host, lab);
                    Swarm.ofManagers(List.of(engine));
                    config = config.watching(engine.url());
                } else {
                    config = config.watching("unix:///nonexistent/docker.sock");
                    note += ", no Docker engine to be had here: it waits for one";
                }
            }
            Running running = contender.launch(host, config);
            Pair.pass(plan.memory());
            return Map.of(
                    "rss", Reading.of(running.usage().residentBytes() / 1e6).noting(note));
        }
    }
}
