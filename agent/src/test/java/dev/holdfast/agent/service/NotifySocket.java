package dev.holdfast.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The other end of sd_notify: a real datagram socket, held by a process that prints each datagram as one line. */
final class NotifySocket implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String RECEIVER = """
            use Socket;
            $| = 1;
            socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;
            bind($s, sockaddr_un($ARGV[0])) or die $!;
            print "listening\\n";
            while (defined recv($s, my $text, 65536, 0)) { $text =~ s/\\n/|/g; print "$text\\n"; }
            """;

    private final Path path;
    private final Process process;
    private final BlockingQueue<String> datagrams = new LinkedBlockingQueue<>();

    NotifySocket(Path folder) throws IOException, InterruptedException {
        this.path = folder.resolve("notify");
        this.process = new ProcessBuilder("perl", "-e", RECEIVER, path.toString())
                .redirectErrorStream(true)
                .start();
        Thread.ofVirtual().start(this::read);
        assertThat(next()).isEqualTo("listening");
        assertThat(Files.exists(path)).isTrue();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(datagrams::add);
        } catch (IOException e) {
            // The receiver was ended.
        }
    }

    String name() {
        return path.toString();
    }

    /** The next datagram, its lines separated by {@code |}. */
    String next() throws InterruptedException {
        String datagram = datagrams.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(datagram).as("a datagram").isNotNull();
        return datagram;
    }

    /** The first datagram that fits; those before it are passed over. */
    String next(Predicate<String> fits) throws InterruptedException {
        while (true) {
            String datagram = next();
            if (fits.test(datagram)) {
                return datagram;
            }
        }
    }

    /** What has arrived and was not taken. */
    List<String> pending() {
        return List.copyOf(datagrams);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
