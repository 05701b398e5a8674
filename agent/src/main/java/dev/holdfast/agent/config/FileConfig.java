package dev.holdfast.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A file that holds a number, as keepalived's {@code track_file}: the number times the weight is added to the priority, and a
 * result of -254 or less is a fault. With weight 0 every number but 0 is a fault. A file that is not there counts as 0.
 *
 * @param name unique among the files
 * @param file its absolute path
 * @param interval from one look to the next, 10 ms..1 d; default 250 ms
 * @param initValue written into the file when the agent starts, if the file is not there
 * @param overwrite whether {@code initValue} is written even so; default false
 * @param weight -254..254, unless the tracking instance says otherwise; default 1
 * @param reverse whether the product is subtracted, or with weight 0 the number 0 is the fault; default false
 */
public record FileConfig(
        String name,
        Path file,
        Duration interval,
        Optional<Integer> initValue,
        boolean overwrite,
        int weight,
        boolean reverse)
        implements TrackerConfig {
    @Override
    public FileConfig withoutWeight() {
        return new FileConfig(name, file, interval, initValue, overwrite, 0, false);
    }
}
