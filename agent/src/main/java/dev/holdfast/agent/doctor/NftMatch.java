package dev.holdfast.agent.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.doctor.PacketFilter.Answer;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import java.util.Set;

/** Compares one property of a packet with one value, as {@code nft -j} writes both. */
final class NftMatch {
    private static final Set<String> PORTS = Set.of("dport", "sport");

    /** Of the protocols that we ask for; th is any of them. */
    private static final Set<String> WITH_PORTS = Set.of("th", "tcp", "udp");

    private NftMatch() {}

    /** Whether the packet has the property at all: if not, neither {@code ==} nor {@code !=} holds. */
    static boolean applies(JsonNode left, Traffic traffic) {
        String protocol = left.path("payload").path("protocol").asText();
        return switch (protocol) {
            case "ip" -> traffic.family() == IpFamily.IPV4;
            case "ip6" -> traffic.family() == IpFamily.IPV6;
            case "tcp", "udp" -> Traffic.protocol(protocol) == traffic.protocol();
            default -> true;
        };
    }

    /** Whether the property has the value. */
    static Answer holds(JsonNode left, JsonNode right, Traffic traffic) {
        if (!applies(left, traffic)) {
            return Answer.NO;
        }
        if (left.has("meta")) {
            return meta(left.path("meta").path("key").asText(), right, traffic);
        }
        if (left.has("payload")) {
            return payload(left.path("payload"), right, traffic);
        }
        if (left.has("concat")) {
            return concat(left.path("concat"), right.path("concat"), traffic);
        }
        if (left.has("fib")) {
            return left.path("fib").path("result").asText().equals("type")
                            && left.path("fib").path("flags").toString().contains("daddr")
                    ? IptablesRules.addressType(right.asText(), traffic)
                    : Answer.MAYBE;
        }
        return switch (left.path("ct").path("key").asText()) {
            case "state" -> Answer.of(right.asText().equals("new"));
            // Nobody translates the addresses of these packets.
            case "status" -> Answer.NO;
            default -> Answer.MAYBE;
        };
    }

    private static Answer meta(String key, JsonNode right, Traffic traffic) {
        return switch (key) {
            case "l4proto" -> Answer.of(Traffic.protocol(right.asText()) == traffic.protocol());
            case "nfproto" -> Answer.of(right.asText().equals(traffic.family() == IpFamily.IPV4 ? "ipv4" : "ipv6"));
            case "iif", "iifname" ->
                traffic.inbound() ? IptablesRules.interfaceIs(right.asText(), '*', traffic) : Answer.NO;
            case "oif", "oifname" ->
                traffic.inbound() ? Answer.NO : IptablesRules.interfaceIs(right.asText(), '*', traffic);
            case "pkttype" -> Answer.of(right.asText().equals(traffic.multicast() ? "multicast" : "host"));
            default -> Answer.MAYBE;
        };
    }

    private static Answer payload(JsonNode payload, JsonNode right, Traffic traffic) {
        String protocol = payload.path("protocol").asText();
        String field = payload.path("field").asText();
        if (protocol.equals("ip") || protocol.equals("ip6")) {
            return switch (field) {
                case "protocol", "nexthdr" -> Answer.of(Traffic.protocol(right.asText()) == traffic.protocol());
                case "saddr" -> within(right, traffic.sources());
                case "daddr" -> within(right, traffic.destinations());
                default -> Answer.MAYBE;
            };
        }
        if (PORTS.contains(field) && (traffic.port() == 0 || !WITH_PORTS.contains(protocol))) {
            return Answer.NO;
        }
        return field.equals("dport") ? port(right, traffic.port()) : Answer.MAYBE;
    }

    private static Answer within(JsonNode right, List<VipAddress> possible) {
        JsonNode prefix = right.path("prefix");
        return prefix.isObject()
                ? IptablesRules.within(
                        prefix.path("addr").asText() + "/" + prefix.path("len").asInt(), possible)
                : right.isTextual() ? IptablesRules.within(right.asText(), possible) : Answer.MAYBE;
    }

    private static Answer port(JsonNode value, int port) {
        JsonNode range = value.path("range");
        return range.isArray()
                ? Answer.of(
                        range.path(0).asInt() <= port && port <= range.path(1).asInt())
                : value.isInt() ? Answer.of(value.asInt() == port) : Answer.MAYBE;
    }

    private static Answer concat(JsonNode left, JsonNode right, Traffic traffic) {
        if (!right.isArray()) {
            return Answer.MAYBE;
        }
        Answer all = Answer.YES;
        for (int i = 0; i < left.size(); i++) {
            all = all.and(holds(left.path(i), right.path(i), traffic));
        }
        return all;
    }
}
