package dev.holdfast.agent.track;

import dev.holdfast.agent.config.FileConfig;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the number in a file. It reads again and again rather than waiting for inotify, which misses what another host writes,
 * a folder that is made later, and a symbolic link that is turned over above the file; a few bytes cost microseconds.
 */
record FileProbe(FileConfig config) implements ConfiguredProbe {
    private static final Logger LOG = LoggerFactory.getLogger(FileProbe.class);
    private static final int MAX_BYTES = 256;
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?\\d+)\\s.*", Pattern.DOTALL);
    private static final BigInteger MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    @Override
    public void prepare() {
        Path file = config.file();
        if (config.initValue().isEmpty() || (!config.overwrite() && Files.exists(file))) {
            return;
        }
        try {
            Files.writeString(file, config.initValue().get() + "\n");
        } catch (IOException e) {
            LOG.warn("File {}: {} can't be written: {}", name(), file, e.toString());
        }
    }

    @Override
    public void look(Consumer<Reading> outcome) {
        Path file = config.file();
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // Opening a FIFO would wait for a writer.
                LOG.debug("File {}: {} is not a regular file", name(), file);
                return;
            }
            try (InputStream in = Files.newInputStream(file)) {
                String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
                Matcher matcher = NUMBER.matcher(text + "\n");
                if (matcher.matches()) {
                    outcome.accept(value(matcher.group(1)));
                }
                // Anything else is a file that is being written just now, or no answer: the last number stays.
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            outcome.accept(new Reading(true, 0, "no such file, value 0"));
        } catch (IOException e) {
            LOG.debug("File {}: {} can't be read: {}", name(), file, e.toString());
        }
    }

    private static Reading value(String digits) {
        int value = new BigInteger(digits).max(MIN).min(MAX).intValueExact();
        return new Reading(true, value, "value " + value);
    }
}
