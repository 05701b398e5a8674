package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ManyAdvertsTest {
    @Test
    void saysWhenTheCpuIsNotThatOfTheFullLoad() {
        assertThat(ManyAdverts.shortfall(25_400)).isEmpty();
        assertThat(ManyAdverts.shortfall(8_954.2))
                .isEqualTo("it sent 8954 of 25500 adverts/s, so this is not what the full load costs");
    }
}
