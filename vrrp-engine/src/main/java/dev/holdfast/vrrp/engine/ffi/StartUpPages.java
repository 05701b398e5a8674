package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pages of files that are mapped for reading or running and were touched by the start alone. Given back, they are no longer resident; what is
 * used again comes back from the page cache, a minor fault for 16 pages. Nothing can be lost: only mappings are
 * touched that can't be written and have no page of their own (smaps(5): {@code Anonymous}).
 */
public final class StartUpPages {
    private static final Path SMAPS = Path.of("/proc/self/smaps");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ \\d+ +(/.*)");
    private static final Pattern ANONYMOUS = Pattern.compile("Anonymous: +(\\d+) kB");
    private static final Set<String> READ_ONLY = Set.of("r--p", "r--s", "r-xp");
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;

    /** Memory from {@code start} to before {@code end}, in bytes. */
    record Mapping(long start, long end) {}

    private StartUpPages() {}

    /**
     * Gives back the resident pages of each read-only mapping of files with this ending. Blocks for some milliseconds.
     *
     * @return how many bytes of mappings were advised; 0 where the system refuses or has none
     * @throws IOException if the system does not tell what is mapped
     */
    public static long giveBack(String ending) throws IOException {
        MethodHandle madvise = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("madvise"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        long given = 0;
        for (Mapping mapping : untouched(Files.readAllLines(SMAPS), ending)) {
            MemorySegment start = MemorySegment.ofAddress(mapping.start());
            long size = mapping.end() - mapping.start();
            try {
                // Or one use brings back two megabytes at once. Fails, without harm, where the kernel has no huge
                // pages.
                int _ = (int) madvise.invokeExact(start, size, MADV_NOHUGEPAGE);
                if ((int) madvise.invokeExact(start, size, MADV_DONTNEED) == 0) {
                    given += size;
                }
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }
        return given;
    }

    /** The mappings in these lines of smaps(5) that are of such a file, can't be written, and never were. */
    static List<Mapping> untouched(List<String> smaps, String ending) {
        List<Mapping> found = new ArrayList<>();
        Mapping candidate = null;
        for (String line : smaps) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher anonymous = ANONYMOUS.matcher(line);
            if (mapping.matches()) {
                boolean wanted =
                        READ_ONLY.contains(mapping.group(3)) && mapping.group(4).endsWith(ending);
                candidate = wanted
                        ? new Mapping(
                                Long.parseUnsignedLong(mapping.group(1), 16),
                                Long.parseUnsignedLong(mapping.group(2), 16))
                        : null;
            } else if (anonymous.matches() && candidate != null) {
                if (anonymous.group(1).equals("0")) {
                    found.add(candidate);
                }
                candidate = null;
            }
        }
        return found;
    }
}
