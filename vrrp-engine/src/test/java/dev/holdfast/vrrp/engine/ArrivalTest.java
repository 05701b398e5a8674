package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.ffi.BootClock;
import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.Ipv4Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A datagram arrives when the kernel takes it in, and not when the event loop gets round to it. */
class ArrivalTest {
    private static final int LOOPBACK = 1;
    private static final int TRIES = 50;
    private static final long MILLI = 1_000_000;
    private static final long A_MOMENT = 2 * MILLI;
    private static final long TO_CHECK_IT = MILLI / 2;
    private static final Map<IpFamily, IpAddress> HOME =
            Map.of(IpFamily.IPV4, IpAddress.parse("127.0.0.1"), IpFamily.IPV6, IpAddress.parse("::1"));

    /** One datagram: from before it was sent, when it arrived, when that was asked, by the boot clock. */
    private record Passage(long sent, long arrived, long asked) {}

    @BeforeAll
    static void needsNamespaces() {
        TestNet.assumePossible();
    }

    private static Passage passage(IpFamily family, long waitNanos) throws Exception {
        try (TestNet net = new TestNet(1)) {
            net.on(1, "sysctl -qw net.ipv6.conf.lo.disable_ipv6=0");
            return net.inside(1, () -> {
                try (Arena arena = Arena.ofConfined()) {
                    return passage(arena, family, waitNanos);
                }
            });
        }
    }

    private static Passage passage(Arena arena, IpFamily family, long waitNanos) {
        Libc libc = new Libc(arena);
        IpAddress home = HOME.get(family);
        MemorySegment data = arena.allocate(Ipv4Header.MIN_LENGTH + 8);
        Ipv4Header.write(data.asByteBuffer(), 0, 255, home.low(), home.low());
        MemorySegment message = family == IpFamily.IPV4
                ? Layouts.message(arena, data, Layouts.sockaddrIn(arena, home.low()))
                : Ipv6Layouts.message(
                        arena,
                        data,
                        Ipv6Layouts.sockaddr(arena, home.high(), home.low(), LOOPBACK),
                        home.high(),
                        home.low(),
                        LOOPBACK,
                        255);
        try (RawSocket socket = RawSocket.open(libc, family, LOOPBACK)) {
            // A busy machine may take the CPU away for longer than a moment, or take the datagram in late; nor does the
            // kernel stamp the very first ones.
            Passage passage = pass(libc, socket, message, A_MOMENT);
            for (int i = 1; i < TRIES && passage.arrived() > passage.asked() - MILLI; i++) {
                passage = pass(libc, socket, message, A_MOMENT);
            }
            return waitNanos == A_MOMENT ? passage : pass(libc, socket, message, waitNanos);
        }
    }

    private static Passage pass(Libc libc, RawSocket socket, MemorySegment message, long waitNanos) {
        long sent = BootClock.nanos();
        assertThat(libc.sendmsg(socket.fd(), message, 0)).isPositive();
        spinUntil(sent + waitNanos);
        assertThat(socket.receive()).isPositive();
        long asked = BootClock.nanos();
        spinUntil(asked + TO_CHECK_IT);
        return new Passage(sent, socket.arrivedNanos(asked), asked);
    }

    private static void spinUntil(long deadline) {
        while (BootClock.nanos() < deadline) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void aDatagramThatWaitedForAMomentArrivedBefore(IpFamily family) throws Exception {
        Passage passage = passage(family, A_MOMENT);
        // Never earlier than it was sent, however long it took to check: that would be too early a take-over.
        assertThat(passage.arrived()).isBetween(passage.sent(), passage.asked() - MILLI);
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void oneThatWaitedForLongerArrivesNow(IpFamily family) throws Exception {
        Passage passage = passage(family, 20 * MILLI);
        assertThat(passage.arrived()).isEqualTo(passage.asked());
    }
}
