package dev.holdfast.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How long ago this host booted. */
@FunctionalInterface
public interface HostUptime {

    /** A host that has long been up. */
    HostUptime LONG = () -> Duration.ofDays(1000);

    /** {@return the time since the boot, suspended time included; zero if it cannot be read, which waits longer} */
    Duration sinceBoot();

    /** {@return the kernel's word, {@code /proc/uptime}} */
    static HostUptime ofThisHost() {
        return () -> {
            try {
                return parse(Files.readString(Path.of("/proc/uptime")));
            } catch (IOException e) {
                return Duration.ZERO;
            }
        };
    }

    /** {@return what a text such as {@code 3501.25 6800.11} says; zero if it says nothing} */
    static Duration parse(String text) {
        int end = text.indexOf(' ');
        try {
            double seconds = Double.parseDouble(end < 0 ? text.strip() : text.substring(0, end));
            return seconds >= 0 && seconds < 1e10 ? Duration.ofMillis((long) (seconds * 1000)) : Duration.ZERO;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
