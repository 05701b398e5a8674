package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.Ipv4Header;
import dev.holdfast.vrrp.wire.RejectReason;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steady state, adverts in and adverts out, makes no garbage. */
class AllocationTest {
    private static final int ROUNDS = 1_000_000;
    private static final long INTERVAL = 10_000_000L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final IpAddress source = IpAddress.parse("10.77.0.13");
    private final List<IpAddress> addresses = List.of(IpAddress.parse("10.77.0.102"));
    private final Authentication password = new Authentication.Pass("Postgres");

    private final AdvertisementReader reader = new AdvertisementReader();
    private final Ipv4Header header = new Ipv4Header();
    private long adverts;
    private long refusals;
    private long now;

    private final VirtualRouter backup = new VirtualRouter(settings(100), this::count);
    private final VirtualRouter master = new VirtualRouter(settings(200), this::count);

    @Test
    void aMillionAdvertsInAndOutAllocateNothing() {
        ByteBuffer v2 = direct(HexFormat.of()
                .parseHex("45c0002800010000ff70d0380a4d000de0000012213496010101ac4c0a4d0066506f737467726573"));
        ByteBuffer v3 = v3OverIpv6();
        ByteBuffer wrong = direct(new byte[40]);
        backup.start(now);
        master.start(now);
        now = backup.deadlineNanos() - 1;
        master.timerExpired(now);
        assertThat(master.state()).isEqualTo(VrrpState.MASTER);

        run(v2, v3, wrong, 100_000);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
        run(v2, v3, wrong, ROUNDS);
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;

        assertThat(adverts).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(refusals).isEqualTo(ROUNDS + 100_000);
        assertThat(backup.state()).isEqualTo(VrrpState.BACKUP);
        assertThat((double) allocated / ROUNDS).as("bytes per packet").isLessThan(1.0);
    }

    private void run(ByteBuffer v2, ByteBuffer v3, ByteBuffer wrong, int rounds) {
        IpAddress group = AdvertisementCodec.GROUP_IPV6;
        for (int i = 0; i < rounds; i++) {
            now += INTERVAL;
            v2.clear();
            wrong.clear();
            expect(null, header.read(v2, 255));
            expect(null, reader.read(v2, IpFamily.IPV4, 0, header.source(), 0, header.destination()));
            expect(null, reader.authenticate(password));
            expect(null, reader.hasExactly(addresses) ? null : RejectReason.LENGTH);
            expect(null, reader.read(v3, IpFamily.IPV6, group.high(), group.low(), group.high(), group.low()));
            refusals += reader.read(wrong, IpFamily.IPV4, 0, 0, 0, 0) == null ? 0 : 1;
            backup.advertReceived(now, 200, IpFamily.IPV4, 0, header.source() + 1, INTERVAL);
            master.timerExpired(now);
        }
    }

    private static void expect(@Nullable RejectReason expected, @Nullable RejectReason got) {
        if (expected != got) {
            throw new AssertionError("expected " + expected + ", got " + got);
        }
    }

    private ByteBuffer v3OverIpv6() {
        IpAddress group = AdvertisementCodec.GROUP_IPV6;
        Advertisement advertisement = new Advertisement(
                VrrpVersion.V3, 1, 100, INTERVAL, List.of(IpAddress.parse("fd00::1")), new Authentication.None());
        ByteBuffer out = ByteBuffer.allocateDirect(AdvertisementCodec.length(advertisement));
        AdvertisementCodec.encode(advertisement, group, group, out);
        return out.flip();
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private RouterSettings settings(int priority) {
        return new RouterSettings(VrrpVersion.V3, source, priority, INTERVAL, true, 0, VrrpState.BACKUP);
    }

    private void count(VrrpAction action) {
        if (action instanceof VrrpAction.SendAdvert) {
            adverts++;
        }
    }
}
