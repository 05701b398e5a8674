package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.IpAddress;
import org.junit.jupiter.api.Test;

class ConflictWatchTest {
    private static final IpAddress VIP = IpAddress.parse("10.77.0.100");
    private static final long SECOND = 1_000_000_000;
    private final ConflictWatch watch = new ConflictWatch();

    private boolean claim(double second, long mac) {
        return watch.claimed((long) (second * SECOND), VIP, mac, "mac " + mac, SECOND) != null;
    }

    @Test
    void twoMastersInATakeOverAreNoConflict() {
        assertThat(claim(1.0, 7)).isFalse();
        assertThat(claim(2.5, 7)).isFalse();
        assertThat(claim(4.0, 7)).isFalse();
        assertThat(watch.current()).isEmpty();
        assertThat(watch.count()).isZero();
    }

    @Test
    void oneThatGoesOnForMoreThanThreeAdvertsIsAConflictOnce() {
        claim(1.0, 7);
        assertThat(claim(4.1, 7)).isTrue();
        assertThat(claim(7, 7)).isFalse();
        assertThat(watch.current()).singleElement().hasToString("10.77.0.100 is also held by mac 7");
        assertThat(watch.count()).isEqualTo(1);
    }

    @Test
    void anotherHostInTheSameConflictIsTold() {
        claim(1.0, 7);
        claim(4.1, 7);
        assertThat(claim(5, 8)).isTrue();
        assertThat(watch.current()).singleElement().returns("mac 8", VipConflict::mac);
    }

    @Test
    void itIsOverWhenSomeProbesWereNotAnswered() {
        claim(1.0, 7);
        claim(4.1, 7);
        assertThat(watch.ended(5 * SECOND)).isEmpty();
        assertThat(watch.ended(15 * SECOND)).hasSize(1);
        assertThat(watch.ended(16 * SECOND)).isEmpty();
        assertThat(watch.current()).isEmpty();
    }

    @Test
    void claimsFarApartAreTwoTakeOversAndNoConflict() {
        claim(1.0, 7);
        assertThat(claim(60, 7)).isFalse();
        assertThat(claim(61, 7)).isFalse();
    }

    @Test
    void aClaimIsNewUntilOneWasHeardOfLate() {
        assertThat(watch.isClaimed(SECOND, VIP)).isFalse();
        claim(1.0, 7);
        assertThat(watch.isClaimed(2 * SECOND, VIP)).isTrue();
        assertThat(watch.isClaimed(60 * SECOND, VIP)).isFalse();
        assertThat(watch.isOpen()).isFalse();
        claim(4.1, 7);
        assertThat(watch.isOpen()).isTrue();
    }

    @Test
    void losingTheRoleEndsItAndForgetsTheClaims() {
        claim(1.0, 7);
        claim(4.1, 7);
        assertThat(watch.leave()).hasSize(1);
        assertThat(claim(5, 7)).isFalse();
        assertThat(watch.current()).isEmpty();
    }
}
