package dev.holdfast.vrrp.engine.netlink;

import static dev.holdfast.vrrp.engine.netlink.RouteCodec.RTATTR;

import dev.holdfast.vrrp.engine.ffi.Linux;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of rtnetlink(7) that make, change and remove links, and what makes a link a macvlan. */
final class LinkCodec {
    /** IFALIASZ, without the zero at the end. */
    static final int MAX_ALIAS = 255;

    private static final String MACVLAN = "macvlan";
    private static final int IFF_UP = 1;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int IFLA_INET_CONF = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int ADDR_GEN_MODE_NONE = 1;

    private LinkCodec() {}

    /** Appends the request for one link. */
    static void get(ByteBuffer out, int sequence, String name) {
        int start = begin(out, RouteCodec.RTM_GETLINK, 0, sequence, 0, 0, 0);
        RouteCodec.string(out, RouteCodec.IFLA_IFNAME, name);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to make a macvlan, which is down at first. */
    static void addMacvlan(ByteBuffer out, int sequence, String name, byte[] mac, int base) {
        int flags = RouteCodec.NLM_F_CREATE | RouteCodec.NLM_F_EXCL;
        int start = begin(out, RouteCodec.RTM_NEWLINK, flags, sequence, 0, 0, 0);
        RouteCodec.string(out, RouteCodec.IFLA_IFNAME, name);
        putInt(out, IFLA_LINK, base);
        RouteCodec.attribute(out, RouteCodec.IFLA_ADDRESS, mac.length);
        pad(out.put(mac), mac.length);
        int info = open(out, IFLA_LINKINFO);
        RouteCodec.string(out, IFLA_INFO_KIND, MACVLAN);
        int data = open(out, IFLA_INFO_DATA);
        putInt(out, IFLA_MACVLAN_MODE, Link.Macvlan.BRIDGE);
        close(out, data);
        close(out, info);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to set a link up or down. */
    static void setUp(ByteBuffer out, int sequence, int ifindex, boolean up) {
        int start = begin(out, RouteCodec.RTM_NEWLINK, 0, sequence, ifindex, up ? IFF_UP : 0, IFF_UP);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to leave a text with a link; what is too long is cut. */
    static void setAlias(ByteBuffer out, int sequence, int ifindex, String alias) {
        int start = begin(out, RouteCodec.RTM_NEWLINK, 0, sequence, ifindex, 0, 0);
        byte[] bytes = alias.getBytes(StandardCharsets.UTF_8);
        byte[] cut = bytes.length > MAX_ALIAS ? Arrays.copyOf(bytes, MAX_ALIAS) : bytes;
        RouteCodec.attribute(out, IFLA_IFALIAS, cut.length);
        pad(out.put(cut), cut.length);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to change settings of IPv4 on a link. */
    static void setIpv4(ByteBuffer out, int sequence, int ifindex, Map<Ipv4Conf, Integer> settings) {
        int start = begin(out, RouteCodec.RTM_NEWLINK, 0, sequence, ifindex, 0, 0);
        int families = open(out, IFLA_AF_SPEC);
        int ipv4 = open(out, Linux.AF_INET);
        int conf = open(out, IFLA_INET_CONF);
        settings.forEach((setting, value) -> putInt(out, setting.number(), value));
        close(out, conf);
        close(out, ipv4);
        close(out, families);
        RouteCodec.finish(out, start);
    }

    /** Appends the request that a link gets no IPv6 address that is made from its MAC. */
    static void setNoGeneratedAddress(ByteBuffer out, int sequence, int ifindex) {
        int start = begin(out, RouteCodec.RTM_NEWLINK, 0, sequence, ifindex, 0, 0);
        int families = open(out, IFLA_AF_SPEC);
        int ipv6 = open(out, Linux.AF_INET6);
        RouteCodec.attribute(out, IFLA_INET6_ADDR_GEN_MODE, 1);
        pad(out.put((byte) ADDR_GEN_MODE_NONE), 1);
        close(out, ipv6);
        close(out, families);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to remove a link. */
    static void remove(ByteBuffer out, int sequence, int ifindex) {
        int start = begin(out, RouteCodec.RTM_DELLINK, 0, sequence, ifindex, 0, 0);
        RouteCodec.finish(out, start);
    }

    /** What the attributes of a link say about it as a macvlan; null if it is none. */
    static Link.@Nullable Macvlan readMacvlan(ByteBuffer in, int from, int end) {
        int info = RouteCodec.findAttribute(in, from, end, IFLA_LINKINFO);
        int base = RouteCodec.findAttribute(in, from, end, IFLA_LINK);
        if (info < 0 || base < 0 || RouteCodec.valueLength(in, base) != Integer.BYTES) {
            return null;
        }
        int infoEnd = info + RTATTR + RouteCodec.valueLength(in, info);
        int kind = RouteCodec.findAttribute(in, info + RTATTR, infoEnd, IFLA_INFO_KIND);
        if (kind < 0 || !RouteCodec.readString(in, kind).equals(MACVLAN)) {
            return null;
        }
        int mode = 0;
        int data = RouteCodec.findAttribute(in, info + RTATTR, infoEnd, IFLA_INFO_DATA);
        if (data >= 0) {
            int dataEnd = data + RTATTR + RouteCodec.valueLength(in, data);
            int at = RouteCodec.findAttribute(in, data + RTATTR, dataEnd, IFLA_MACVLAN_MODE);
            mode = at >= 0 && RouteCodec.valueLength(in, at) == Integer.BYTES ? in.getInt(at + RTATTR) : 0;
        }
        int alias = RouteCodec.findAttribute(in, from, end, IFLA_IFALIAS);
        return new Link.Macvlan(in.getInt(base + RTATTR), mode, alias < 0 ? "" : RouteCodec.readString(in, alias));
    }

    private static int begin(
            ByteBuffer out, int type, int moreFlags, int sequence, int ifindex, int linkFlags, int change) {
        int flags = RouteCodec.NLM_F_REQUEST | RouteCodec.NLM_F_ACK | moreFlags;
        int start = RouteCodec.header(out, type, flags, sequence);
        out.put((byte) Linux.AF_UNSPEC).put((byte) 0).putShort((short) 0);
        out.putInt(ifindex).putInt(linkFlags).putInt(change);
        return start;
    }

    private static void putInt(ByteBuffer out, int type, int value) {
        RouteCodec.attribute(out, type, Integer.BYTES);
        out.putInt(value);
    }

    /** Begins an attribute that holds others; {@link #close} gives it its length. */
    private static int open(ByteBuffer out, int type) {
        int at = out.position();
        RouteCodec.attribute(out, type, 0);
        return at;
    }

    private static void close(ByteBuffer out, int at) {
        out.putShort(at, (short) (out.position() - at));
    }

    private static void pad(ByteBuffer out, int length) {
        for (int i = length; i < RouteCodec.align(length); i++) {
            out.put((byte) 0);
        }
    }
}
