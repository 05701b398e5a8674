package dev.holdfast.lab.bench;

import dev.holdfast.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process and all it started have used: keepalived is two processes, Holdfast one.
 *
 * @param cpuTicks user and system time together, in hundredths of a second
 * @param residentBytes their resident memory added up
 */
record Usage(long cpuTicks, long residentBytes) {
    /** USER_HZ, in which proc(5) tells times whatever the kernel's own clock is. */
    private static final double TICKS_PER_SECOND = 100;

    static Usage of(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(process ->
                        new Usage(ticks(read(process.pid(), "stat")), residentBytes(read(process.pid(), "status"))))
                .reduce(new Usage(0, 0), Usage::plus);
    }

    private Usage plus(Usage other) {
        return new Usage(cpuTicks + other.cpuTicks, residentBytes + other.residentBytes);
    }

    /** The CPU time from an earlier look to this one, in percent of one core. */
    double percentOfACoreSince(Usage earlier, double seconds) {
        return (cpuTicks - earlier.cpuTicks) / TICKS_PER_SECOND / seconds * 100;
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file));
        } catch (IOException e) {
            throw new LabException("process " + pid + " has ended while it was measured", e);
        }
    }

    /** Fields 14 and 15 of /proc/PID/stat. */
    static long ticks(String stat) {
        // The second field is the program's name in brackets and may itself hold blanks and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** VmRSS of /proc/PID/status. */
    static long residentBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }
}
