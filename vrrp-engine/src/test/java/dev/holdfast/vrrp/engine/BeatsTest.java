package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpFamily;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the MASTERs of a host advertise, as another host hears it. */
@Timeout(60)
class BeatsTest extends TwoEngines {
    private static final int INSTANCES = 16;
    private static final int GROUPS = 2;
    private static final int ADVERTS = 31;
    private static final long LOOK_AGAIN_NANOS = 200_000;
    private static final long LIMIT_NANOS = 30_000_000_000L;

    @Test
    void theyAdvertiseInTwoGroupsHalfAnIntervalApart() throws Exception {
        one.apply(IntStream.rangeClosed(1, INSTANCES)
                        .mapToObj(i -> spec().name("VI_" + i)
                                .vrid(i)
                                .v3(TENTH)
                                .addresses("10.77.1." + i + "/24")
                                .build())
                        .toList())
                .join();
        awaitState(one, VrrpState.MASTER);

        Map<Integer, Long> phases = phases();

        long interval = TENTH.toNanos();
        long step = interval / GROUPS;
        for (int vrid = 1; vrid <= INSTANCES; vrid++) {
            long behindTheFirst = Math.floorMod(phases.get(vrid) - phases.get(1), interval);
            long expected = (vrid - 1) % GROUPS * step;
            long off = Math.floorMod(behindTheFirst - expected + interval / 2, interval) - interval / 2;
            assertThat(Math.abs(off)).as("virtual router %s", vrid).isLessThan(step / 2);
        }
    }

    /** Where in the interval each virtual router's adverts lie: the median, because a busy machine makes some of them late. */
    private Map<Integer, Long> phases() throws Exception {
        Map<Integer, List<Long>> heard = net.inside(13, () -> {
            try (Arena arena = Arena.ofConfined()) {
                return hear(new Libc(arena));
            }
        });
        Map<Integer, Long> phases = new HashMap<>();
        heard.forEach((vrid, times) -> {
            long first = times.getFirst();
            long interval = TENTH.toNanos();
            List<Long> offsets = times.stream()
                    .map(at -> Math.floorMod(at - first + interval / 2, interval) - interval / 2)
                    .sorted()
                    .toList();
            phases.put(vrid, first + offsets.get(offsets.size() / 2));
        });
        return phases;
    }

    private Map<Integer, List<Long>> hear(Libc libc) {
        Map<Integer, List<Long>> heard = new HashMap<>();
        long limit = System.nanoTime() + LIMIT_NANOS;
        try (RawSocket socket = RawSocket.open(libc, IpFamily.IPV4, Tap.ifindexOfEth0(net, 13))) {
            socket.hear(Set.of(AdvertisementCodec.GROUP_IPV4));
            while (heard.size() < INSTANCES || heard.values().stream().anyMatch(times -> times.size() < ADVERTS)) {
                assertThat(System.nanoTime())
                        .as("time to hear it all, heard %s", heard)
                        .isLessThan(limit);
                if (socket.receive() >= 0) {
                    long at = socket.arrivedNanos(EngineLoop.now());
                    assertThat(socket.readHeader()).isNull();
                    heard.computeIfAbsent(
                                    AdvertisementReader.peekVirtualRouterId(socket.datagram()), _ -> new ArrayList<>())
                            .add(at);
                } else {
                    LockSupport.parkNanos(LOOK_AGAIN_NANOS);
                }
            }
        }
        return heard;
    }
}
