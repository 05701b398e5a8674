package dev.holdfast.agent.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.doctor.PacketFilter.Answer;
import dev.holdfast.agent.doctor.PacketFilter.Chain;
import dev.holdfast.agent.doctor.PacketFilter.Hook;
import dev.holdfast.agent.doctor.PacketFilter.Rule;
import dev.holdfast.agent.doctor.PacketFilter.Verdict;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads what {@code nft -j list ruleset} prints; see libnftables-json(5). */
final class NftRuleset {
    private static final Map<String, Set<IpFamily>> FAMILIES = Map.of(
            "ip", Set.of(IpFamily.IPV4), "ip6", Set.of(IpFamily.IPV6), "inet", Set.of(IpFamily.IPV4, IpFamily.IPV6));
    private static final Set<String> OF_IPTABLES = Set.of("filter", "nat", "mangle", "raw", "security");

    private final Map<String, Chain> chains = new HashMap<>();
    /** The elements of named sets. */
    private final Map<String, JsonNode> sets = new HashMap<>();

    private NftRuleset() {}

    /**
     * The filter that the text describes.
     *
     * @param withoutIptables whether tables that iptables made are left to {@link IptablesRules}, which reads more of them
     * @throws JsonProcessingException if it is not JSON
     */
    static PacketFilter read(String text, boolean withoutIptables) throws JsonProcessingException {
        NftRuleset ruleset = new NftRuleset();
        JsonNode items = new ObjectMapper().readTree(text).path("nftables");
        for (JsonNode item : items) {
            JsonNode chain = item.path("chain");
            JsonNode set = item.path("set");
            if (chain.isObject() && isJudged(chain, withoutIptables)) {
                String place = table(chain) + " " + chain.path("name").asText();
                ruleset.chains.put(place, chain(place, chain));
            } else if (set.isObject()) {
                ruleset.sets.put(table(set) + " @" + set.path("name").asText(), set.path("elem"));
            }
        }
        for (JsonNode item : items) {
            JsonNode rule = item.path("rule");
            Chain of = ruleset.chains.get(table(rule) + " " + rule.path("chain").asText());
            if (of != null) {
                ruleset.rule(rule, of.rules());
            }
        }
        return new PacketFilter(ruleset.chains);
    }

    private static boolean isJudged(JsonNode chain, boolean withoutIptables) {
        String family = chain.path("family").asText();
        boolean ofIptables = !family.equals("inet")
                && OF_IPTABLES.contains(chain.path("table").asText());
        return FAMILIES.containsKey(family) && !(withoutIptables && ofIptables);
    }

    private static Chain chain(String place, JsonNode chain) {
        String type = chain.path("type").asText();
        Hook hook = type.equals("filter") || type.equals("route")
                ? switch (chain.path("hook").asText()) {
                    case "prerouting", "input" -> Hook.IN;
                    case "output", "postrouting" -> Hook.OUT;
                    default -> Hook.NONE;
                }
                : Hook.NONE;
        boolean firewalld = chain.path("table").asText().equals("firewalld");
        return new Chain(
                "nftables, " + place + ",",
                FAMILIES.getOrDefault(chain.path("family").asText(), Set.of()),
                hook,
                chain.path("policy").asText().equals("drop"),
                // What was inserted beside firewalld's back would be gone at its next reload.
                traffic -> firewalld
                        ? "firewall-cmd --permanent " + traffic.firewalld() + " && firewall-cmd --reload"
                        : "nft insert rule " + place + " " + traffic.nft() + " accept",
                new ArrayList<>());
    }

    private static String table(JsonNode node) {
        return node.path("family").asText() + " " + node.path("table").asText();
    }

    private void rule(JsonNode rule, List<Rule> rules) {
        List<Function<Traffic, Answer>> conditions = new ArrayList<>();
        String table = table(rule);
        for (JsonNode statement : rule.path("expr")) {
            if (statement.has("match")) {
                conditions.add(condition(table, statement.path("match")));
            } else if (statement.has("limit") || statement.has("xt")) {
                conditions.add(_ -> Answer.MAYBE);
            } else if (statement.has("vmap")) {
                vmap(table, statement.path("vmap"), conditions, rules);
            } else {
                verdict(table, statement, conditions, rules);
            }
        }
    }

    private void vmap(String table, JsonNode vmap, List<Function<Traffic, Answer>> conditions, List<Rule> rules) {
        for (JsonNode pair : vmap.path("data").path("set")) {
            List<Function<Traffic, Answer>> one = new ArrayList<>(conditions);
            one.add(traffic -> holds(table, vmap.path("key"), pair.path(0), traffic));
            verdict(table, pair.path(1), one, rules);
        }
    }

    private static void verdict(
            String table, JsonNode statement, List<Function<Traffic, Answer>> conditions, List<Rule> rules) {
        Function<Traffic, Answer> all = IptablesRules.all(conditions);
        if (statement.has("accept")) {
            rules.add(new Rule(all, new Verdict.Accept()));
        } else if (statement.has("drop") || statement.has("reject")) {
            rules.add(new Rule(all, new Verdict.Drop()));
        } else if (statement.has("return")) {
            rules.add(new Rule(all, new Verdict.Return()));
        } else if (statement.has("jump")) {
            rules.add(new Rule(all, new Verdict.Jump(table + " " + target(statement, "jump"))));
        } else if (statement.has("goto")) {
            rules.add(new Rule(all, new Verdict.Goto(table + " " + target(statement, "goto"))));
        }
    }

    private static String target(JsonNode statement, String how) {
        return statement.path(how).path("target").asText();
    }

    private Function<Traffic, Answer> condition(String table, JsonNode match) {
        return traffic -> {
            if (!NftMatch.applies(match.path("left"), traffic)) {
                return Answer.NO;
            }
            Answer holds = holds(table, match.path("left"), match.path("right"), traffic);
            return switch (match.path("op").asText()) {
                case "==", "in" -> holds;
                case "!=" -> holds.not();
                default -> Answer.MAYBE;
            };
        };
    }

    private Answer holds(String table, JsonNode left, JsonNode right, Traffic traffic) {
        Function<JsonNode, Answer> one = value -> NftMatch.holds(left, value, traffic);
        JsonNode elements = right.isTextual() && right.asText().startsWith("@")
                ? sets.getOrDefault(table + " " + right.asText(), right)
                : right.has("set") ? right.path("set") : right;
        if (!elements.isArray()) {
            return elements.asText().startsWith("@") ? Answer.MAYBE : one.apply(elements);
        }
        Answer any = Answer.NO;
        for (JsonNode element : elements) {
            // An element with a time-out or a counter is wrapped.
            any = any.or(one.apply(element.has("elem") ? element.path("elem").path("val") : element));
        }
        return any;
    }
}
