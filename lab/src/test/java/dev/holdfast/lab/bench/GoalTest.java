package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.bench.Goal.Verdict;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoalTest {
    private static final OptionalDouble NOTHING = OptionalDouble.empty();

    static Stream<Arguments> cases() {
        Goal both = new Goal.All(List.of(new Goal.ShareOfTheirs(1), new Goal.Under(2)));
        return Stream.of(
                Arguments.of(new Goal.AtMost(0), value(0), NOTHING, Verdict.MET),
                Arguments.of(new Goal.AtMost(0), value(1), value(600), Verdict.MISSED),
                Arguments.of(new Goal.AtMost(4.5), value(Double.POSITIVE_INFINITY), NOTHING, Verdict.MISSED),
                Arguments.of(new Goal.AtMost(0), NOTHING, value(0), Verdict.UNKNOWN),
                Arguments.of(new Goal.AtLeast(3), value(3), value(1), Verdict.MET),
                Arguments.of(new Goal.AtLeast(3), value(2), value(1), Verdict.MISSED),
                Arguments.of(new Goal.AtLeast(3), NOTHING, value(1), Verdict.UNKNOWN),
                Arguments.of(new Goal.Under(80), value(79.99), NOTHING, Verdict.MET),
                Arguments.of(new Goal.Under(80), value(80), NOTHING, Verdict.MISSED),
                Arguments.of(new Goal.ShareOfTheirs(0.5), value(42), value(84), Verdict.MET),
                Arguments.of(new Goal.ShareOfTheirs(0.5), value(43), value(84), Verdict.MISSED),
                Arguments.of(new Goal.ShareOfTheirs(0.5), value(42), NOTHING, Verdict.UNKNOWN),
                Arguments.of(both, value(1.4), value(1.4), Verdict.MET),
                Arguments.of(both, value(1.5), value(1.4), Verdict.MISSED),
                Arguments.of(both, value(2), value(5), Verdict.MISSED),
                Arguments.of(both, value(3), NOTHING, Verdict.MISSED),
                Arguments.of(both, value(1), NOTHING, Verdict.UNKNOWN),
                Arguments.of(new Goal.Information(), value(1), value(2), Verdict.NONE));
    }

    private static OptionalDouble value(double value) {
        return OptionalDouble.of(value);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judges(Goal goal, OptionalDouble ours, OptionalDouble theirs, Verdict expected) {
        assertThat(goal.judge(ours, theirs)).isEqualTo(expected);
    }
}
