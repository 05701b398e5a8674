package dev.holdfast.agent.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks the agent that runs with a run-dir. */
public final class ControlClient {
    private static final int MAX_ANSWER = 16 << 20;

    private final Path socket;
    private final Duration limit;
    private final ObjectMapper json = new ObjectMapper();

    /** A client of the agent with this run-dir; it waits five seconds for an answer. */
    public ControlClient(Path runDir) {
        this(runDir, Duration.ofSeconds(5));
    }

    /**
     * A client for what takes longer.
     *
     * @param limit how long to wait for an answer
     */
    public ControlClient(Path runDir, Duration limit) {
        this.socket = RunDir.socket(runDir);
        this.limit = limit;
    }

    /**
     * Sends a command and waits for its result.
     *
     * @throws ControlException if no agent answers, or it can't do what was asked
     */
    public JsonNode ask(String command) throws ControlException {
        return ask(command, Map.of());
    }

    /**
     * The same for a command with arguments.
     *
     * @param arguments by name
     */
    public JsonNode ask(String command, Map<String, String> arguments) throws ControlException {
        ObjectNode wanted = json.createObjectNode().put("command", command);
        arguments.forEach(wanted::put);
        String request = wanted + "\n";
        JsonNode answer;
        try {
            answer = json.readTree(exchange(request));
        } catch (JsonProcessingException e) {
            throw new ControlException("what answers at " + socket + " is no agent");
        }
        if (!answer.path("ok").asBoolean()) {
            throw new ControlException(answer.path("error").asText("the agent gave no answer"));
        }
        return answer.path("result");
    }

    private String exchange(String request) throws ControlException {
        AtomicBoolean late = new AtomicBoolean();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread deadline = closeWhenLate(channel, late);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                return readAll(channel);
            } finally {
                deadline.interrupt();
            }
        } catch (IOException e) {
            throw new ControlException(explain(e, late.get()));
        } catch (IllegalArgumentException e) {
            throw new ControlException(socket + " is not the path of a socket: " + e.getMessage());
        }
    }

    private Thread closeWhenLate(SocketChannel channel, AtomicBoolean late) {
        return Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(limit);
                late.set(true);
                channel.close();
            } catch (InterruptedException e) {
                // Answered in time.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16_384);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (all.size() > MAX_ANSWER) {
                throw new IOException("the answer does not end");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private String explain(IOException e, boolean late) {
        if (late) {
            return "the agent at " + socket + " did not answer within " + limit.toSeconds() + " s";
        }
        if (e instanceof AccessDeniedException || (Files.exists(socket) && !Files.isWritable(socket))) {
            return socket + " may not be used by this user; try it as root";
        }
        if (!Files.exists(socket)) {
            return "no agent runs with this run-dir: " + socket + " does not exist";
        }
        return "no agent answers at " + socket + ": " + e.getMessage();
    }
}
