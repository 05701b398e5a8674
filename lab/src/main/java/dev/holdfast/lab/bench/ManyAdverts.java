package dev.holdfast.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.LabException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** 255 virtual routers with 100 adverts a second each: wrong take-overs, and what it costs on both sides. */
record ManyAdverts() implements Figure {
    private static final int INSTANCES = 255;
    private static final int INTERVAL_MILLIS = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String key() {
        return "many-adverts";
    }

    @Override
    public String title() {
        return "255 instances at 100 adverts/s, v3";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("taken", "wrong take-overs by the backup", "", new Goal.AtMost(0)),
                new Metric("left", "times the master stood down", "", new Goal.AtMost(0)),
                new Metric("cpu-master", "CPU of the master", "% of a core", new Goal.ShareOfTheirs(0.5)),
                new Metric("cpu-backup", "CPU of the backup", "% of a core", new Goal.Information()),
                new Metric("cpu-per-frame", "CPU of the master a frame", "us", new Goal.Information()),
                new Metric("rate", "frames the master really sent", "/s", new Goal.Information()));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        RouterConfig config = RouterConfig.one(3, INTERVAL_MILLIS, Pair.LOW).times(INSTANCES);
        try (Pair pair = new Pair(contender, config)) {
            Running master = pair.launchHigh();
            // Alone first: who may start together with whom is a figure of its own.
            pair.awaitSettled();
            Running backup = pair.launchLow();
            Pair.pass(WARM_UP);
            Mishaps before = Mishaps.of(master, backup);
            Usage masterBefore = master.usage();
            Usage backupBefore = backup.usage();
            long sentBefore = framesSent(pair.high());
            long start = System.nanoTime();
            Pair.pass(plan.load());
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuMaster = master.usage().percentOfACoreSince(masterBefore, seconds);
            double cpuBackup = backup.usage().percentOfACoreSince(backupBefore, seconds);
            double rate = (framesSent(pair.high()) - sentBefore) / seconds;
            Mishaps happened = Mishaps.of(master, backup).minus(before);
            return Map.of(
                    "taken", Reading.of(happened.taken()),
                    "left", Reading.of(happened.left()),
                    "cpu-master", Reading.of(cpuMaster).noting(shortfall(rate)),
                    "cpu-backup", Reading.of(cpuBackup),
                    "cpu-per-frame", Reading.of(cpuMaster / 100 * 1e6 / rate),
                    "rate", Reading.of(rate));
        }
    }

    /** A program that falls behind uses little CPU, which is no merit. */
    static String shortfall(double rate) {
        double wanted = INSTANCES * 1000.0 / INTERVAL_MILLIS;
        return rate > wanted * 0.9
                ? ""
                : "it sent %s of %s adverts/s, so this is not what the full load costs"
                        .formatted(Numbers.text(Math.rint(rate)), Numbers.text(wanted));
    }

    private static long framesSent(Host host) {
        String links = host.exec("ip", "-j", "-s", "link", "show", "dev", host.interfaceName());
        try {
            return JSON.readTree(links).path(0).at("/stats64/tx/packets").asLong();
        } catch (JsonProcessingException e) {
            throw new LabException("not JSON from ip: " + links, e);
        }
    }
}
