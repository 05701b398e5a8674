package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.ArpFrame;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a neighbour by ARP whether it is there. A host that answers ARP is on the same link and alive, whatever its firewall
 * does with ICMP. Waits for the answer: not for the event loop.
 */
public final class ArpPing {
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    private static final int ATTEMPTS = 3;
    /** Enough for the frame; what is longer is cut, and still begins as ARP. */
    private static final int RECEIVE_BYTES = 128;

    private ArpPing() {}

    /**
     * Whether the neighbour answers.
     *
     * @param neighbour an IPv4 address
     * @param timeout how long to wait altogether; asks three times in it
     * @return false also where no interface has the address on its link
     * @throws SystemCallException if the kernel refuses a packet socket: CAP_NET_RAW is missing
     * @throws UncheckedIOException if the host's interfaces can't be listed
     */
    public static boolean answers(IpAddress neighbour, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        return route(neighbour).map(from -> ask(from, neighbour, end)).orElse(false);
    }

    /** Where to ask from: the interface, and the question with this host's addresses on that link. */
    private record From(int ifindex, ByteBuffer request) {}

    private static Optional<From> route(IpAddress neighbour) {
        try {
            List<NetworkInterface> interfaces =
                    NetworkInterface.networkInterfaces().toList();
            for (NetworkInterface candidate : interfaces) {
                byte[] mac = candidate.getHardwareAddress();
                if (mac == null || mac.length != BROADCAST.length || !candidate.isUp()) {
                    continue;
                }
                for (InterfaceAddress entry : candidate.getInterfaceAddresses()) {
                    IpAddress own = IpAddress.of(entry.getAddress().getAddress());
                    if (isOnLink(own, entry.getNetworkPrefixLength(), neighbour)) {
                        return Optional.of(
                                new From(candidate.getIndex(), ByteBuffer.wrap(ArpFrame.request(mac, own, neighbour))));
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the interfaces of this host can't be listed", e);
        }
    }

    /** Whether both are in the same IPv4 subnet; a host prefix (/32) has no neighbours. */
    static boolean isOnLink(IpAddress own, int prefixLength, IpAddress neighbour) {
        return own.family() == IpFamily.IPV4
                && neighbour.family() == IpFamily.IPV4
                && prefixLength < Integer.SIZE
                && (own.low() ^ neighbour.low()) >>> (Integer.SIZE - prefixLength) == 0
                && !own.equals(neighbour);
    }

    private static boolean ask(From from, IpAddress neighbour, long end) {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            int fd = SystemCallException.check(
                    "a packet socket for ARP cannot be opened",
                    libc.socket(
                            Linux.AF_PACKET,
                            Linux.SOCK_RAW | Linux.SOCK_CLOEXEC,
                            Short.toUnsignedInt(Short.reverseBytes((short) Linux.ETH_P_ARP))));
            try {
                return exchange(libc, arena, fd, from, neighbour, end);
            } finally {
                libc.close(fd);
            }
        }
    }

    private static boolean exchange(Libc libc, Arena arena, int fd, From from, IpAddress neighbour, long end) {
        MemorySegment address = Layouts.sockaddrLl(arena, Linux.ETH_P_ARP, from.ifindex(), BROADCAST);
        SystemCallException.check("the packet socket for ARP cannot be bound", libc.bind(fd, address));
        MemorySegment request = arena.allocate(ArpFrame.LENGTH, 8).copyFrom(MemorySegment.ofBuffer(from.request()));
        MemorySegment received = arena.allocate(RECEIVE_BYTES, 8);
        long share = Math.max(1, (end - System.nanoTime()) / ATTEMPTS);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            libc.sendto(fd, request, ArpFrame.LENGTH, 0, address);
            if (awaitReply(libc, arena, fd, received, neighbour, end - (ATTEMPTS - attempt) * share)) {
                return true;
            }
        }
        return false;
    }

    private static boolean awaitReply(
            Libc libc, Arena arena, int fd, MemorySegment received, IpAddress neighbour, long until) {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            // Zero would mean to wait for ever.
            MemorySegment patience = Layouts.timeval(arena, Math.max(1, left / 1000));
            SystemCallException.check(
                    "a receive timeout cannot be set",
                    libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVTIMEO, patience));
            long length = libc.recv(fd, received, 0);
            if (length > 0 && isReplyFrom(received.asSlice(0, length), neighbour)) {
                return true;
            }
            if (length < 0 && !Errno.EAGAIN.is(length) && !Errno.EINTR.is(length)) {
                return false;
            }
        }
        return false;
    }

    private static boolean isReplyFrom(MemorySegment frame, IpAddress neighbour) {
        return ArpFrame.parse(frame.asByteBuffer())
                .filter(message ->
                        message.opcode() == ArpFrame.REPLY && message.senderIp().equals(neighbour))
                .isPresent();
    }
}
