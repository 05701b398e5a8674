package dev.holdfast.vrrp.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class EffectivePriorityTest {
    static final List<Arguments> CASES = List.of(
            arguments("no tracker", 100, List.of(), 100, List.of()),
            arguments("weight 0, up", 100, List.of(up("a", 0)), 100, List.of()),
            arguments("weight 0, down", 100, List.of(down("a", 0)), 100, List.of("a")),
            arguments("weight 0 reversed, up", 100, List.of(reversed("a", 0, true)), 100, List.of("a")),
            arguments("weight 0 reversed, down", 100, List.of(reversed("a", 0, false)), 100, List.of()),
            arguments("positive, up", 100, List.of(up("a", 20)), 120, List.of()),
            arguments("positive, down", 100, List.of(down("a", 20)), 100, List.of()),
            arguments("negative, up", 100, List.of(up("a", -20)), 100, List.of()),
            arguments("negative, down", 100, List.of(down("a", -20)), 80, List.of()),
            // keepalived 2.2.7: "Changing effective priority from 100 to 80" when the script succeeds ...
            arguments("positive reversed, up", 100, List.of(reversed("a", 20, true)), 80, List.of()),
            arguments("positive reversed, down", 100, List.of(reversed("a", 20, false)), 100, List.of()),
            // ... and "from 100 to 120" when one with a negative weight fails.
            arguments("negative reversed, down", 100, List.of(reversed("a", -20, false)), 120, List.of()),
            arguments("negative reversed, up", 100, List.of(reversed("a", -20, true)), 100, List.of()),
            arguments("sums", 100, List.of(up("a", 20), down("b", -5), down("c", 7), up("d", -9)), 115, List.of()),
            arguments("cut below", 100, List.of(down("a", -254)), 1, List.of()),
            arguments("cut above", 100, List.of(up("a", 254)), 254, List.of()),
            arguments("cut after adding", 200, List.of(up("a", 100), down("b", -100)), 200, List.of()),
            arguments("254 stays", 254, List.of(up("a", 1)), 254, List.of()),
            arguments("1 stays", 1, List.of(down("a", -1)), 1, List.of()),
            arguments("the owner's never changes", 255, List.of(down("a", -50)), 255, List.of()),
            arguments("the owner faults too", 255, List.of(down("a", 0)), 255, List.of("a")),
            arguments(
                    "all faults are named, and weights count beside them",
                    100,
                    List.of(down("a", 0), down("b", -10), down("c", 0), up("d", 0)),
                    90,
                    List.of("a", "c")));

    @ParameterizedTest(name = "{0}")
    @FieldSource("CASES")
    void addsUpAsKeepalivedDoes(String name, int base, List<TrackerState> trackers, int priority, List<String> faults) {
        EffectivePriority effective = EffectivePriority.of(base, trackers);

        assertThat(effective).isEqualTo(new EffectivePriority(priority, faults));
        assertThat(effective.isFault()).isEqualTo(!faults.isEmpty());
    }

    @Test
    void valuesOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrackerState("a", 255, false, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrackerState("a", -255, false, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new EffectivePriority(0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new EffectivePriority(256, List.of()));
    }

    private static TrackerState up(String name, int weight) {
        return new TrackerState(name, weight, false, true);
    }

    private static TrackerState down(String name, int weight) {
        return new TrackerState(name, weight, false, false);
    }

    private static TrackerState reversed(String name, int weight, boolean up) {
        return new TrackerState(name, weight, true, up);
    }
}
