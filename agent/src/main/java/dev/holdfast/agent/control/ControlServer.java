package dev.holdfast.agent.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on the control socket. A client sends one line of JSON, {@code {"command":"status"}}, and gets one line back:
 * {@code {"ok":true,"result":…}} or {@code {"ok":false,"error":"…"}}. A client that sends too much, too slowly, or comes in
 * too great a number is cut off; nobody else notices.
 */
public final class ControlServer implements AutoCloseable {
    /** Longest request, in bytes. */
    public static final int MAX_REQUEST = 4096;

    private static final int MAX_CLIENTS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** Carries out one command. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers a request.
         *
         * @param request the whole request
         * @throws ControlException if it can't be done; the message goes to the client
         */
        JsonNode handle(JsonNode request) throws ControlException, InterruptedException;
    }

    private final Path socket;
    private final ServerSocketChannel server;
    private final Map<String, Handler> handlers;
    private final Duration clientLimit;
    private final Semaphore clients = new Semaphore(MAX_CLIENTS);
    private final ObjectMapper json = new ObjectMapper();
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-deadlines").factory());

    private ControlServer(
            Path socket, ServerSocketChannel server, Map<String, Handler> handlers, Duration clientLimit) {
        this.socket = socket;
        this.server = server;
        this.handlers = Map.copyOf(handlers);
        this.clientLimit = clientLimit;
    }

    /**
     * Opens the socket in a run-dir that is ours, replacing one that a killed agent left.
     *
     * @param handlers by command
     * @throws IOException with a message for the operator
     */
    public static ControlServer open(RunDir runDir, Map<String, Handler> handlers) throws IOException {
        return open(runDir, handlers, Duration.ofSeconds(5));
    }

    static ControlServer open(RunDir runDir, Map<String, Handler> handlers, Duration clientLimit) throws IOException {
        Path socket = RunDir.socket(runDir.path());
        try {
            ControlServer control = new ControlServer(socket, runDir.listen(socket), handlers, clientLimit);
            Thread.ofVirtual().name("control").start(control::accept);
            return control;
        } catch (IOException | IllegalArgumentException e) {
            String reason = e instanceof IOException io ? RunDir.reason(io) : String.valueOf(e.getMessage());
            throw new IOException("the control socket " + socket + " can't be opened: " + reason, e);
        }
    }

    /** Closes and removes the socket. */
    @Override
    public void close() {
        deadlines.shutdownNow();
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("{} can't be removed: {}", socket, RunDir.reason(e));
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (clients.tryAcquire()) {
                    Thread.ofVirtual().name("control-client").start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket can't accept: {}", e.getMessage());
                try {
                    // Out of descriptors, most likely: without a pause this loop would take a whole core.
                    Thread.sleep(Duration.ofMillis(200));
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            // The limit is for the client: how long the work in between takes is not its fault.
            String request;
            ScheduledFuture<?> deadline = closeAfterLimit(client);
            try {
                request = readLine(client);
            } finally {
                deadline.cancel(false);
            }
            ByteBuffer answer = ByteBuffer.wrap((answer(request) + "\n").getBytes(StandardCharsets.UTF_8));
            deadline = closeAfterLimit(client);
            try {
                while (answer.hasRemaining()) {
                    client.write(answer);
                }
            } finally {
                deadline.cancel(false);
            }
        } catch (IOException e) {
            LOG.debug("a client of the control socket went away: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.debug("the control socket was closed before an answer");
        } finally {
            clients.release();
        }
    }

    private ScheduledFuture<?> closeAfterLimit(SocketChannel client) {
        return deadlines.schedule(() -> closeLate(client), clientLimit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void closeLate(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("a late client can't be closed: {}", e.toString());
        }
    }

    private static String readLine(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_REQUEST);
        while (buffer.hasRemaining()) {
            if (client.read(buffer) < 0) {
                break;
            }
            int end = buffer.position();
            if (end > 0 && buffer.get(end - 1) == '\n') {
                break;
            }
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private String answer(String line) throws InterruptedException {
        ObjectNode answer = json.createObjectNode();
        try {
            if (!line.endsWith("\n")) {
                throw new ControlException("a request is one line of at most " + MAX_REQUEST + " bytes");
            }
            JsonNode request = json.readTree(line);
            String command = request.path("command").asText();
            Handler handler = handlers.get(command);
            if (handler == null) {
                throw new ControlException("this agent knows no command \"" + command + "\", but "
                        + String.join(", ", handlers.keySet().stream().sorted().toList()));
            }
            JsonNode result = handler.handle(request);
            answer.put("ok", true).set("result", result);
        } catch (ControlException e) {
            answer.put("ok", false).put("error", e.getMessage());
        } catch (JsonProcessingException e) {
            answer.put("ok", false).put("error", "the request is not JSON");
        } catch (RuntimeException e) {
            LOG.error("a control command failed", e);
            answer.put("ok", false).put("error", "the agent failed to answer; its log says why");
        }
        return answer.toString();
    }
}
