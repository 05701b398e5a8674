package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The C structs that the engine hands to the kernel, and how to fill them. Both supported architectures, x86-64 and
 * aarch64, are little-endian LP64 with the same alignment, so every struct here is the same on both.
 */
public final class Layouts {
    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    /** struct sockaddr_in, ip(7). */
    public static final StructLayout SOCKADDR_IN = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sin_family"),
            NETWORK_SHORT.withName("sin_port"),
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("sin_addr"),
            MemoryLayout.paddingLayout(8));

    /** struct sockaddr_ll, packet(7). */
    public static final StructLayout SOCKADDR_LL = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sll_family"),
            NETWORK_SHORT.withName("sll_protocol"),
            JAVA_INT.withName("sll_ifindex"),
            JAVA_SHORT.withName("sll_hatype"),
            JAVA_BYTE.withName("sll_pkttype"),
            JAVA_BYTE.withName("sll_halen"),
            MemoryLayout.sequenceLayout(8, JAVA_BYTE).withName("sll_addr"));

    /** struct sockaddr_nl, netlink(7). */
    public static final StructLayout SOCKADDR_NL = MemoryLayout.structLayout(
            JAVA_SHORT.withName("nl_family"),
            MemoryLayout.paddingLayout(2),
            JAVA_INT.withName("nl_pid"),
            JAVA_INT.withName("nl_groups"));

    /** struct sockaddr_un, unix(7). */
    public static final StructLayout SOCKADDR_UN = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sun_family"),
            MemoryLayout.sequenceLayout(108, JAVA_BYTE).withName("sun_path"));

    /** struct ip_mreqn, ip(7). */
    public static final StructLayout IP_MREQN = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("imr_multiaddr"),
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("imr_address"),
            JAVA_INT.withName("imr_ifindex"));

    /** struct timeval, for SO_RCVTIMEO. */
    public static final StructLayout TIMEVAL =
            MemoryLayout.structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_usec"));

    /** struct itimerspec, timerfd_settime(2). */
    public static final StructLayout ITIMERSPEC = MemoryLayout.structLayout(
            JAVA_LONG.withName("interval_sec"),
            JAVA_LONG.withName("interval_nsec"),
            JAVA_LONG.withName("value_sec"),
            JAVA_LONG.withName("value_nsec"));

    /** struct iovec, sendmsg(2). */
    public static final StructLayout IOVEC =
            MemoryLayout.structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));

    /** struct msghdr, sendmsg(2). */
    public static final StructLayout MSGHDR = MemoryLayout.structLayout(
            ADDRESS.withName("msg_name"),
            JAVA_INT.withName("msg_namelen"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("msg_iov"),
            JAVA_LONG.withName("msg_iovlen"),
            ADDRESS.withName("msg_control"),
            JAVA_LONG.withName("msg_controllen"),
            JAVA_INT.withName("msg_flags"),
            MemoryLayout.paddingLayout(4));

    /** struct mmsghdr, sendmmsg(2). */
    public static final StructLayout MMSGHDR = MemoryLayout.structLayout(
            MSGHDR.withName("msg_hdr"), JAVA_INT.withName("msg_len"), MemoryLayout.paddingLayout(4));

    /** struct cmsghdr with the struct in_pktinfo of IP_PKTINFO behind it, cmsg(3) and ip(7). */
    public static final StructLayout CMSG_PKTINFO = MemoryLayout.structLayout(
            JAVA_LONG.withName("cmsg_len"),
            JAVA_INT.withName("cmsg_level"),
            JAVA_INT.withName("cmsg_type"),
            JAVA_INT.withName("ipi_ifindex"),
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("ipi_spec_dst"),
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("ipi_addr"),
            MemoryLayout.paddingLayout(4));

    /** What cmsg_len says: header and payload without the padding after it. */
    private static final long CMSG_PKTINFO_LENGTH = 28;

    /** struct cmsghdr with an int behind it: the hop limit of IPV6_HOPLIMIT. */
    public static final StructLayout CMSG_INT = MemoryLayout.structLayout(
            JAVA_LONG.withName("cmsg_len"),
            JAVA_INT.withName("cmsg_level"),
            JAVA_INT.withName("cmsg_type"),
            JAVA_INT.withName("value"),
            MemoryLayout.paddingLayout(4));

    private static final long CMSG_INT_LENGTH = 20;

    /** struct sock_fprog, the argument of SO_ATTACH_FILTER. */
    public static final StructLayout SOCK_FPROG = MemoryLayout.structLayout(
            JAVA_SHORT.withName("len"), MemoryLayout.paddingLayout(6), ADDRESS.withName("filter"));

    private static final long FILTER = SOCK_FPROG.byteOffset(groupElement("filter"));
    private static final long SIN_ADDR = SOCKADDR_IN.byteOffset(groupElement("sin_addr"));
    private static final long SLL_PROTOCOL = SOCKADDR_LL.byteOffset(groupElement("sll_protocol"));
    private static final long SLL_IFINDEX = SOCKADDR_LL.byteOffset(groupElement("sll_ifindex"));
    private static final long SLL_HALEN = SOCKADDR_LL.byteOffset(groupElement("sll_halen"));
    private static final long SLL_ADDR = SOCKADDR_LL.byteOffset(groupElement("sll_addr"));
    private static final long SUN_PATH = SOCKADDR_UN.byteOffset(groupElement("sun_path"));
    private static final long NL_PID = SOCKADDR_NL.byteOffset(groupElement("nl_pid"));
    private static final long NL_GROUPS = SOCKADDR_NL.byteOffset(groupElement("nl_groups"));
    private static final long IMR_IFINDEX = IP_MREQN.byteOffset(groupElement("imr_ifindex"));
    private static final long TV_USEC = TIMEVAL.byteOffset(groupElement("tv_usec"));
    private static final long VALUE_SEC = ITIMERSPEC.byteOffset(groupElement("value_sec"));
    private static final long VALUE_NSEC = ITIMERSPEC.byteOffset(groupElement("value_nsec"));
    private static final long IOV_LEN = IOVEC.byteOffset(groupElement("iov_len"));
    private static final long MSG_NAMELEN = MSGHDR.byteOffset(groupElement("msg_namelen"));
    private static final long MSG_IOV = MSGHDR.byteOffset(groupElement("msg_iov"));
    private static final long MSG_IOVLEN = MSGHDR.byteOffset(groupElement("msg_iovlen"));
    private static final long MSG_CONTROL = MSGHDR.byteOffset(groupElement("msg_control"));
    private static final long MSG_CONTROLLEN = MSGHDR.byteOffset(groupElement("msg_controllen"));
    private static final long CMSG_LEVEL = CMSG_PKTINFO.byteOffset(groupElement("cmsg_level"));
    private static final long CMSG_TYPE = CMSG_PKTINFO.byteOffset(groupElement("cmsg_type"));
    private static final long CMSG_VALUE = CMSG_INT.byteOffset(groupElement("value"));
    private static final long IPI_IFINDEX = CMSG_PKTINFO.byteOffset(groupElement("ipi_ifindex"));
    private static final long IPI_SPEC_DST = CMSG_PKTINFO.byteOffset(groupElement("ipi_spec_dst"));

    private Layouts() {}

    /** An IPv4 socket address with port 0, as raw sockets want it; the address as an unsigned 32-bit number. */
    public static MemorySegment sockaddrIn(SegmentAllocator allocator, long ipv4) {
        MemorySegment address = allocator.allocate(SOCKADDR_IN);
        address.set(JAVA_SHORT, 0, (short) Linux.AF_INET);
        putIpv4(address, SIN_ADDR, ipv4);
        return address;
    }

    /** A link-layer address: where an AF_PACKET socket sends to. */
    public static MemorySegment sockaddrLl(SegmentAllocator allocator, int etherType, int ifindex, byte[] mac) {
        MemorySegment address = allocator.allocate(SOCKADDR_LL);
        address.set(JAVA_SHORT, 0, (short) Linux.AF_PACKET);
        address.set(NETWORK_SHORT, SLL_PROTOCOL, (short) etherType);
        address.set(JAVA_INT, SLL_IFINDEX, ifindex);
        address.set(JAVA_BYTE, SLL_HALEN, (byte) mac.length);
        MemorySegment.copy(mac, 0, address, JAVA_BYTE, SLL_ADDR, mac.length);
        return address;
    }

    /** Points a link-layer address at another interface. */
    public static void setInterface(MemorySegment sockaddrLl, int ifindex) {
        sockaddrLl.set(JAVA_INT, SLL_IFINDEX, ifindex);
    }

    /** A netlink address with port 0: the kernel as the receiver, or for bind "choose one for me". */
    public static MemorySegment sockaddrNl(SegmentAllocator allocator, int groups) {
        MemorySegment address = allocator.allocate(SOCKADDR_NL);
        address.set(JAVA_SHORT, 0, (short) Linux.AF_NETLINK);
        address.set(JAVA_INT, NL_GROUPS, groups);
        return address;
    }

    /** The port of a netlink address. */
    public static int netlinkPort(MemorySegment sockaddrNl) {
        return sockaddrNl.get(JAVA_INT, NL_PID);
    }

    /**
     * The address of a Unix socket, exactly as long as its name asks for: in the abstract namespace each byte counts.
     *
     * @param name an absolute path, or {@code @} and a name in the abstract namespace
     * @throws IllegalArgumentException if it is neither, or longer than the kernel takes
     */
    public static MemorySegment sockaddrUn(SegmentAllocator allocator, String name) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !name.startsWith("/")) {
            throw new IllegalArgumentException("a socket's name is an absolute path or starts with @, not " + name);
        }
        // A path ends with a zero byte, a name in the abstract namespace starts with one.
        long length = SUN_PATH + path.length + (isAbstract ? 0 : 1);
        if (length > SOCKADDR_UN.byteSize()) {
            throw new IllegalArgumentException("a socket's name has 107 bytes at most: " + name);
        }
        MemorySegment address = allocator.allocate(length, SOCKADDR_UN.byteAlignment());
        address.set(JAVA_SHORT, 0, (short) Linux.AF_UNIX);
        int first = isAbstract ? 1 : 0;
        MemorySegment.copy(path, first, address, JAVA_BYTE, SUN_PATH + first, path.length - first);
        return address;
    }

    /** A multicast group on one interface; group 0 for the interface alone (IP_MULTICAST_IF). */
    public static MemorySegment ipMreqn(SegmentAllocator allocator, long group, int ifindex) {
        MemorySegment membership = allocator.allocate(IP_MREQN);
        putIpv4(membership, 0, group);
        membership.set(JAVA_INT, IMR_IFINDEX, ifindex);
        return membership;
    }

    /**
     * A classic BPF program for SO_ATTACH_FILTER.
     *
     * @param program one long for each struct sock_filter, as it lies in memory
     */
    public static MemorySegment sockFprog(SegmentAllocator allocator, long[] program) {
        MemorySegment fprog = allocator.allocate(SOCK_FPROG);
        fprog.set(JAVA_SHORT, 0, (short) program.length);
        fprog.set(ADDRESS, FILTER, allocator.allocateFrom(JAVA_LONG, program));
        return fprog;
    }

    /** struct sched_param, sched_setscheduler(2). */
    public static MemorySegment schedParam(SegmentAllocator allocator, int priority) {
        return allocator.allocateFrom(JAVA_INT, priority);
    }

    /** A duration for SO_RCVTIMEO. */
    public static MemorySegment timeval(SegmentAllocator allocator, long micros) {
        MemorySegment value = allocator.allocate(TIMEVAL);
        value.set(JAVA_LONG, 0, micros / 1_000_000);
        value.set(JAVA_LONG, TV_USEC, micros % 1_000_000);
        return value;
    }

    /** Sets when the timer expires, once; {@code nanos} of the timer's clock, and 0 disarms it. */
    public static void setItimerspec(MemorySegment itimerspec, long nanos) {
        itimerspec.set(JAVA_LONG, VALUE_SEC, nanos / 1_000_000_000);
        itimerspec.set(JAVA_LONG, VALUE_NSEC, nanos % 1_000_000_000);
    }

    /** A message ready for sendmsg(2): data, which stays the caller's to rewrite, and where to. */
    public static MemorySegment message(Arena arena, MemorySegment data, MemorySegment destination) {
        return message(arena, data, destination, MemorySegment.NULL);
    }

    /**
     * A message ready for sendmsg(2) that is routed as one from a local address by an interface (IP_PKTINFO). All of it
     * lives in the arena.
     *
     * @param data what to send; stays the caller's, who may rewrite its bytes between two calls
     * @param destination a socket address
     * @param sourceIpv4 the source address as an unsigned 32-bit number; must be one of this host's
     * @param ifindex the interface to leave by
     */
    public static MemorySegment message(
            Arena arena, MemorySegment data, MemorySegment destination, long sourceIpv4, int ifindex) {
        MemorySegment control = arena.allocate(CMSG_PKTINFO);
        control.set(JAVA_LONG, 0, CMSG_PKTINFO_LENGTH);
        control.set(JAVA_INT, CMSG_LEVEL, Linux.IPPROTO_IP);
        control.set(JAVA_INT, CMSG_TYPE, Linux.IP_PKTINFO);
        control.set(JAVA_INT, IPI_IFINDEX, ifindex);
        putIpv4(control, IPI_SPEC_DST, sourceIpv4);
        return message(arena, data, destination, control);
    }

    /** Writes a {@link #CMSG_INT} at an offset of control data. */
    static void putCmsgInt(MemorySegment control, long offset, int level, int type, int value) {
        control.set(JAVA_LONG, offset, CMSG_INT_LENGTH);
        control.set(JAVA_INT, offset + CMSG_LEVEL, level);
        control.set(JAVA_INT, offset + CMSG_TYPE, type);
        control.set(JAVA_INT, offset + CMSG_VALUE, value);
    }

    /** A struct msghdr over these parts. */
    static MemorySegment message(Arena arena, MemorySegment data, MemorySegment name, MemorySegment control) {
        MemorySegment vector = arena.allocate(IOVEC);
        vector.set(ADDRESS, 0, data);
        vector.set(JAVA_LONG, IOV_LEN, data.byteSize());

        MemorySegment message = arena.allocate(MSGHDR);
        message.set(ADDRESS, 0, name);
        message.set(JAVA_INT, MSG_NAMELEN, (int) name.byteSize());
        message.set(ADDRESS, MSG_IOV, vector);
        message.set(JAVA_LONG, MSG_IOVLEN, 1);
        message.set(ADDRESS, MSG_CONTROL, control);
        message.set(JAVA_LONG, MSG_CONTROLLEN, control.byteSize());
        return message;
    }

    /** Says again how much room there is: recvmsg(2) writes over it how much it used. */
    static void resetLengths(MemorySegment message, long nameLength, long controlLength) {
        message.set(JAVA_INT, MSG_NAMELEN, (int) nameLength);
        message.set(JAVA_LONG, MSG_CONTROLLEN, controlLength);
    }

    /** How much control data recvmsg(2) wrote. */
    static long controlLength(MemorySegment message) {
        return message.get(JAVA_LONG, MSG_CONTROLLEN);
    }

    /** A message for recvmsg(2), which tells besides the data when the kernel took it in. */
    public static final class Inbox {
        private final MemorySegment message;
        private final ControlData control;
        private long stampNanos;

        /** @param buffer takes the data */
        public Inbox(Arena arena, MemorySegment buffer) {
            this.control = new ControlData(arena);
            this.message = message(arena, buffer, MemorySegment.NULL, control.segment());
        }

        /** Receives: the length, or -1. */
        public int receive(int fd) {
            resetLengths(message, 0, control.segment().byteSize());
            int received = (int) Libc.recvmsg(fd, message, 0);
            stampNanos = 0;
            if (received >= 0) {
                control.rewind(controlLength(message));
                while (control.next()) {
                    if (control.is(Linux.SOL_SOCKET, Linux.SO_TIMESTAMPNS, ControlData.TIME_BYTES)) {
                        stampNanos = control.time();
                    }
                }
            }
            return received;
        }

        /** When the kernel took it in, nanoseconds since 1970; 0 if it did not say. */
        public long stampNanos() {
            return stampNanos;
        }
    }

    private static void putIpv4(MemorySegment segment, long offset, long ipv4) {
        segment.set(JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), offset, (int) ipv4);
    }
}
