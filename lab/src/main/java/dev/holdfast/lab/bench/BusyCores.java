package dev.holdfast.lab.bench;

import dev.holdfast.lab.Host;
import dev.holdfast.lab.LabProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A busy loop on every core, as many as there are cores and at least two: nobody may take over because of that. */
record BusyCores() implements Figure {
    private static final int INTERVAL_MILLIS = 100;

    @Override
    public String key() {
        return "busy-cores";
    }

    @Override
    public String title() {
        return "a busy loop on every core, v3, 100 ms adverts";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("taken", "wrong take-overs by the backup", "", new Goal.AtMost(0)),
                new Metric("left", "times the master stood down", "", new Goal.AtMost(0)));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        try (Pair pair = new Pair(contender, RouterConfig.one(3, INTERVAL_MILLIS, Pair.LOW))) {
            Running master = pair.launchHigh();
            Running backup = pair.launchLow();
            pair.awaitSettled();
            Mishaps before = Mishaps.of(master, backup);
            List<LabProcess> loops = busyLoops(pair.low());
            Pair.pass(plan.busy());
            loops.forEach(LabProcess::close);
            Mishaps happened = Mishaps.of(master, backup).minus(before);
            return Map.of("taken", Reading.of(happened.taken()), "left", Reading.of(happened.left()));
        }
    }

    private static List<LabProcess> busyLoops(Host host) {
        List<LabProcess> loops = new ArrayList<>();
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        for (int i = 1; i <= cores; i++) {
            loops.add(host.start("busy" + i, "sh", "-c", "while :; do :; done"));
        }
        return loops;
    }
}
