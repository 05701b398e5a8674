package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
    @Test
    void allFiguresInFullUnlessToldOtherwise() {
        Options options = Options.parse(List.of("vrrp"));
        assertThat(options).isEqualTo(new Options(Suite.VRRP, false, Optional.empty(), List.of()));
        assertThat(Suite.VRRP.figures()).allMatch(options::wants);
    }

    @Test
    void takesAllOptions() {
        Options options = Options.parse(List.of("vrrp", "--json", "out.json", "--only", "memory,hand-over", "--quick"));
        assertThat(options)
                .isEqualTo(new Options(
                        Suite.VRRP, true, Optional.of(Path.of("out.json")), List.of("memory", "hand-over")));
        assertThat(Suite.VRRP.figures().stream().filter(options::wants).map(Figure::key))
                .containsExactly("hand-over", "memory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swarm | the benches are vrrp and heal",
                "vrrp --fast | unknown: --fast",
                "vrrp --json | --json wants a value",
                "heal --only memory | bench heal has no figure 'memory'",
                "vrrp --only memory,speed | bench vrrp has no figure 'speed'"
            })
    void saysWhatIsWrong(String line, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of(line.split(" ", -1))))
                .withMessage(message);
    }

    @ParameterizedTest
    @EnumSource
    void everyFigureAndEveryMetricOfItHasAKeyOfItsOwn(Suite suite) {
        assertThat(suite.figures()).extracting(Figure::key).doesNotHaveDuplicates();
        assertThat(suite.figures())
                .allSatisfy(figure ->
                        assertThat(figure.metrics()).extracting(Metric::key).doesNotHaveDuplicates());
    }
}
