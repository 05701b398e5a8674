package dev.holdfast.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LoggerContext context = new LoggerContext();

    @Test
    void aLineHasTimeLevelAndMessage() {
        Logger logger = logger(written, 16);
        logger.info("({}) Entering {} STATE: {}", "VI_1", "MASTER", "started");
        context.stop();
        assertThat(text())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\(VI_1\\) Entering MASTER STATE: started\n");
    }

    @Test
    void whateverAMessageHoldsItIsOneLine() {
        Logger logger = logger(written, 16);
        logger.warn("from outside: {}", "a\nERROR forged\r\u001b[31m");
        logger.error("failed", new IllegalStateException("first\nsecond"));
        context.stop();
        List<String> lines = text().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).endsWith("WARN  from outside: a ERROR forged  [31m");
        assertThat(lines.getLast()).contains("failed: java.lang.IllegalStateException: first second");
        assertThat(text()).doesNotContain("\tat ", "\r", "\u001b");
    }

    @Test
    void aStalledReaderNeverHoldsUpTheLoggerAndTheLossIsSaid() throws InterruptedException {
        CountDownLatch reads = new CountDownLatch(1);
        long before = HandoffAppender.dropped();
        Logger logger = logger(new Stalling(reads), 8);
        Thread logging =
                Thread.ofPlatform().start(() -> IntStream.range(0, 1000).forEach(i -> logger.info("line {}", i)));
        assertThat(logging.join(Duration.ofSeconds(10))).isTrue();
        long dropped = HandoffAppender.dropped() - before;
        // One line may be in the writer's hands.
        assertThat(dropped).isBetween(991L, 992L);
        reads.countDown();
        await().until(() -> reportedDrops() == dropped);
        context.stop();
    }

    private Logger logger(OutputStream to, int capacity) {
        HandoffAppender appender = new HandoffAppender(new PrintStream(to, true, StandardCharsets.UTF_8), capacity);
        appender.setContext(context);
        appender.start();
        Logger logger = context.getLogger("test");
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        return logger;
    }

    private long reportedDrops() {
        return Pattern.compile("(\\d+) log lines were dropped")
                .matcher(text())
                .results()
                .mapToLong(report -> Long.parseLong(report.group(1)))
                .sum();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    /** Takes nothing until somebody reads. */
    private final class Stalling extends OutputStream {
        private final CountDownLatch reads;

        Stalling(CountDownLatch reads) {
            this.reads = reads;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
            written.write(bytes, offset, length);
        }
    }
}
