package dev.holdfast.agent.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.notify.NotifyEvent.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The FIFO and the event socket, with readers that read, come late, are slow, or go away. */
@Timeout(60)
class EventStreamTest {
    private static final int CAPACITY = 8;
    /** More than pipe, socket buffers and backlog hold together. */
    private static final int MANY = 30_000;

    @TempDir
    private Path folder;

    private Path fifo;
    private Path socket;
    private EventStream events;

    @BeforeEach
    void start() throws IOException {
        fifo = folder.resolve("fifo");
        socket = folder.resolve("events.sock");
        events = new EventStream(CAPACITY, Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        events.serve(server);
    }

    @AfterEach
    void end() {
        events.close();
    }

    @Test
    void theFifoIsMadeForItsOwnerAloneAndHoldsLinesLikeKeepaliveds() throws IOException {
        events.writeTo(Optional.of(fifo));
        events.publish(new NotifyEvent("VI_1", State.BACKUP, 100));
        events.publish(new NotifyEvent("VI_1", State.MASTER, 90));
        events.publish(new NotifyEvent("VI_2", State.STOP, 255));
        await().until(() -> Files.exists(fifo));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fifo)))
                .isEqualTo("rw-------");
        try (BufferedReader reader = Files.newBufferedReader(fifo)) {
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP 100");
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 90");
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_2\" STOP 255");
        }
        assertThat(events.fifoLost()).isZero();
    }

    @Test
    void whereAFullFifoLacksLinesItSaysHowManyAndTheLastStateArrives() throws IOException {
        events.writeTo(Optional.of(fifo));
        await().until(() -> Files.exists(fifo));
        for (int i = 0; i < MANY; i++) {
            events.publish(new NotifyEvent("VI_1", State.BACKUP, 1));
        }
        events.publish(new NotifyEvent("VI_1", State.MASTER, 2));
        long lines = 0;
        long lost = 0;
        try (BufferedReader reader = Files.newBufferedReader(fifo)) {
            for (String line = ""; !line.equals("INSTANCE \"VI_1\" MASTER 2"); line = reader.readLine()) {
                if (line.startsWith("LOST ")) {
                    lost += Long.parseLong(line.substring(5));
                } else if (!line.isEmpty()) {
                    lines++;
                }
            }
        }
        assertThat(lost).isPositive().isEqualTo(events.fifoLost());
        assertThat(lines + lost).isEqualTo(MANY);
    }

    @Test
    void aFileInPlaceOfTheFifoIsLeftAloneAndEventsCountAsLost() throws IOException {
        Files.writeString(fifo, "precious");
        events.writeTo(Optional.of(fifo));
        events.publish(new NotifyEvent("VI_1", State.MASTER, 100));
        await().until(() -> events.fifoLost() == 1);
        assertThat(Files.readString(fifo)).isEqualTo("precious");
    }

    @Test
    void anotherFifoTakesOverAndTheSameOneGoesOn() throws IOException {
        events.writeTo(Optional.of(fifo));
        events.writeTo(Optional.of(fifo));
        events.publish(new NotifyEvent("VI_1", State.BACKUP, 1));
        Path other = folder.resolve("other");
        try (BufferedReader reader = Files.newBufferedReader(await().until(() -> fifo, Files::exists))) {
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_1\" BACKUP 1");
            events.writeTo(Optional.of(other));
            events.publish(new NotifyEvent("VI_1", State.MASTER, 2));
            assertThat(reader.readLine()).isNull();
        }
        try (BufferedReader reader = Files.newBufferedReader(await().until(() -> other, Files::exists))) {
            assertThat(reader.readLine()).isEqualTo("INSTANCE \"VI_1\" MASTER 2");
        }
    }

    @Test
    void aReaderOfTheSocketGetsTheLastStatesAndThenEveryEvent() throws IOException {
        events.publish(new NotifyEvent("VI_1", State.BACKUP, 100));
        events.publish(new NotifyEvent("VI_1", State.MASTER, 100));
        events.publish(new NotifyEvent("GONE", State.BACKUP, 100));
        events.publish(new NotifyEvent("GONE", State.STOP, 100));
        try (Reader reader = new Reader()) {
            assertThat(reader.line())
                    .isEqualTo("{\"time\":\"2026-01-02T03:04:05Z\",\"type\":\"INSTANCE\",\"name\":\"VI_1\","
                            + "\"state\":\"MASTER\",\"priority\":100}");
            events.publish(new NotifyEvent("VI_2", State.FAULT, 7));
            assertThat(reader.line()).contains("\"VI_2\"").contains("\"FAULT\"").contains("\"priority\":7}");
            events.publish(new NotifyEvent("VI_1", State.STOP, 100));
            events.close();
            assertThat(reader.line()).contains("\"STOP\"");
            assertThat(reader.lines.readLine()).isNull();
        }
    }

    @Test
    void aSlowReaderIsToldWhatItMissedAndHoldsUpNobody() throws IOException {
        try (Reader slow = new Reader();
                Reader quick = new Reader()) {
            events.publish(new NotifyEvent("VI_1", State.BACKUP, 1));
            slow.line();
            quick.line();
            for (int i = 0; i < MANY; i++) {
                events.publish(new NotifyEvent("VI_1", State.BACKUP, 2));
            }
            events.publish(new NotifyEvent("VI_1", State.MASTER, 3));
            List<Long> sums = new ArrayList<>();
            long lost = 0;
            for (Reader reader : List.of(quick, slow)) {
                long lines = 0;
                for (String line = reader.line(); !line.contains("\"MASTER\""); line = reader.line()) {
                    if (line.startsWith("{\"type\":\"LOST\"")) {
                        long count = Long.parseLong(line.replaceAll("\\D", ""));
                        lost += count;
                        lines += count;
                    } else {
                        lines++;
                    }
                }
                sums.add(lines);
            }
            assertThat(sums).containsExactly((long) MANY, (long) MANY);
            assertThat(lost).isPositive().isEqualTo(events.socketLost());
        }
    }

    @Test
    void whoGoesAwayMakesRoomForOthers() throws IOException {
        events.publish(new NotifyEvent("VI_1", State.MASTER, 100));
        for (int i = 0; i < 100; i++) {
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(this::isServed);
        }
    }

    private boolean isServed() throws IOException {
        try (Reader reader = new Reader()) {
            return reader.lines.readLine() != null;
        }
    }

    private final class Reader implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        private final BufferedReader lines =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));

        private Reader() throws IOException {}

        String line() throws IOException {
            String line = lines.readLine();
            assertThat(line).isNotNull();
            return line;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
