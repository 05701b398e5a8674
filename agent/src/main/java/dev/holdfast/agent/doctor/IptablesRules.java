package dev.holdfast.agent.doctor;

import dev.holdfast.agent.doctor.PacketFilter.Answer;
import dev.holdfast.agent.doctor.PacketFilter.Chain;
import dev.holdfast.agent.doctor.PacketFilter.Hook;
import dev.holdfast.agent.doctor.PacketFilter.Rule;
import dev.holdfast.agent.doctor.PacketFilter.Verdict;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads what {@code iptables-save} and {@code ip6tables-save} print; see iptables-extensions(8). */
final class IptablesRules {
    private IptablesRules() {}

    /**
     * The filter that the text describes.
     *
     * @param program {@code iptables}, {@code ip6tables}, or one of their variants
     */
    static PacketFilter read(String text, String program) {
        IpFamily family = program.startsWith("ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
        Map<String, Chain> chains = new HashMap<>();
        String table = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("*")) {
                table = line.substring(1).strip();
            } else if (line.startsWith(":")) {
                String[] words = line.substring(1).split(" ", -1);
                chains.put(
                        table + " " + words[0],
                        chain(program, family, table, words[0], words.length > 1 && words[1].equals("DROP")));
            } else if (line.startsWith("-A ")) {
                // Comments and the like are in quotes, and may look like anything.
                String[] words = line.split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
                Chain chain = chains.get(table + " " + words[1]);
                if (chain != null) {
                    rule(table, List.of(words).subList(2, words.length), chain.rules());
                }
            }
        }
        return new PacketFilter(chains);
    }

    private static Chain chain(String program, IpFamily family, String table, String chain, boolean drops) {
        Hook hook = table.equals("nat")
                ? Hook.NONE
                : switch (chain) {
                    case "PREROUTING", "INPUT" -> Hook.IN;
                    case "OUTPUT", "POSTROUTING" -> Hook.OUT;
                    default -> Hook.NONE;
                };
        String command = program + (table.equals("filter") ? "" : " -t " + table) + " -I " + chain + " ";
        return new Chain(
                program + ", table " + table + ", chain " + chain + ",",
                Set.of(family),
                hook,
                drops,
                traffic -> command + traffic.iptables() + " -j ACCEPT",
                new ArrayList<>());
    }

    private static void rule(String table, List<String> words, List<Rule> rules) {
        List<Function<Traffic, Answer>> conditions = new ArrayList<>();
        boolean negated = false;
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            if (option.equals("!")) {
                negated = true;
                continue;
            }
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            if (option.equals("-j") || option.equals("-g")) {
                rules.add(new Rule(all(conditions), verdict(option, table, value)));
                return;
            }
            if (option.startsWith("-")) {
                Function<Traffic, Answer> condition = condition(option, value);
                boolean reversed = negated;
                conditions.add(traffic -> reversed ? condition.apply(traffic).not() : condition.apply(traffic));
                negated = false;
            }
        }
    }

    private static Verdict verdict(String option, String table, String target) {
        return switch (target) {
            case "ACCEPT" -> new Verdict.Accept();
            case "DROP", "REJECT" -> new Verdict.Drop();
            case "RETURN" -> new Verdict.Return();
            default ->
                option.equals("-g") ? new Verdict.Goto(table + " " + target) : new Verdict.Jump(table + " " + target);
        };
    }

    /** Whether all hold. */
    static Function<Traffic, Answer> all(List<Function<Traffic, Answer>> conditions) {
        List<Function<Traffic, Answer>> copy = List.copyOf(conditions);
        return traffic ->
                copy.stream().map(condition -> condition.apply(traffic)).reduce(Answer.YES, Answer::and);
    }

    private static Function<Traffic, Answer> condition(String option, String value) {
        return switch (option) {
            case "-p" -> traffic -> Answer.of(value.equals("all") || Traffic.protocol(value) == traffic.protocol());
            case "--dport", "--dports", "--destination-port", "--destination-ports" ->
                traffic -> Answer.of(words(value).anyMatch(part -> covers(part, traffic.port())));
            case "-i" -> traffic -> traffic.inbound() ? interfaceIs(value, '+', traffic) : Answer.NO;
            case "-o" -> traffic -> traffic.inbound() ? Answer.NO : interfaceIs(value, '+', traffic);
            case "-s" -> traffic -> within(value, traffic.sources());
            case "-d" -> traffic -> within(value, traffic.destinations());
            case "--ctstate", "--state" -> _ -> Answer.of(words(value).anyMatch("NEW"::equals));
            case "--dst-type" -> traffic -> addressType(value, traffic);
            // Docker so drops what a container forges into an encrypted overlay network, and nothing else.
            case "--pol" -> _ -> value.equals("none") ? Answer.NO : Answer.MAYBE;
            // A module only names whose options follow; a comment is one.
            case "-m", "--comment" -> _ -> Answer.YES;
            default -> _ -> Answer.MAYBE;
        };
    }

    private static Stream<String> words(String value) {
        return Arrays.stream(value.split(",", -1));
    }

    /** Whether a name, perhaps with {@code any} for any rest, is that of the packet's interface. */
    static Answer interfaceIs(String name, char any, Traffic traffic) {
        if (name.equals("lo")) {
            return Answer.NO;
        }
        boolean open = name.endsWith(String.valueOf(any));
        String beginning = open ? name.substring(0, name.length() - 1) : name;
        if (beginning.isEmpty()) {
            return Answer.YES;
        }
        return traffic.interfaceName().isEmpty()
                ? Answer.MAYBE
                : Answer.of(
                        open
                                ? traffic.interfaceName().startsWith(beginning)
                                : traffic.interfaceName().equals(beginning));
    }

    static Answer within(String network, List<VipAddress> possible) {
        try {
            return Nets.within(VipAddress.parse(network), possible);
        } catch (IllegalArgumentException e) {
            // A netmask that is no prefix, or a list.
            return Answer.MAYBE;
        }
    }

    /** Whether its destination is of one of the types, as the routing table has them. */
    static Answer addressType(String types, Traffic traffic) {
        String own = traffic.multicast() ? "multicast" : traffic.inbound() ? "local" : "unicast";
        return Answer.of(words(types.toLowerCase(Locale.ROOT)).anyMatch(own::equals));
    }

    private static boolean covers(String part, int port) {
        String[] ends = part.split(":", -1);
        try {
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            return first <= port && port <= last;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
