package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArpPingTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.60, 24, 10.0.0.1, true",
        "10.0.0.60, 24, 10.0.1.1, false",
        "10.0.0.60, 22, 10.0.3.1, true",
        "10.0.0.60, 8, 10.200.0.1, true",
        "10.0.0.60, 0, 192.0.2.1, true",
        "10.0.0.60, 32, 10.0.0.60, false",
        "10.0.0.60, 24, 10.0.0.60, false",
        "fe80::1, 64, fe80::2, false",
        "10.0.0.60, 24, fe80::2, false",
    })
    void aNeighbourIsInTheSameSubnetAndAnotherHost(String own, int prefix, String other, boolean expected) {
        assertThat(ArpPing.isOnLink(IpAddress.parse(own), prefix, IpAddress.parse(other)))
                .isEqualTo(expected);
    }
}
