package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void allFiguresInFullUnlessToldOtherwise() {
        Options options = Options.parse(List.of("vrrp"));
        assertThat(options).isEqualTo(new Options(false, Optional.empty(), List.of()));
        assertThat(Bench.FIGURES).allMatch(options::wants);
    }

    @Test
    void takesAllOptions() {
        Options options = Options.parse(List.of("vrrp", "--json", "out.json", "--only", "memory,hand-over", "--quick"));
        assertThat(options)
                .isEqualTo(new Options(true, Optional.of(Path.of("out.json")), List.of("memory", "hand-over")));
        assertThat(Bench.FIGURES.stream().filter(options::wants).map(Figure::key))
                .containsExactly("hand-over", "memory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swarm | there is one bench: vrrp",
                "vrrp --fast | unknown: --fast",
                "vrrp --json | --json wants a value",
                "vrrp --only memory,speed | there is no figure 'speed'"
            })
    void saysWhatIsWrong(String line, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of(line.split(" ", -1))))
                .withMessage(message);
    }

    @Test
    void everyFigureAndEveryMetricOfItHasAKeyOfItsOwn() {
        assertThat(Bench.FIGURES).extracting(Figure::key).doesNotHaveDuplicates();
        assertThat(Bench.FIGURES)
                .allSatisfy(figure ->
                        assertThat(figure.metrics()).extracting(Metric::key).doesNotHaveDuplicates());
    }
}
