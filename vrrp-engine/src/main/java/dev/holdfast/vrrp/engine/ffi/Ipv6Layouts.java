package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The C structs of IPv6 sockets, ipv6(7), beside {@link Layouts}. Addresses are two longs, upper half first. */
public final class Ipv6Layouts {
    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** struct sockaddr_in6. */
    public static final StructLayout SOCKADDR_IN6 = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sin6_family"),
            JAVA_SHORT.withName("sin6_port"),
            JAVA_INT.withName("sin6_flowinfo"),
            MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("sin6_addr"),
            JAVA_INT.withName("sin6_scope_id"));

    /** struct ipv6_mreq. */
    public static final StructLayout IPV6_MREQ = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("ipv6mr_multiaddr"),
            JAVA_INT.withName("ipv6mr_interface"));

    /** struct cmsghdr with the struct in6_pktinfo of IPV6_PKTINFO behind it. */
    public static final StructLayout CMSG_PKTINFO = MemoryLayout.structLayout(
            JAVA_LONG.withName("cmsg_len"),
            JAVA_INT.withName("cmsg_level"),
            JAVA_INT.withName("cmsg_type"),
            MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("ipi6_addr"),
            JAVA_INT.withName("ipi6_ifindex"),
            MemoryLayout.paddingLayout(4));

    private static final long CMSG_HEADER = 16;
    private static final long PKTINFO_BYTES = 20;
    private static final long CMSG_PKTINFO_LENGTH = CMSG_HEADER + PKTINFO_BYTES;
    private static final long SIN6_ADDR = SOCKADDR_IN6.byteOffset(groupElement("sin6_addr"));
    private static final long SIN6_SCOPE_ID = SOCKADDR_IN6.byteOffset(groupElement("sin6_scope_id"));
    private static final long MR_INTERFACE = IPV6_MREQ.byteOffset(groupElement("ipv6mr_interface"));
    private static final long CMSG_LEVEL = CMSG_PKTINFO.byteOffset(groupElement("cmsg_level"));
    private static final long CMSG_TYPE = CMSG_PKTINFO.byteOffset(groupElement("cmsg_type"));
    private static final long IPI6_IFINDEX = CMSG_PKTINFO.byteOffset(groupElement("ipi6_ifindex"));

    private static final int MAX_HOP_LIMIT = 255;

    private Ipv6Layouts() {}

    /** A socket address with port 0; link-local ones and groups belong to the interface. */
    public static MemorySegment sockaddr(SegmentAllocator allocator, long high, long low, int ifindex) {
        MemorySegment address = allocator.allocate(SOCKADDR_IN6);
        address.set(JAVA_SHORT, 0, (short) Linux.AF_INET6);
        put(address, SIN6_ADDR, high, low);
        address.set(JAVA_INT, SIN6_SCOPE_ID, ifindex);
        return address;
    }

    /** The upper half of a socket address. */
    public static long high(MemorySegment sockaddr) {
        return sockaddr.get(NETWORK_LONG, SIN6_ADDR);
    }

    /** The lower half of a socket address. */
    public static long low(MemorySegment sockaddr) {
        return sockaddr.get(NETWORK_LONG, SIN6_ADDR + Long.BYTES);
    }

    /** A multicast group on one interface. */
    public static MemorySegment mreq(SegmentAllocator allocator, long high, long low, int ifindex) {
        MemorySegment membership = allocator.allocate(IPV6_MREQ);
        put(membership, 0, high, low);
        membership.set(JAVA_INT, MR_INTERFACE, ifindex);
        return membership;
    }

    /**
     * A message ready for sendmsg(2): data, where to, and through IPV6_PKTINFO from which local address and interface, and
     * the hop limit, if it is not the socket's. All of it lives in the arena.
     *
     * @param data what to send; stays the caller's, who may rewrite its bytes between two calls
     * @param destination a socket address
     * @param ifindex the interface to leave by
     * @param hopLimit 1..255; the socket's own is to be 255
     */
    public static MemorySegment message(
            Arena arena,
            MemorySegment data,
            MemorySegment destination,
            long sourceHigh,
            long sourceLow,
            int ifindex,
            int hopLimit) {
        boolean usual = hopLimit == MAX_HOP_LIMIT;
        MemorySegment control =
                arena.allocate(CMSG_PKTINFO.byteSize() + (usual ? 0 : Layouts.CMSG_INT.byteSize()), Long.BYTES);
        control.set(JAVA_LONG, 0, CMSG_PKTINFO_LENGTH);
        control.set(JAVA_INT, CMSG_LEVEL, Linux.IPPROTO_IPV6);
        control.set(JAVA_INT, CMSG_TYPE, Linux.IPV6_PKTINFO);
        put(control, CMSG_HEADER, sourceHigh, sourceLow);
        control.set(JAVA_INT, IPI6_IFINDEX, ifindex);
        if (!usual) {
            Layouts.putCmsgInt(control, CMSG_PKTINFO.byteSize(), Linux.IPPROTO_IPV6, Linux.IPV6_HOPLIMIT, hopLimit);
        }
        return Layouts.message(arena, data, destination, control);
    }

    private static void put(MemorySegment segment, long offset, long high, long low) {
        segment.set(NETWORK_LONG, offset, high);
        segment.set(NETWORK_LONG, offset + Long.BYTES, low);
    }

    /** A message for recvmsg(2), which tells besides the data the sender, the destination and the hop limit. */
    public static final class Inbox {
        private final MemorySegment message;
        private final MemorySegment sender;
        private final ControlData control;
        private long destinationHigh;
        private long destinationLow;
        private int hopLimit;
        private long stampNanos;

        /** @param buffer takes the data */
        public Inbox(Arena arena, MemorySegment buffer) {
            this.sender = arena.allocate(SOCKADDR_IN6);
            this.control = new ControlData(arena);
            this.message = Layouts.message(arena, buffer, sender, control.segment());
        }

        /** Receives: the length, or -1. */
        public int receive(int fd) {
            Layouts.resetLengths(message, sender.byteSize(), control.segment().byteSize());
            int received = (int) Libc.recvmsg(fd, message, 0);
            if (received >= 0) {
                control.rewind(Layouts.controlLength(message));
                readControl();
            }
            return received;
        }

        private void readControl() {
            hopLimit = -1;
            stampNanos = 0;
            while (control.next()) {
                if (control.is(Linux.IPPROTO_IPV6, Linux.IPV6_HOPLIMIT, Integer.BYTES)) {
                    hopLimit = control.segment().get(JAVA_INT, control.data());
                } else if (control.is(Linux.IPPROTO_IPV6, Linux.IPV6_PKTINFO, PKTINFO_BYTES)) {
                    destinationHigh = control.segment().get(NETWORK_LONG, control.data());
                    destinationLow = control.segment().get(NETWORK_LONG, control.data() + Long.BYTES);
                } else if (control.is(Linux.SOL_SOCKET, Linux.SO_TIMESTAMPNS, ControlData.TIME_BYTES)) {
                    stampNanos = control.time();
                }
            }
        }

        /** When the kernel took it in, nanoseconds since 1970; 0 if it did not say. */
        public long stampNanos() {
            return stampNanos;
        }

        public long senderHigh() {
            return high(sender);
        }

        public long senderLow() {
            return low(sender);
        }

        public long destinationHigh() {
            return destinationHigh;
        }

        public long destinationLow() {
            return destinationLow;
        }

        /** 0..255; -1 if the kernel did not tell. */
        public int hopLimit() {
            return hopLimit;
        }
    }
}
