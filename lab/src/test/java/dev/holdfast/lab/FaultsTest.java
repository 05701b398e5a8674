package dev.holdfast.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.lab.Rivals.Program;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault once: meanwhile and afterwards the right one owns the addresses, of both families, and says what was wrong. */
@EndToEnd
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {
    static Stream<Arguments> faults() {
        return Arrays.stream(Fault.values())
                .flatMap(fault -> Arrays.stream(Program.values())
                        .flatMap(first -> Arrays.stream(Program.values())
                                .filter(second -> fault.concerns(first, second))
                                .map(second -> Arguments.of(fault, first, second))));
    }

    @ParameterizedTest(name = "{0}: {1}, then {2} in its place, and {1} again")
    @MethodSource("faults")
    void oneOwnerAndTheRightOne(Fault fault, Program first, Program second, Lab lab) {
        assumeTrue(fault.isPossible(), "the package faketime is missing");
        Host a = lab.host("a");
        Rivals rivals = Rivals.start(lab, a, first, fault.surroundings(a), second);
        Instant mended = fault.suffer(rivals);
        rivals.assertPeaceSince(mended);
        rivals.leave();
    }
}
