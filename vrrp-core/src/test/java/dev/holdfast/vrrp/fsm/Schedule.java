package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a simulation goes through: the hosts, what befalls them, and the last blow after they have agreed.
 *
 * @param seed also mixes the fate of each advert
 * @param hosts their settings
 * @param driftPpm how much faster than the truth each host's clock runs, in millionths
 * @param shortest the shortest interval of any host, in ns
 * @param interval the longest one, the measure of everything that takes time
 * @param maxDelay how long an advert travels and how late a timer rings, at most
 * @param troubles in the order of their times
 * @param blow what happens to the MASTER, or to the others, when all is quiet
 */
record Schedule(
        long seed,
        List<RouterSettings> hosts,
        List<Integer> driftPpm,
        long shortest,
        long interval,
        long maxDelay,
        List<Trouble> troubles,
        Blow blow) {

    static final int MAX_HOSTS = 5;

    /** Far more than a bad oscillator; enough to break the order of neighbouring priorities. */
    static final int MAX_DRIFT_PPM = 5000;

    /** How long the trouble lasts, in {@link #interval}s. */
    static final int TROUBLE_INTERVALS = 30;

    /** What the MASTER can come to, or the others. */
    enum Blow {
        NONE,
        KILL,
        SHUT_DOWN,
        LEAVE,
        HAND_OVER,
        FAULT,
        STALL,
        PAUSE,
        CUT,
        SLEEPING_BACKUPS
    }

    /** The schedule of this seed. */
    static Schedule of(long seed) {
        // Not java.util.Random: its first draws are nearly the same for all small seeds.
        SplittableRandom random = new SplittableRandom(seed);
        VrrpVersion version = random.nextBoolean() ? VrrpVersion.V2 : VrrpVersion.V3;
        long shortest = switch (version) {
            case V2 -> 1_000_000_000L;
            case V3 -> List.of(10_000_000L, 100_000_000L, 1_000_000_000L).get(random.nextInt(3));
        };
        int longestFactor = version == VrrpVersion.V3 && random.nextInt(3) == 0 ? 6 : 1;
        long interval = shortest * longestFactor;
        // Far below the distance of two neighbouring deadlines would be too kind, above it the races get their turn.
        long maxDelay = shortest / List.of(10, 100, 1000).get(random.nextInt(3));
        boolean preempt = random.nextInt(3) > 0;
        long preemptDelay = random.nextBoolean() ? 0 : random.nextLong(5 * interval);
        boolean drifting = random.nextBoolean();
        int count = random.nextInt(2, MAX_HOSTS + 1);
        // Few different priorities, so that equal ones are common.
        int spread = random.nextBoolean() ? 3 : 254;
        List<RouterSettings> hosts = new ArrayList<>();
        List<Integer> drift = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(new RouterSettings(
                    version,
                    new IpAddress(IpFamily.IPV4, 0, 0x0A000001L + i),
                    random.nextInt(12) == 0 ? 255 : 1 + random.nextInt(spread),
                    shortest * random.nextInt(1, longestFactor + 1),
                    preempt,
                    preemptDelay,
                    random.nextInt(4) == 0 ? VrrpState.MASTER : VrrpState.BACKUP,
                    random.nextInt(4) == 0,
                    random.nextInt(4) == 0,
                    random.nextLong()));
            drift.add(drifting ? random.nextInt(-MAX_DRIFT_PPM, MAX_DRIFT_PPM + 1) : 0);
        }
        List<Trouble> troubles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            troubles.add(new Trouble(random.nextLong(2 * interval), new Trouble.Boot(i)));
        }
        for (long at = 0; at < TROUBLE_INTERVALS * interval; at += random.nextLong(1, 4 * interval)) {
            troubles.add(new Trouble(at, kind(random, random.nextInt(count), interval, longestFactor)));
        }
        if (random.nextInt(3) > 0) {
            // Most of the time they all come back in the end, so that the last blow has somebody left to follow.
            for (int i = 0; i < count; i++) {
                troubles.add(new Trouble(TROUBLE_INTERVALS * interval, new Trouble.Boot(i)));
                troubles.add(new Trouble(TROUBLE_INTERVALS * interval, new Trouble.Fault(i, false)));
            }
        }
        Collections.sort(troubles);
        Blow blow = Blow.values()[random.nextInt(Blow.values().length)];
        return new Schedule(seed, List.copyOf(hosts), List.copyOf(drift), shortest, interval, maxDelay, troubles, blow);
    }

    /** The same with these troubles alone. */
    Schedule with(List<Trouble> fewer) {
        return new Schedule(seed, hosts, driftPpm, shortest, interval, maxDelay, fewer, blow);
    }

    private static Trouble.Kind kind(SplittableRandom random, int host, long interval, int longestFactor) {
        return switch (random.nextInt(20)) {
            case 0 -> new Trouble.Split(random.nextInt(1 << MAX_HOSTS));
            case 1, 2 -> new Trouble.Mend();
            case 3 -> new Trouble.Lose(random.nextInt(3) == 0 ? random.nextInt(600) : 0);
            case 4 -> new Trouble.Kill(host);
            case 5 -> new Trouble.ShutDown(host);
            case 6, 7 -> new Trouble.Boot(host);
            case 8 -> new Trouble.Stall(host, random.nextLong(8 * interval));
            case 9 -> new Trouble.Pause(host, random.nextLong(8 * interval));
            case 10 -> new Trouble.Fault(host, true);
            case 11 -> new Trouble.Fault(host, false);
            case 12 -> new Trouble.Slow(random.nextBoolean());
            case 13 -> random.nextBoolean() ? new Trouble.Deafen(host) : new Trouble.Mute(host);
            case 14 -> new Trouble.Unstop();
            case 15 -> new Trouble.Reload(host, random.nextInt(1, longestFactor + 1), random.nextBoolean());
            case 16 -> new Trouble.Leave(host);
            case 17, 18 -> new Trouble.HandOver(host);
            default -> new Trouble.Priority(host, random.nextInt(1, 255));
        };
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed " + seed + ", delays up to " + maxDelay / 1e6 + " ms");
        for (int i = 0; i < hosts.size(); i++) {
            text.append("\n  host ")
                    .append(i)
                    .append(": ")
                    .append(hosts.get(i))
                    .append(", clock ")
                    .append(driftPpm.get(i))
                    .append(" ppm");
        }
        troubles.forEach(trouble -> text.append('\n').append(trouble));
        return text.append("\nthen the last blow: ").append(blow).toString();
    }
}
