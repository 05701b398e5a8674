package dev.holdfast.lab;

import dev.holdfast.lab.AgentProcess.Surroundings;
import dev.holdfast.lab.Rivals.Program;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault again and again, in another order in each round, one after the other to the same two hosts: what one fault
 * leaves behind is there when the next one comes.
 */
@EndToEnd
@Tag("soak")
class FaultsSoakTest {
    /** How many rounds; one at first, for who runs the soak tests repeats them all. */
    private static final String ROUNDS = "holdfast.faults.rounds";

    /** The seed of the first round, the next one has the next seed; with one round, to repeat a failure. */
    private static final String SEED = "holdfast.faults.seed";

    static Stream<Arguments> rounds() {
        long first = Long.getLong(SEED, System.currentTimeMillis() / 1000);
        int count = Integer.getInteger(ROUNDS, 1);
        List<Arguments> rounds = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            rounds.add(Arguments.of(seed, Program.HOLDFAST, Program.HOLDFAST));
            rounds.add(Arguments.of(seed, Program.HOLDFAST, Program.KEEPALIVED));
            rounds.add(Arguments.of(seed, Program.KEEPALIVED, Program.HOLDFAST));
        }
        return rounds.stream();
    }

    @ParameterizedTest(name = "seed {0}: {1} before {2}")
    @MethodSource("rounds")
    void oneOwnerAndTheRightOneAfterEachOfManyFaults(long seed, Program first, Program second, Lab lab) {
        List<Fault> faults = new ArrayList<>(Arrays.stream(Fault.values())
                .filter(fault -> fault.concerns(first, second) && fault.isPossible())
                .toList());
        Collections.shuffle(faults, new Random(seed));
        Host a = lab.host("a");
        Rivals rivals = Rivals.start(lab, a, first, surroundings(a, faults), second);
        List<Fault> suffered = new ArrayList<>();
        for (Fault fault : faults) {
            suffered.add(fault);
            try {
                Instant mended = fault.suffer(rivals);
                rivals.assertPeaceSince(mended);
            } catch (LabException | AssertionError e) {
                throw new AssertionError(
                        "seed %d, after %s (-D%s=%d -D%s=1 repeats it)".formatted(seed, suffered, SEED, seed, ROUNDS),
                        e);
            }
        }
        rivals.leave();
    }

    /** All that any of the faults needs. */
    private static Surroundings surroundings(Host host, List<Fault> faults) {
        List<String> wrapper = new ArrayList<>();
        List<String> environment = new ArrayList<>();
        for (Fault fault : faults) {
            Surroundings wanted = fault.surroundings(host);
            wrapper.addAll(wanted.wrapper());
            environment.addAll(wanted.environment());
        }
        return new Surroundings(wrapper, environment);
    }
}
