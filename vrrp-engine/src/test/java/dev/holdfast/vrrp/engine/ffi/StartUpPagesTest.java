package dev.holdfast.vrrp.engine.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpPagesTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path folder;

    @Test
    void aFileThatIsOnlyReadIsNoLongerResidentAndStillReads() throws IOException {
        Path file = folder.resolve("big.startup");
        byte[] content = new byte[SIZE];
        java.util.Arrays.fill(content, (byte) 7);
        Files.write(file, content);
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, SIZE, arena);
            assertThat(sum(map)).isEqualTo(7L * SIZE / 4096);
            assertThat(residentKib()).isEqualTo(SIZE / 1024);
            assertThat(StartUpPages.giveBack(".startup")).isEqualTo(SIZE);
            assertThat(residentKib()).isZero();
            assertThat(sum(map)).isEqualTo(7L * SIZE / 4096);
        }
    }

    @Test
    void whatCanBeWrittenOrWasIsLeftAlone() {
        List<String> smaps = List.of(
                "7f0000000000-7f0000001000 r--p 00000000 fe:00 12   /lib/a.aot",
                "Rss:                  4 kB",
                "Anonymous:             0 kB",
                "7f0000001000-7f0000002000 rw-p 00001000 fe:00 12   /lib/a.aot",
                "Anonymous:             0 kB",
                "7f0000002000-7f0000003000 r--p 00001000 fe:00 12   /lib/a.aot",
                "Anonymous:             4 kB",
                "7f0000003000-7f0000004000 r-xp 00001000 fe:00 12   /lib/a.aot",
                "Anonymous:             0 kB",
                "7f0000004000-7f0000005000 r--p 00001000 fe:00 12   /lib/b.so",
                "Anonymous:             0 kB",
                "7f0000005000-7f0000006000 r--p 00000000 00:00 0 ",
                "Anonymous:             0 kB",
                "ffff000000000000-ffff000000001000 r--s 00000000 fe:00 12   /with blank/c.aot",
                "Anonymous:             0 kB");
        assertThat(StartUpPages.untouched(smaps, ".aot"))
                .containsExactly(
                        new StartUpPages.Mapping(0x7f0000000000L, 0x7f0000001000L),
                        new StartUpPages.Mapping(0x7f0000003000L, 0x7f0000004000L),
                        new StartUpPages.Mapping(0xffff000000000000L, 0xffff000000001000L));
    }

    private static long sum(MemorySegment map) {
        long sum = 0;
        for (long at = 0; at < SIZE; at += 4096) {
            sum += map.get(ValueLayout.JAVA_BYTE, at);
        }
        return sum;
    }

    private static long residentKib() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith("/big.startup")) {
                return lines.subList(i, lines.size()).stream()
                        .filter(line -> line.startsWith("Rss:"))
                        .findFirst()
                        .map(line -> Long.parseLong(
                                Pattern.compile("\\D+").matcher(line).replaceAll("")))
                        .orElseThrow();
            }
        }
        throw new IllegalStateException("not mapped");
    }
}
