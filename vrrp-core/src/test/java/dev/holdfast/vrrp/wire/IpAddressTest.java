package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The form that people write and look for: RFC 5952 section 4. */
class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.70, 10.0.0.70",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "fe80::1, fe80::1",
        "FD00:77:0:0:0:0:0:100, fd00:77::100",
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "2001:db8:0:0:1:0:0:0, 2001:db8:0:0:1::",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:1:2:3:4:5:6:7, 0:1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
        "0:0:2:3:4:5:6:7, ::2:3:4:5:6:7"
    })
    void isWrittenAsPeopleWriteIt(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Random random = new Random(20260102);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            // Many zero groups, to meet all their patterns.
            for (int group = 0; group < 8; group++) {
                if (random.nextInt(3) > 0) {
                    bytes[2 * group] = 0;
                    bytes[2 * group + 1] = 0;
                }
            }
            bytes[0] = (byte) 0xFD;
            IpAddress address = IpAddress.of(bytes);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        }
    }

    @Test
    void equalsWhatHasTheSameFamilyAndNumber() {
        IpAddress address = IpAddress.parse("2001:db8::1");
        assertThat(address)
                .isEqualTo(IpAddress.parse("2001:db8:0::1"))
                .hasSameHashCodeAs(IpAddress.parse("2001:db8:0::1"));
        assertThat(address)
                .isNotEqualTo(IpAddress.parse("2001:db8::2"))
                .isNotEqualTo(IpAddress.parse("2001:db9::1"))
                .isNotEqualTo("2001:db8::1");
        assertThat(IpAddress.parse("10.0.0.70"))
                .isEqualTo(IpAddress.parse("10.0.0.70"))
                .isNotEqualTo(IpAddress.parse("::a00:46"));
    }
}
