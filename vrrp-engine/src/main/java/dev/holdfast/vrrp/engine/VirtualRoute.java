package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.RouteEntry;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A route that is there while the instance is MASTER. Its text is that of {@code ip route}, for example
 * {@code default via 10.0.0.1 dev eth0 table 100}.
 *
 * @param type what becomes of the packets
 * @param destination whose packets
 * @param gateway the next router
 * @param device the interface; without one the kernel finds it out by the gateway
 * @param source the address that this host's own packets come from, often a virtual one
 * @param table 1..2147483647; 254 is main
 * @param metric 0..4294967295, the lowest counts; without one the kernel's default: 0, and 1024 for IPv6
 * @param scope RT_SCOPE_*; without one link where there is no gateway, else global
 * @param onlink whether the gateway is on the link even if no address of this host says so
 * @param mtu of the way, in bytes
 * @param advmss the segment size that TCP asks for, in bytes
 */
public record VirtualRoute(
        Type type,
        IpPrefix destination,
        Optional<IpAddress> gateway,
        Optional<String> device,
        Optional<IpAddress> source,
        int table,
        OptionalLong metric,
        OptionalInt scope,
        boolean onlink,
        OptionalInt mtu,
        OptionalInt advmss) {
    /** What becomes of the packets. */
    public enum Type {
        /** They go to the gateway, or straight to the device. */
        UNICAST(1),
        /** They vanish. */
        BLACKHOLE(6),
        /** The sender hears "host unreachable". */
        UNREACHABLE(7),
        /** The sender hears "administratively prohibited". */
        PROHIBIT(8),
        /** The next table is looked at. */
        THROW(9);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int SCOPE_GLOBAL = 0;
    private static final int SCOPE_LINK = 253;
    private static final int LEAST_MTU = 68;
    private static final int GREATEST_MTU = 65_535;

    public VirtualRoute {
        if (type != Type.UNICAST && (gateway.isPresent() || device.isPresent() || source.isPresent() || onlink)) {
            throw new IllegalArgumentException("a route of type " + type.word() + " has no via, dev, src or onlink");
        }
        if (type == Type.UNICAST && gateway.isEmpty() && device.isEmpty()) {
            throw new IllegalArgumentException("the route to " + destination + " needs via ADDRESS or dev INTERFACE");
        }
        if (onlink && (gateway.isEmpty() || device.isEmpty())) {
            throw new IllegalArgumentException("onlink needs via ADDRESS and dev INTERFACE");
        }
    }

    /** Collects what the words say. */
    private static final class Draft {
        private Type type = Type.UNICAST;
        private Optional<IpPrefix> destination = Optional.empty();
        private Optional<IpAddress> gateway = Optional.empty();
        private Optional<String> device = Optional.empty();
        private Optional<IpAddress> source = Optional.empty();
        private int table = RoutingWords.MAIN_TABLE;
        private OptionalLong metric = OptionalLong.empty();
        private OptionalInt scope = OptionalInt.empty();
        private boolean onlink;
        private OptionalInt mtu = OptionalInt.empty();
        private OptionalInt advmss = OptionalInt.empty();
    }

    /**
     * Reads {@code [TYPE] [to] PREFIX|default [via ADDRESS] [dev INTERFACE] [src ADDRESS] [table TABLE] [metric N] [scope
     * SCOPE] [onlink] [mtu N] [advmss N] [inet|inet6]}; the words of keepalived for the same are taken as well.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static VirtualRoute parse(String text) {
        RoutingWords words = new RoutingWords(text);
        Draft draft = new Draft();
        for (Type type : Type.values()) {
            if (words.peek().equals(type.word())) {
                draft.type = type;
                words.next();
                break;
            }
        }
        boolean first = true;
        boolean destined = false;
        while (words.hasNext()) {
            // The destination may stand behind "src ADDRESS", and then "to" before it may be missing.
            boolean bare = words.peek().equals("default")
                    || words.peek().matches("[0-9a-fA-F.:]*[.:\\d][0-9a-fA-F.:]*(/\\d+)?");
            if (bare && !destined && (first || draft.source.isPresent())) {
                draft.destination = words.prefix("to");
                destined = true;
            } else {
                String option = words.next();
                destined |= option.equals("to");
                read(words, option, draft);
            }
            first = false;
        }
        if (!destined) {
            throw words.wrong("a route begins with its destination, PREFIX or default");
        }
        return new VirtualRoute(
                draft.type,
                draft.destination.orElse(IpPrefix.all(words.family())),
                draft.gateway,
                draft.device,
                draft.source,
                draft.table,
                draft.metric,
                draft.scope,
                draft.onlink,
                draft.mtu,
                draft.advmss);
    }

    private static void read(RoutingWords words, String option, Draft draft) {
        switch (option) {
            case "to" -> {
                words.once(option);
                draft.destination = words.prefix(option);
            }
            case "via", "gw" -> {
                words.once("via");
                draft.gateway = Optional.of(words.address(option));
            }
            case "dev", "oif" -> {
                words.once("dev");
                draft.device = Optional.of(words.device(option));
            }
            case "src" -> {
                words.once(option);
                draft.source = Optional.of(words.address(option));
            }
            case "table" -> {
                words.once(option);
                draft.table = words.table(option);
            }
            case "metric", "priority", "preference" -> {
                words.once("metric");
                draft.metric = OptionalLong.of(words.unsigned(option));
            }
            case "scope" -> {
                words.once(option);
                draft.scope = OptionalInt.of(words.scope(option));
            }
            case "onlink" -> draft.onlink = true;
            case "mtu" -> {
                words.once(option);
                draft.mtu = OptionalInt.of(words.number(option, LEAST_MTU, GREATEST_MTU));
            }
            case "advmss" -> {
                words.once(option);
                draft.advmss = OptionalInt.of(words.number(option, 1, GREATEST_MTU));
            }
            case "inet" -> words.isFamily(IpFamily.IPV4);
            case "inet6" -> words.isFamily(IpFamily.IPV6);
            default ->
                throw words.wrong(option
                        + " is not understood; [TYPE] PREFIX or default, then via, dev, src, table, metric, scope, onlink,"
                        + " mtu, advmss, inet6");
        }
    }

    /** As the kernel wants it; {@code ifindex} is that of the device, 0 if the route names none. */
    RouteEntry entry(int ifindex) {
        boolean direct = type == Type.UNICAST && gateway.isEmpty() && destination.family() == IpFamily.IPV4;
        return new RouteEntry(
                type.number,
                destination.address(),
                destination.length(),
                gateway,
                ifindex,
                source,
                table,
                metric,
                scope.orElse(direct ? SCOPE_LINK : SCOPE_GLOBAL),
                onlink,
                mtu,
                advmss);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (type != Type.UNICAST) {
            text.append(type.word()).append(' ');
        }
        text.append(destination.isAll() ? "default" : destination);
        gateway.ifPresent(address -> text.append(" via ").append(address));
        device.ifPresent(name -> text.append(" dev ").append(name));
        source.ifPresent(address -> text.append(" src ").append(address));
        if (table != RoutingWords.MAIN_TABLE) {
            text.append(" table ").append(RoutingWords.tableName(table));
        }
        metric.ifPresent(number -> text.append(" metric ").append(number));
        scope.ifPresent(number -> text.append(" scope ").append(RoutingWords.scopeName(number)));
        if (onlink) {
            text.append(" onlink");
        }
        mtu.ifPresent(number -> text.append(" mtu ").append(number));
        advmss.ifPresent(number -> text.append(" advmss ").append(number));
        if (destination.isAll() && destination.family() == IpFamily.IPV6) {
            text.append(" inet6");
        }
        return text.toString();
    }
}
