package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class AdvertisementTest {
    private static final long SECOND = 1_000_000_000L;
    private static final List<IpAddress> ONE = List.of(IpAddress.parse("10.0.0.1"));
    private static final List<IpAddress> ONE_IPV6 = List.of(IpAddress.parse("fd00::1"));
    private static final Authentication NONE = new Authentication.None();
    private static final Authentication PASS = new Authentication.Pass("secret");

    static final List<Arguments> WRONG = List.of(
            arguments(VrrpVersion.V3, 0, 100, SECOND, ONE, NONE, "virtual router id must be 1..255, not 0"),
            arguments(VrrpVersion.V3, 256, 100, SECOND, ONE, NONE, "virtual router id must be 1..255, not 256"),
            arguments(VrrpVersion.V3, 1, -1, SECOND, ONE, NONE, "priority must be 0..255, not -1"),
            arguments(VrrpVersion.V3, 1, 256, SECOND, ONE, NONE, "priority must be 0..255, not 256"),
            arguments(VrrpVersion.V3, 1, 100, 0L, ONE, NONE, "10..40950 ms"),
            arguments(VrrpVersion.V3, 1, 100, 15_000_000L, ONE, NONE, "in steps of 10 ms"),
            arguments(VrrpVersion.V3, 1, 100, 40_960_000_000L, ONE, NONE, "10..40950 ms"),
            arguments(VrrpVersion.V2, 1, 100, SECOND / 10, ONE, NONE, "1..255 whole seconds"),
            arguments(VrrpVersion.V2, 1, 100, 256 * SECOND, ONE, NONE, "1..255 whole seconds"),
            arguments(VrrpVersion.V2, 1, 100, SECOND, ONE_IPV6, NONE, "version 2 carries IPv4 addresses alone"),
            arguments(VrrpVersion.V3, 1, 100, SECOND, List.of(), NONE, "version 3 needs at least one address"),
            arguments(
                    VrrpVersion.V3,
                    1,
                    100,
                    SECOND,
                    List.of(ONE.getFirst(), ONE_IPV6.getFirst()),
                    NONE,
                    "addresses of one family"),
            arguments(VrrpVersion.V3, 1, 100, SECOND, ONE, PASS, "version 3 has no authentication"),
            arguments(
                    VrrpVersion.V3,
                    1,
                    100,
                    SECOND,
                    Collections.nCopies(256, ONE.getFirst()),
                    NONE,
                    "at most 255 addresses, not 256"));

    @ParameterizedTest
    @FieldSource("WRONG")
    void whatCannotGoOnTheWireCannotBeMade(
            VrrpVersion version,
            int vrid,
            int priority,
            long interval,
            List<IpAddress> addresses,
            Authentication authentication,
            String accepted) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Advertisement(version, vrid, priority, interval, addresses, authentication))
                .withMessageContaining(accepted)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void itKeepsItsOwnCopyOfTheAddresses() {
        List<IpAddress> addresses = new ArrayList<>(ONE);
        Advertisement advertisement = new Advertisement(VrrpVersion.V3, 1, 100, SECOND, addresses, NONE);

        addresses.clear();

        assertThat(advertisement.addresses()).isEqualTo(ONE);
    }

    @Test
    void thePasswordIsNeverShown() {
        Advertisement advertisement = Captures.v2(1, 100, PASS, "10.0.0.1");

        assertThat(advertisement.toString()).contains("Pass[********]").doesNotContain("secret");
    }

    @Test
    void passwordsAreComparedByTheirFirstEightBytes() {
        assertThat(new Authentication.Pass("PostgresReplication"))
                .isEqualTo(new Authentication.Pass("Postgres"))
                .hasSameHashCodeAs(new Authentication.Pass("Postgres"))
                .isNotEqualTo(new Authentication.Pass("Postgre"));
        assertThat(new Authentication.Pass("1161").data()).containsExactly('1', '1', '6', '1', 0, 0, 0, 0);
    }
}
