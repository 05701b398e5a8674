package dev.holdfast.agent.doctor;

import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What the rules of a packet filter do to a new packet, as far as that can be told: a condition that can't be judged is
 * taken both ways.
 */
final class PacketFilter {
    /** Whether a condition holds. */
    enum Answer {
        YES,
        NO,
        MAYBE;

        Answer not() {
            return switch (this) {
                case YES -> NO;
                case NO -> YES;
                case MAYBE -> MAYBE;
            };
        }

        static Answer of(boolean holds) {
            return holds ? YES : NO;
        }

        Answer and(Answer other) {
            return this == NO || other == NO ? NO : this == YES ? other : MAYBE;
        }

        Answer or(Answer other) {
            return not().and(other.not()).not();
        }
    }

    /** What a rule does to what it matches. */
    sealed interface Verdict {
        /** Ends this base chain; those of other tables still come. */
        record Accept() implements Verdict {}

        /** Ends everything. */
        record Drop() implements Verdict {}

        /** Ends this chain; the one that it was called from goes on. */
        record Return() implements Verdict {}

        /** Goes on in another chain and comes back. */
        record Jump(String chain) implements Verdict {}

        /** Goes on in another chain and does not come back to this one. */
        record Goto(String chain) implements Verdict {}
    }

    /** A rule. */
    record Rule(Function<Traffic, Answer> condition, Verdict verdict) {}

    /** When the kernel enters a chain by itself. */
    enum Hook {
        /** On the way in: prerouting and input. */
        IN,
        /** On the way out: output and postrouting. */
        OUT,
        /** Never: other chains jump to it; or none of our packets come by. */
        NONE
    }

    /**
     * A chain.
     *
     * @param title for people
     * @param families whose packets it sees
     * @param hook when the kernel enters it by itself
     * @param drops whether what no rule decided is dropped
     * @param remedy the command that lets such packets pass
     */
    record Chain(
            String title,
            Set<IpFamily> families,
            Hook hook,
            boolean drops,
            Function<Traffic, String> remedy,
            List<Rule> rules) {}

    private enum Fate {
        ACCEPTED,
        DROPPED,
        UNDECIDED
    }

    private final Map<String, Chain> chains;

    /** @param chains by the names that jumps know them by */
    PacketFilter(Map<String, Chain> chains) {
        this.chains = Map.copyOf(chains);
    }

    /** What would not pass, or might not. */
    List<Finding> judge(List<Traffic> traffic) {
        List<Finding> findings = new ArrayList<>();
        chains.values().stream()
                .filter(chain -> chain.hook() != Hook.NONE)
                .sorted((a, b) -> a.title().compareTo(b.title()))
                .forEach(chain -> traffic.stream()
                        .filter(each -> chain.families().contains(each.family())
                                && chain.hook() == (each.inbound() ? Hook.IN : Hook.OUT))
                        .forEach(each -> judge(chain, each, findings)));
        return findings;
    }

    private void judge(Chain chain, Traffic traffic, List<Finding> findings) {
        Set<Fate> fates = EnumSet.copyOf(new Walk(traffic).fates(chain));
        if (fates.remove(Fate.UNDECIDED)) {
            fates.add(chain.drops() ? Fate.DROPPED : Fate.ACCEPTED);
        }
        if (fates.contains(Fate.DROPPED)) {
            boolean surely = fates.size() == 1;
            findings.add(new Finding(
                    surely ? Complaint.FIREWALL_DROPS : Complaint.FIREWALL_MAY_DROP,
                    chain.title(),
                    chain.title()
                            + (surely ? " drops " : " may drop ")
                            + traffic.text()
                            + (traffic.inbound() ? " that comes in" : " on its way out"),
                    chain.remedy().apply(traffic)));
        }
    }

    /** One packet's ways; a chain that many rules jump to is walked once. */
    private final class Walk {
        private final Traffic traffic;
        private final Map<Chain, Set<Fate>> known = new HashMap<>();

        Walk(Traffic traffic) {
            this.traffic = traffic;
        }

        /** All that may become of it. */
        Set<Fate> fates(Chain chain) {
            Set<Fate> before = known.get(chain);
            if (before != null) {
                return before;
            }
            // The kernel takes no loops; a text with one must not hang us.
            known.put(chain, EnumSet.of(Fate.UNDECIDED));
            Set<Fate> fates = walk(chain);
            known.put(chain, fates);
            return fates;
        }

        private Set<Fate> walk(Chain chain) {
            Set<Fate> fates = EnumSet.noneOf(Fate.class);
            for (Rule rule : chain.rules()) {
                Answer answer = rule.condition().apply(traffic);
                if (answer == Answer.NO) {
                    continue;
                }
                Set<Fate> here = EnumSet.copyOf(follow(rule.verdict()));
                boolean goesOn = rule.verdict() instanceof Verdict.Jump && here.remove(Fate.UNDECIDED);
                fates.addAll(here);
                if (answer == Answer.YES && !goesOn) {
                    return fates;
                }
            }
            fates.add(Fate.UNDECIDED);
            return fates;
        }

        private Set<Fate> follow(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Accept() -> EnumSet.of(Fate.ACCEPTED);
                case Verdict.Drop() -> EnumSet.of(Fate.DROPPED);
                case Verdict.Return() -> EnumSet.of(Fate.UNDECIDED);
                case Verdict.Jump(String name) -> enter(name);
                case Verdict.Goto(String name) -> enter(name);
            };
        }

        /** A chain that is not there is a target that decides nothing, such as LOG. */
        private Set<Fate> enter(String name) {
            Chain target = chains.get(name);
            return target == null ? EnumSet.of(Fate.UNDECIDED) : fates(target);
        }
    }
}
