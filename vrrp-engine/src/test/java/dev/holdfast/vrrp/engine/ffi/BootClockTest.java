package dev.holdfast.vrrp.engine.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The time since the host was booted, held against what the kernel says of it elsewhere. */
class BootClockTest {
    private static long uptimeNanos() throws IOException {
        String seconds = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
        return (long) (Double.parseDouble(seconds) * 1e9);
    }

    @Test
    void itCountsFromTheBoot() throws IOException {
        long before = uptimeNanos();
        long now = BootClock.nanos();
        long after = uptimeNanos();

        assertThat(now).isBetween(before - 20_000_000, after + 20_000_000);
    }

    @Test
    void itNeverStepsBack() {
        long last = BootClock.nanos();
        for (int i = 0; i < 100_000; i++) {
            long now = BootClock.nanos();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }
}
