package dev.holdfast.lab.bench;

import dev.holdfast.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Where and when was measured.
 *
 * @param date of the beginning
 * @param kernel its release
 * @param cores how many
 * @param loadBefore the load average over one minute, before anything was started
 */
record Machine(Instant date, String kernel, int cores, double loadBefore) {
    static Machine now() {
        return new Machine(
                Instant.now(),
                System.getProperty("os.version", "unknown"),
                Runtime.getRuntime().availableProcessors(),
                load());
    }

    /** The load average over one minute. */
    static double load() {
        try {
            String loadavg = Files.readString(Path.of("/proc/loadavg"));
            return Double.parseDouble(loadavg.substring(0, loadavg.indexOf(' ')));
        } catch (IOException e) {
            throw new LabException("cannot read the load average", e);
        }
    }
}
