package dev.holdfast.swarm.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.promise.PromiseModel.Bounds;
import dev.holdfast.swarm.promise.PromiseModel.Mutant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All histories of two and three agents within small bounds, with the real book and the real count. */
class PromiseModelTest {

    static List<Bounds> bounds() {
        return List.of(
                new Bounds(2, 3, 2, 3, 3),
                new Bounds(3, 2, 0, 2, 3),
                new Bounds(3, 2, 1, 2, 2),
                new Bounds(3, 3, 0, 2, 1));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void noHistoryForcesTwoSidesOrAgainstAMajority(Bounds bounds) {
        expectNone(bounds);
    }

    @Test
    @Tag("soak")
    void norDoesAnyOfManyMore() {
        expectNone(new Bounds(3, 3, 1, 2, 3));
    }

    private static void expectNone(Bounds bounds) {
        PromiseModel model = new PromiseModel(Mutant.NONE, bounds);
        assertThat(model.search()).isNull();
        // Otherwise nothing was shown.
        assertThat(model.forces()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyFaultThatIsBuiltInIsFound(Mutant mutant) {
        Bounds bounds = switch (mutant) {
            case HALF_IS_ENOUGH -> new Bounds(2, 2, 0, 2, 1);
            case PROMISE_DESPITE_LEADER -> new Bounds(3, 2, 0, 2, 2);
            case EPOCHS_REUSED -> new Bounds(3, 3, 0, 2, 1);
            default -> new Bounds(3, 2, 1, 2, 1);
        };
        assertThat(new PromiseModel(mutant, bounds).search()).as(mutant.name()).isNotNull();
    }
}
