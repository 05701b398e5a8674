package dev.holdfast.lab.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a value of Holdfast's has to reach. */
sealed interface Goal {
    /** How it came out. */
    enum Verdict {
        MET,
        MISSED,
        /** A value that it takes is missing. */
        UNKNOWN,
        /** The metric has no goal. */
        NONE;

        /** In lower case, for people and for JSON. */
        String label() {
            return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** Judges a value by itself or by that of keepalived. */
    Verdict judge(OptionalDouble ours, OptionalDouble theirs);

    /** For people. */
    String text();

    /** None: the metric informs. */
    record Information() implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            return Verdict.NONE;
        }

        @Override
        public String text() {
            return "";
        }
    }

    /** The limit itself is still good. */
    record AtMost(double limit) implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            return verdict(ours, limit);
        }

        @Override
        public String text() {
            return limit == 0 ? "0" : "at most " + Numbers.text(limit);
        }
    }

    /** Of what there should be much; the limit itself is good. */
    record AtLeast(double limit) implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            return ours.isEmpty() ? Verdict.UNKNOWN : ours.getAsDouble() >= limit ? Verdict.MET : Verdict.MISSED;
        }

        @Override
        public String text() {
            return "at least " + Numbers.text(limit);
        }
    }

    /** The limit itself is too much. */
    record Under(double limit) implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            return verdict(ours, Math.nextDown(limit));
        }

        @Override
        public String text() {
            return "under " + Numbers.text(limit);
        }
    }

    /** At most this share of keepalived's value. */
    record ShareOfTheirs(double share) implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            return theirs.isEmpty() ? Verdict.UNKNOWN : verdict(ours, theirs.getAsDouble() * share);
        }

        @Override
        public String text() {
            return share == 1 ? "not above keepalived's" : "at most " + Numbers.text(share) + " of keepalived's";
        }
    }

    /** All of them: one missed is missed, whatever is unknown of the others. */
    record All(List<Goal> goals) implements Goal {
        @Override
        public Verdict judge(OptionalDouble ours, OptionalDouble theirs) {
            List<Verdict> verdicts =
                    goals.stream().map(goal -> goal.judge(ours, theirs)).toList();
            return verdicts.contains(Verdict.MISSED)
                    ? Verdict.MISSED
                    : verdicts.contains(Verdict.UNKNOWN) ? Verdict.UNKNOWN : Verdict.MET;
        }

        @Override
        public String text() {
            return goals.stream().map(Goal::text).collect(Collectors.joining(", "));
        }
    }

    private static Verdict verdict(OptionalDouble ours, double limit) {
        return ours.isEmpty() ? Verdict.UNKNOWN : ours.getAsDouble() <= limit ? Verdict.MET : Verdict.MISSED;
    }
}
