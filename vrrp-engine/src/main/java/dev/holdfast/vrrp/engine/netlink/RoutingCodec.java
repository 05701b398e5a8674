package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of rtnetlink(7) that are about routes and rules:
 *
 * <pre>
 * rtmsg:        u8 family | u8 destination length | u8 source length | u8 tos | u8 table | u8 protocol | u8 scope | u8 type | u32 flags
 * fib_rule_hdr: u8 family | u8 destination length | u8 source length | u8 tos | u8 table | u8 | u8 | u8 action | u32 flags
 * </pre>
 */
final class RoutingCodec {
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;
    static final int RTM_GETRULE = 34;

    /** Of both headers. */
    private static final int BODY = 12;

    private static final int PROTOCOL_AT = 5;
    private static final int RTNH_F_ONLINK = 4;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_TABLE = 15;
    private static final int RTAX_MTU = 2;
    private static final int RTAX_ADVMSS = 8;
    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_IIFNAME = 3;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_OIFNAME = 17;
    private static final int FRA_PROTOCOL = 21;

    private RoutingCodec() {}

    /** Appends the request to add a route, before others to the same destination with the same metric. */
    static void addRoute(ByteBuffer out, int sequence, RouteEntry route) {
        route(out, RTM_NEWROUTE, RouteCodec.NLM_F_CREATE, sequence, route);
    }

    /** Appends the request to remove a route, if it is there as described and is ours. */
    static void removeRoute(ByteBuffer out, int sequence, RouteEntry route) {
        route(out, RTM_DELROUTE, 0, sequence, route);
    }

    /** Appends the request to add a rule that is not there. */
    static void addRule(ByteBuffer out, int sequence, RuleEntry rule) {
        rule(out, RTM_NEWRULE, RouteCodec.NLM_F_CREATE | RouteCodec.NLM_F_EXCL, sequence, rule);
    }

    /** Appends the request to remove a rule, if it is there as described and is ours. */
    static void removeRule(ByteBuffer out, int sequence, RuleEntry rule) {
        rule(out, RTM_DELRULE, 0, sequence, rule);
    }

    /** Appends the request for all routes or rules of a family. */
    static void dump(ByteBuffer out, int type, int sequence, IpFamily family) {
        int start = RouteCodec.header(out, type, RouteCodec.NLM_F_REQUEST | RouteCodec.NLM_F_DUMP, sequence);
        out.put((byte) number(family)).put(new byte[BODY - 1]);
        RouteCodec.finish(out, start);
    }

    /** Appends the request to remove what a dump told of. */
    static void removeTold(ByteBuffer out, int type, int sequence, ByteBuffer body) {
        int start = RouteCodec.header(out, type, RouteCodec.NLM_F_REQUEST | RouteCodec.NLM_F_ACK, sequence);
        out.put(body.duplicate());
        RouteCodec.finish(out, start);
    }

    private static void route(ByteBuffer out, int type, int flags, int sequence, RouteEntry route) {
        int start = RouteCodec.header(out, type, RouteCodec.NLM_F_REQUEST | RouteCodec.NLM_F_ACK | flags, sequence);
        out.put((byte) number(route.destination().family()));
        out.put((byte) route.prefixLength()).put((byte) 0).put((byte) 0);
        // A table beyond one byte is in the attribute alone.
        out.put((byte) (route.table() < 256 ? route.table() : 0));
        out.put((byte) HostAddress.HOLDFAST).put((byte) route.scope()).put((byte) route.type());
        out.putInt(route.onlink() ? RTNH_F_ONLINK : 0);
        if (route.prefixLength() > 0) {
            address(out, RTA_DST, route.destination());
        }
        number(out, RTA_TABLE, route.table());
        route.gateway().ifPresent(gateway -> address(out, RTA_GATEWAY, gateway));
        if (route.ifindex() != 0) {
            number(out, RTA_OIF, route.ifindex());
        }
        route.source().ifPresent(source -> address(out, RTA_PREFSRC, source));
        route.metric().ifPresent(metric -> number(out, RTA_PRIORITY, (int) metric));
        metrics(out, route);
        RouteCodec.finish(out, start);
    }

    private static void metrics(ByteBuffer out, RouteEntry route) {
        if (route.mtu().isEmpty() && route.advmss().isEmpty()) {
            return;
        }
        int start = out.position();
        RouteCodec.attribute(out, RTA_METRICS, 0);
        number(out, RTAX_MTU, route.mtu());
        number(out, RTAX_ADVMSS, route.advmss());
        out.putShort(start, (short) (out.position() - start));
    }

    private static void rule(ByteBuffer out, int type, int flags, int sequence, RuleEntry rule) {
        int start = RouteCodec.header(out, type, RouteCodec.NLM_F_REQUEST | RouteCodec.NLM_F_ACK | flags, sequence);
        out.put((byte) number(rule.family()));
        out.put((byte) rule.destinationLength()).put((byte) rule.sourceLength()).put((byte) 0);
        out.put((byte) (rule.table() < 256 ? rule.table() : 0)).putShort((short) 0);
        out.put((byte) rule.action()).putInt(0);
        rule.source().ifPresent(source -> address(out, FRA_SRC, source));
        rule.destination().ifPresent(destination -> address(out, FRA_DST, destination));
        if (rule.table() != 0) {
            number(out, FRA_TABLE, rule.table());
        }
        number(out, FRA_PRIORITY, (int) rule.priority());
        number(out, FRA_FWMARK, rule.mark());
        number(out, FRA_FWMASK, rule.mask());
        rule.input().ifPresent(name -> RouteCodec.string(out, FRA_IIFNAME, name));
        rule.output().ifPresent(name -> RouteCodec.string(out, FRA_OIFNAME, name));
        RouteCodec.attribute(out, FRA_PROTOCOL, 1);
        out.put((byte) HostAddress.HOLDFAST).put(new byte[3]);
        RouteCodec.finish(out, start);
    }

    private static int number(IpFamily family) {
        return family == IpFamily.IPV4 ? Linux.AF_INET : Linux.AF_INET6;
    }

    private static void number(ByteBuffer out, int type, OptionalInt value) {
        value.ifPresent(present -> number(out, type, present));
    }

    private static void number(ByteBuffer out, int type, int value) {
        RouteCodec.attribute(out, type, Integer.BYTES);
        out.putInt(value);
    }

    private static void address(ByteBuffer out, int type, IpAddress address) {
        RouteCodec.attribute(out, type, address.family().addressBytes());
        ByteOrder order = out.order();
        address.writeTo(out.order(ByteOrder.BIG_ENDIAN));
        out.order(order);
    }

    /** Whether a message is too short to be about a route or rule. */
    static boolean isCut(int body, int end) {
        return end - body < BODY;
    }

    /** A route or rule if it is ours, else null; not to be called for one that {@link #isCut}. */
    static RouteMessage.@Nullable OursIs readOurs(ByteBuffer in, int type, int body, int end) {
        int protocol = in.get(body + PROTOCOL_AT) & 0xFF;
        if (type == RTM_NEWRULE) {
            int at = RouteCodec.findAttribute(in, body + BODY, end, FRA_PROTOCOL);
            protocol = at < 0 || RouteCodec.valueLength(in, at) < 1 ? 0 : in.get(at + RouteCodec.RTATTR) & 0xFF;
        }
        if (protocol != HostAddress.HOLDFAST) {
            return null;
        }
        byte[] bytes = new byte[end - body];
        in.get(body, bytes);
        return new RouteMessage.OursIs(type == RTM_NEWRULE, ByteBuffer.wrap(bytes));
    }
}
