package dev.holdfast.vrrp.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiseFallTest {
    @ParameterizedTest
    @CsvSource({
        // rise, fall, results (+ success, - failure), states after each (U up, D down)
        "1, 1, +-+-+--++, UDUDUDDUU",
        "5, 2, +,         U",
        "5, 2, -,         D",
        "5, 2, +--,       UUD",
        "5, 2, +-+-+--,   UUUUUUD",
        "5, 2, -+++++-,   DDDDDUU",
        "5, 2, -++++-+++++, DDDDDDDDDDU",
        "1, 3, +--+---+,  UUUUUUDU",
        "3, 1, +-++-+++,  UDDDDDDU"
    })
    void onlyResultsInARowChangeTheStateAndTheFirstOneCountsAtOnce(int rise, int fall, String results, String states) {
        RiseFall riseFall = new RiseFall(rise, fall);
        RiseFall.State before = riseFall.state();
        assertThat(before).isEqualTo(RiseFall.State.UNKNOWN);

        for (int i = 0; i < results.length(); i++) {
            boolean changed = riseFall.record(results.charAt(i) == '+');

            assertThat(riseFall.state())
                    .as("after %s", results.substring(0, i + 1))
                    .isEqualTo(states.charAt(i) == 'U' ? RiseFall.State.UP : RiseFall.State.DOWN);
            assertThat(changed).isEqualTo(riseFall.state() != before);
            before = riseFall.state();
        }
    }

    @Test
    void lessThanOneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RiseFall(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RiseFall(1, 0));
    }
}
