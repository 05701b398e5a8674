package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void readsUserAndSystemTimeBehindAnyProgramName() {
        assertThat(Usage.ticks("4711 (a b) c) S 1 4711 4711 0 -1 4194560 100 200 3 4 17 5 900 800 20 0 1 0 12345 1 2"))
                .isEqualTo(22);
    }

    @Test
    void readsResidentMemoryInKibibytes() {
        assertThat(Usage.residentBytes("Name:\tx\nVmHWM:\t 9999 kB\nVmRSS:\t    2700 kB\nRssAnon:\t 1 kB\n"))
                .isEqualTo(2700 * 1024);
    }

    @Test
    void tellsPercentOfACore() {
        assertThat(new Usage(1100, 0).percentOfACoreSince(new Usage(1000, 0), 10))
                .isEqualTo(10);
    }

    @Test
    void addsUpAProcessAndItsChildren() throws Exception {
        Process parent = new ProcessBuilder(List.of("sh", "-c", "sleep 60 & wait")).start();
        try {
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (parent.descendants().findAny().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            ProcessHandle child = parent.descendants().findAny().orElseThrow();
            assertThat(Usage.of(parent.pid()).residentBytes())
                    .isGreaterThan(Usage.of(child.pid()).residentBytes())
                    .isGreaterThan(100_000);
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }
}
