package dev.holdfast.vrrp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpAction;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Two or three hosts on two links, a virtual router on each link and both in one group, while links are cut, hosts fail and
 * restart: on each host the two never differ, and after the trouble one host holds both.
 */
class SyncGroupSimulationTest {
    private static final long INTERVAL = 1_000_000_000L;
    private static final int LINKS = 2;

    /** The seed of the first schedule. */
    private static final String SEED = "holdfast.simulation.seed";

    /** How many of the protocol's schedules are run; here it is one for each 25, for these take longer. */
    private static final String SCHEDULES = "holdfast.simulation.schedules";

    @Test
    void oneHostHoldsAllThatBelongsTogether() {
        long first = Long.getLong(SEED, 0);
        long count = Math.ceilDiv(Long.getLong(SCHEDULES, 100_000), 25);
        LongStream.range(first, first + count).parallel().forEach(seed -> new World(seed).run());
    }

    private record Step(long at, long order, Runnable action) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final class World {
        private final long seed;
        private final SplittableRandom random;
        private final PriorityQueue<Step> steps = new PriorityQueue<>();
        private final List<Host> hosts = new ArrayList<>();
        private final boolean[] cut = new boolean[LINKS];
        private long now;
        private long order;

        World(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            boolean preempt = random.nextBoolean();
            int count = random.nextInt(2, 4);
            for (int i = 0; i < count; i++) {
                hosts.add(new Host(i, random.nextInt(100, 104), preempt));
            }
        }

        void run() {
            hosts.forEach(host -> at(random.nextLong(INTERVAL), host::start));
            long end = 40 * INTERVAL;
            for (long at = 0; at < end; at += random.nextLong(1, 5 * INTERVAL)) {
                at(at, this::trouble);
            }
            runUntil(end);
            cut[0] = false;
            cut[1] = false;
            hosts.forEach(host -> {
                host.mend();
                host.start();
            });
            runUntil(end + 20 * INTERVAL);

            List<Host> masters = hosts.stream()
                    .filter(host -> host.group.state() == VrrpState.MASTER)
                    .toList();
            assertThat(masters).as("seed %d: hosts that hold both", seed).hasSize(1);
            assertThat(hosts.stream().filter(host -> host.group.state() == VrrpState.BACKUP))
                    .as("seed %d: the others", seed)
                    .hasSize(hosts.size() - 1);
        }

        private void trouble() {
            Host host = hosts.get(random.nextInt(hosts.size()));
            int link = random.nextInt(LINKS);
            switch (random.nextInt(6)) {
                case 0 -> cut[link] = true;
                case 1 -> cut[link] = false;
                case 2 -> host.stop();
                case 3 -> host.start();
                case 4 -> host.fault(link);
                default -> host.mend();
            }
        }

        private void runUntil(long end) {
            for (Step step = steps.peek(); step != null && step.at() <= end; step = steps.peek()) {
                steps.remove();
                now = step.at();
                step.action().run();
                for (Host host : hosts) {
                    assertThat(host.routers.get(0).state())
                            .as("seed %d at %d ns: both of a host", seed, now)
                            .isEqualTo(host.routers.get(1).state());
                }
            }
            now = end;
        }

        private void at(long time, Runnable action) {
            steps.add(new Step(time, order++, action));
        }

        private final class Host {
            private final int index;
            private final List<VirtualRouter> routers = new ArrayList<>();
            private final SyncGroup group;

            Host(int index, int priority, boolean preempt) {
                this.index = index;
                for (int i = 0; i < LINKS; i++) {
                    int link = i;
                    RouterSettings settings = new RouterSettings(
                            VrrpVersion.V3,
                            new IpAddress(IpFamily.IPV4, 0, 0x0A000001L + index),
                            priority,
                            INTERVAL,
                            preempt,
                            0,
                            VrrpState.BACKUP);
                    routers.add(new VirtualRouter(settings, action -> carryOut(link, action)));
                }
                group = new SyncGroup("both", routers);
            }

            void start() {
                routers.forEach(router -> router.start(now));
                settle();
            }

            void stop() {
                routers.forEach(router -> router.stop(now));
                settle();
            }

            void fault(int link) {
                routers.get(link).faultRaised(now, TransitionReason.INTERFACE_DOWN);
                settle();
            }

            void mend() {
                routers.forEach(router -> router.faultCleared(now));
                settle();
            }

            private void settle() {
                group.settle(now);
                for (VirtualRouter router : routers) {
                    long due = router.deadlineNanos();
                    if (due != Long.MAX_VALUE) {
                        at(Math.max(due, now) + random.nextLong(1_000_000), () -> {
                            if (router.deadlineNanos() <= now) {
                                router.timerExpired(now);
                                settle();
                            }
                        });
                    }
                }
            }

            private void carryOut(int link, VrrpAction action) {
                if (!(action instanceof VrrpAction.SendAdvert(int priority)) || cut[link]) {
                    return;
                }
                for (Host other : hosts) {
                    if (other != this) {
                        at(now + 1 + random.nextLong(1_000_000), () -> other.hear(link, priority, index));
                    }
                }
            }

            private void hear(int link, int priority, int sender) {
                routers.get(link).advertReceived(now, priority, IpFamily.IPV4, 0, 0x0A000001L + sender, INTERVAL);
                settle();
            }
        }
    }
}
