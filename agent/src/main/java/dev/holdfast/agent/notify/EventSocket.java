package dev.holdfast.agent.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams events to whoever connects: first each instance's last one, then every new one, a line of JSON each, for example
 * {@code {"time":"2026-01-02T03:04:05Z","type":"INSTANCE","name":"VI_1","state":"MASTER","priority":100}}. A reader that is too
 * slow finds {@code {"type":"LOST","count":3}} where three are missing; it holds up nobody.
 */
final class EventSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSocket.class);
    private static final int MAX_CLIENTS = 16;
    private static final Duration LAST_LINES = Duration.ofMillis(200);

    private final ServerSocketChannel server;
    private final Supplier<Backlog> subscribe;
    private final Consumer<Backlog> unsubscribe;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    private record Client(SocketChannel channel, Backlog backlog, Thread writer) {}

    /**
     * Accepts from now on.
     *
     * @param subscribe makes a backlog that events go to
     * @param unsubscribe ends that
     */
    EventSocket(ServerSocketChannel server, Supplier<Backlog> subscribe, Consumer<Backlog> unsubscribe) {
        this.server = server;
        this.subscribe = subscribe;
        this.unsubscribe = unsubscribe;
        Thread.ofVirtual().name("events").start(this::accept);
    }

    /** Gives readers a moment for what waits, and ends. */
    @Override
    public void close() {
        closeQuietly(server);
        clients.forEach(client -> client.backlog().close());
        long deadline = System.nanoTime() + LAST_LINES.toNanos();
        for (Client client : clients) {
            try {
                client.writer().join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            closeQuietly(client.channel());
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (clients.size() < MAX_CLIENTS) {
                    serve(channel);
                } else {
                    channel.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the event socket can't accept: {}", e.getMessage());
                try {
                    // Out of descriptors, most likely: without a pause this loop would take a whole core.
                    Thread.sleep(LAST_LINES);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        Backlog backlog = subscribe.get();
        Thread writer = Thread.ofVirtual().name("event-client").unstarted(() -> write(channel, backlog));
        Client client = new Client(channel, backlog, writer);
        clients.add(client);
        writer.start();
        // A client has nothing to say; its end of the stream is how an idle writer learns that it went away.
        Thread.ofVirtual().name("event-client-end").start(() -> {
            try {
                ByteBuffer ignored = ByteBuffer.allocate(512);
                while (channel.read(ignored) >= 0) {
                    ignored.clear();
                }
            } catch (IOException e) {
                LOG.debug("a reader of events went away: {}", e.toString());
            } finally {
                unsubscribe.accept(backlog);
                backlog.close();
                try {
                    writer.join(LAST_LINES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                closeQuietly(channel);
                clients.remove(client);
            }
        });
    }

    private static void write(SocketChannel channel, Backlog backlog) {
        try {
            for (Optional<Backlog.Entry> entry = backlog.take(); entry.isPresent(); entry = backlog.take()) {
                ByteBuffer lines = ByteBuffer.wrap(lines(entry.get()).getBytes(StandardCharsets.UTF_8));
                while (lines.hasRemaining()) {
                    channel.write(lines);
                }
            }
        } catch (IOException e) {
            LOG.debug("a reader of events went away: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly(channel);
        }
    }

    private static String lines(Backlog.Entry entry) {
        NotifyEvent event = entry.event().event();
        String lost = entry.lostBefore() == 0
                ? ""
                : JsonNodeFactory.instance.objectNode().put("type", "LOST").put("count", entry.lostBefore()) + "\n";
        return lost
                + JsonNodeFactory.instance
                        .objectNode()
                        .put("time", entry.event().time().toString())
                        .put("type", event.kind().name())
                        .put("name", event.name())
                        .put("state", event.state().name())
                        .put("priority", event.priority())
                + "\n";
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.debug("can't be closed: {}", e.toString());
        }
    }
}
