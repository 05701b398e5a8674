package dev.holdfast.agent.config.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /bin/a b  c           | /bin/a,b,c
            /bin/a 'b c' d        | /bin/a,b c,d
            /bin/a "b c"d         | /bin/a,b cd
            /bin/a b\\ c          | /bin/a,b c
            /bin/a "say \\"x\\""  | /bin/a,say "x"
            /bin/a '\\n'          | /bin/a,\\n
            /bin/a "\\n"          | /bin/a,\\n
            /bin/a "it's"         | /bin/a,it's
            """)
    void wordsAreWhatAShellMakesOfThem(String line, String words) {
        // A text block halves the backslashes, so what stands above as two is one here.
        assertThat(ShellWords.split(line)).containsExactly(words.split(","));
    }

    @Test
    void emptyQuotesAreAWord() {
        assertThat(ShellWords.split("a '' \"\"")).isEqualTo(List.of("a", "", ""));
        assertThat(ShellWords.split(" \t ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 'b", "a \"b", "a \\"})
    void whatIsNotFinishedIsRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> ShellWords.split(line));
    }
}
