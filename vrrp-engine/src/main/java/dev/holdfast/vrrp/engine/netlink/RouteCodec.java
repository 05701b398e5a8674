package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of rtnetlink(7). All of it is in the host's byte order, padded to four bytes:
 *
 * <pre>
 * nlmsghdr:  u32 length | u16 type | u16 flags | u32 sequence | u32 port
 * ifinfomsg: u8 family | u8 pad | u16 type | i32 index | u32 flags | u32 change
 * ifaddrmsg: u8 family | u8 prefix length | u8 flags | u8 scope | u32 index
 * rtattr:    u16 length | u16 type | value
 * </pre>
 */
public final class RouteCodec {
    /** A request is never longer. */
    public static final int MAX_REQUEST = 512;

    static final int HEADER = 16;

    /** The longest message that fits a request with its header. */
    static final int MAX_BODY = MAX_REQUEST - HEADER;

    static final int IFINFOMSG = 16;
    private static final int IFADDRMSG = 8;
    static final int RTATTR = 4;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    private static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    private static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_PROTO = 11;
    private static final int IFA_CACHEINFO_BYTES = 16;
    private static final int FOR_EVER = -1;

    /** What we ask for; the others of an entry are the kernel's to say. */
    private static final int OUR_FLAGS = HostAddress.IFA_F_NODAD | HostAddress.IFA_F_NOPREFIXROUTE;

    private static final int ATTRIBUTE_TYPE = 0x3FFF;
    private static final int ETHERNET_ADDRESS = 6;

    private RouteCodec() {}

    /** Appends the request for all links. */
    public static void getLinks(ByteBuffer out, int sequence) {
        int start = header(out, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, sequence);
        out.put((byte) Linux.AF_UNSPEC).put((byte) 0).putShort((short) 0);
        out.putInt(0).putInt(0).putInt(0);
        finish(out, start);
    }

    /** Appends the request for all addresses of both families. */
    public static void getAddresses(ByteBuffer out, int sequence) {
        int start = header(out, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, sequence);
        out.put((byte) Linux.AF_UNSPEC).put((byte) 0).put((byte) 0).put((byte) 0);
        out.putInt(0);
        finish(out, start);
    }

    /** Appends the request to add an address, marked as ours; an IPv6 one without duplicate address detection. */
    public static void addAddress(ByteBuffer out, int sequence, AddressRequest address) {
        int start = header(out, RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sequence);
        markedBody(out, address);
        finish(out, start);
    }

    /** Appends the request to give an address that is there this lifetime, counted from now; the rest as it was added. */
    public static void renewAddress(ByteBuffer out, int sequence, AddressRequest address) {
        int start = header(out, RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE, sequence);
        markedBody(out, address);
        finish(out, start);
    }

    private static void markedBody(ByteBuffer out, AddressRequest address) {
        HostAddress entry = address.entry();
        addressBody(out, entry.ifindex(), entry.address(), entry.prefixLength(), entry.scope());
        attribute(out, IFA_FLAGS, Integer.BYTES);
        out.putInt(entry.flags() & OUR_FLAGS);
        attribute(out, IFA_PROTO, 1);
        out.put((byte) HostAddress.HOLDFAST).put((byte) 0).putShort((short) 0);
        address.label().ifPresent(label -> string(out, IFA_LABEL, label));
        address.broadcast().ifPresent(broadcast -> addressAttribute(out, IFA_BROADCAST, broadcast));
        int lifetime = address.lifetimeSeconds() == 0 ? FOR_EVER : address.lifetimeSeconds();
        attribute(out, IFA_CACHEINFO, IFA_CACHEINFO_BYTES);
        // Preferred as long as valid: with a shorter preferred lifetime it would count as deprecated in between.
        out.putInt(address.deprecated() ? 0 : lifetime)
                .putInt(lifetime)
                .putInt(0)
                .putInt(0);
    }

    /** Appends the request to remove an address. */
    public static void removeAddress(ByteBuffer out, int sequence, int ifindex, IpAddress address, int prefixLength) {
        int start = header(out, RTM_DELADDR, NLM_F_REQUEST | NLM_F_ACK, sequence);
        addressBody(out, ifindex, address, prefixLength, 0);
        finish(out, start);
    }

    private static void addressBody(ByteBuffer out, int ifindex, IpAddress address, int prefixLength, int scope) {
        boolean ipv6 = address.family() == IpFamily.IPV6;
        out.put((byte) (ipv6 ? Linux.AF_INET6 : Linux.AF_INET));
        out.put((byte) prefixLength);
        out.put((byte) (ipv6 ? HostAddress.IFA_F_NODAD : 0));
        out.put((byte) scope);
        out.putInt(ifindex);
        addressAttribute(out, IFA_ADDRESS, address);
        addressAttribute(out, IFA_LOCAL, address);
    }

    private static void addressAttribute(ByteBuffer out, int type, IpAddress address) {
        attribute(out, type, address.family().addressBytes());
        ByteOrder order = out.order();
        address.writeTo(out.order(ByteOrder.BIG_ENDIAN));
        out.order(order);
    }

    static int header(ByteBuffer out, int type, int flags, int sequence) {
        int start = out.position();
        out.order(ByteOrder.nativeOrder());
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        return start;
    }

    static void attribute(ByteBuffer out, int type, int length) {
        out.putShort((short) (RTATTR + length)).putShort((short) type);
    }

    /** An attribute that is a text, with a zero byte behind it. */
    static void string(ByteBuffer out, int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        attribute(out, type, bytes.length + 1);
        out.put(bytes).put(new byte[align(bytes.length + 1) - bytes.length]);
    }

    static void finish(ByteBuffer out, int start) {
        out.putInt(start, out.position() - start);
    }

    /**
     * Reads every message between position and limit. Types that do not matter here are passed over; never throws,
     * whatever the bytes are.
     *
     * @return false if the bytes broke off or contradicted themselves, so that something may have been missed
     */
    public static boolean read(ByteBuffer in, Consumer<? super RouteMessage> out) {
        in.order(ByteOrder.nativeOrder());
        while (in.remaining() >= HEADER) {
            int start = in.position();
            int length = in.getInt(start);
            if (length < HEADER || length > in.remaining()) {
                return false;
            }
            int end = start + length;
            int type = in.getShort(start + 4) & 0xFFFF;
            int flags = in.getShort(start + 6) & 0xFFFF;
            int sequence = in.getInt(start + 8);
            int body = start + HEADER;
            boolean known = switch (type) {
                case NLMSG_ERROR, NLMSG_DONE, RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR -> true;
                case RoutingCodec.RTM_NEWROUTE, RoutingCodec.RTM_NEWRULE -> true;
                default -> false;
            };
            if (known) {
                RouteMessage message = readBody(in, type, flags, sequence, body, end);
                if (message != null) {
                    out.accept(message);
                } else if (!isNotForUs(in, type, body, end)) {
                    return false;
                }
            }
            in.position(Math.min(in.limit(), start + align(length)));
        }
        return !in.hasRemaining();
    }

    private static @Nullable RouteMessage readBody(
            ByteBuffer in, int type, int flags, int sequence, int body, int end) {
        return switch (type) {
            case NLMSG_ERROR -> readAnswer(in, flags, sequence, body, end);
            case NLMSG_DONE -> new RouteMessage.Done(sequence, (flags & NLM_F_DUMP_INTR) == 0);
            case RTM_NEWLINK -> readLink(in, body, end);
            case RTM_DELLINK ->
                end - body < IFINFOMSG || isOfBridge(in, body) ? null : new RouteMessage.LinkGone(in.getInt(body + 4));
            case RTM_NEWADDR, RTM_DELADDR -> readAddressChange(in, type, body, end);
            case RoutingCodec.RTM_NEWROUTE, RoutingCodec.RTM_NEWRULE ->
                RoutingCodec.isCut(body, end) ? null : RoutingCodec.readOurs(in, type, body, end);
            default -> null;
        };
    }

    /** A link that leaves a bridge is "deleted" there, and still a link of this host. */
    private static boolean isOfBridge(ByteBuffer in, int body) {
        return in.get(body) == Linux.AF_BRIDGE;
    }

    /**
     * What is whole, and of others: routes and rules, and addresses of families that are none of ours (MCTP, DECnet), which
     * dumps of all families may hold.
     */
    private static boolean isNotForUs(ByteBuffer in, int type, int body, int end) {
        if (type == RoutingCodec.RTM_NEWROUTE || type == RoutingCodec.RTM_NEWRULE) {
            return !RoutingCodec.isCut(body, end);
        }
        if (type == RTM_DELLINK) {
            return end - body >= IFINFOMSG && isOfBridge(in, body);
        }
        if ((type != RTM_NEWADDR && type != RTM_DELADDR) || end - body < IFADDRMSG) {
            return false;
        }
        int family = in.get(body) & 0xFF;
        return family != Linux.AF_INET && family != Linux.AF_INET6;
    }

    private static RouteMessage.@Nullable Answer readAnswer(ByteBuffer in, int flags, int sequence, int body, int end) {
        if (end - body < 4) {
            return null;
        }
        String text = "";
        if ((flags & NLM_F_ACK_TLVS) != 0 && end - body >= 4 + HEADER) {
            int echoed = (flags & NLM_F_CAPPED) != 0 ? HEADER : in.getInt(body + 4);
            if (echoed >= HEADER && echoed <= end - body - 4) {
                int at = findAttribute(in, body + 4 + align(echoed), end, NLMSGERR_ATTR_MSG);
                text = at < 0 ? "" : readString(in, at);
            }
        }
        return new RouteMessage.Answer(sequence, in.getInt(body), text);
    }

    private static RouteMessage.@Nullable LinkIs readLink(ByteBuffer in, int body, int end) {
        if (end - body < IFINFOMSG) {
            return null;
        }
        int nameAt = findAttribute(in, body + IFINFOMSG, end, IFLA_IFNAME);
        if (nameAt < 0) {
            return null;
        }
        int macAt = findAttribute(in, body + IFINFOMSG, end, IFLA_ADDRESS);
        long mac = 0;
        if (macAt >= 0 && valueLength(in, macAt) == ETHERNET_ADDRESS) {
            for (int i = 0; i < ETHERNET_ADDRESS; i++) {
                mac = mac << 8 | (in.get(macAt + RTATTR + i) & 0xFF);
            }
        }
        Link.Macvlan macvlan = LinkCodec.readMacvlan(in, body + IFINFOMSG, end);
        return new RouteMessage.LinkIs(
                new Link(in.getInt(body + 4), readString(in, nameAt), in.getInt(body + 8), mac, macvlan));
    }

    private static @Nullable RouteMessage readAddressChange(ByteBuffer in, int type, int body, int end) {
        int port = in.getInt(body - 4);
        HostAddress address = readAddress(in, body, end);
        if (address == null) {
            return null;
        }
        return type == RTM_NEWADDR ? new RouteMessage.AddressIs(address) : new RouteMessage.AddressGone(address, port);
    }

    private static @Nullable HostAddress readAddress(ByteBuffer in, int body, int end) {
        if (end - body < IFADDRMSG) {
            return null;
        }
        int family = in.get(body) & 0xFF;
        int bytes = family == Linux.AF_INET ? 4 : family == Linux.AF_INET6 ? 16 : 0;
        if (bytes == 0) {
            return null;
        }
        // On a point-to-point link IFA_ADDRESS is the other side; IFA_LOCAL, where there is one, is always ours.
        int at = findAttribute(in, body + IFADDRMSG, end, IFA_LOCAL);
        if (at < 0) {
            at = findAttribute(in, body + IFADDRMSG, end, IFA_ADDRESS);
        }
        if (at < 0 || valueLength(in, at) != bytes) {
            return null;
        }
        byte[] address = new byte[bytes];
        in.get(at + RTATTR, address);
        int flags = in.get(body + 2) & 0xFF;
        int flagsAt = findAttribute(in, body + IFADDRMSG, end, IFA_FLAGS);
        if (flagsAt >= 0 && valueLength(in, flagsAt) == 4) {
            flags = in.getInt(flagsAt + RTATTR);
        }
        int protocolAt = findAttribute(in, body + IFADDRMSG, end, IFA_PROTO);
        int protocol = protocolAt >= 0 && valueLength(in, protocolAt) >= 1 ? in.get(protocolAt + RTATTR) & 0xFF : 0;
        return new HostAddress(
                in.getInt(body + 4),
                IpAddress.of(address),
                in.get(body + 1) & 0xFF,
                flags,
                in.get(body + 3) & 0xFF,
                protocol);
    }

    /** Where the first attribute of that type starts, or -1. */
    static int findAttribute(ByteBuffer in, int from, int end, int wanted) {
        int at = from;
        while (end - at >= RTATTR) {
            int length = in.getShort(at) & 0xFFFF;
            if (length < RTATTR || length > end - at) {
                return -1;
            }
            if ((in.getShort(at + 2) & ATTRIBUTE_TYPE) == wanted) {
                return at;
            }
            at += align(length);
        }
        return -1;
    }

    static int valueLength(ByteBuffer in, int at) {
        return (in.getShort(at) & 0xFFFF) - RTATTR;
    }

    static String readString(ByteBuffer in, int at) {
        byte[] bytes = new byte[valueLength(in, at)];
        in.get(at + RTATTR, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static int align(int length) {
        return (length + 3) & ~3;
    }
}
