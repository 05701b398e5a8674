package dev.holdfast.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StyleTest {
    private static Style style(Charset charset) {
        return new Style(false, false, 100, charset);
    }

    @Test
    void aSignIsWrittenWhereTheTerminalHasIt() {
        assertThat(style(StandardCharsets.UTF_8).sign("✓", "+")).isEqualTo("✓");
    }

    @Test
    void noSignBecomesAQuestionMarkWithoutALocale() {
        assertThat(style(StandardCharsets.US_ASCII).sign("✓", "+")).isEqualTo("+");
    }

    @Test
    void aCharacterSetHasSomeSignsAndOthersNot() {
        Style latin = style(StandardCharsets.ISO_8859_1);

        assertThat(latin.sign("×", ".")).isEqualTo("×");
        assertThat(latin.sign("✂", "x")).isEqualTo("x");
    }
}
