package dev.holdfast.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between an agent and its engine: passes calls on, one a connection, and lets a test be slow with them, lose them,
 * or stop them on the way.
 */
final class EngineProxy implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path engineSocket;
    private final Path socket;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private volatile Meddler meddler = Meddler.NONE;

    /** A call has no answer: the connection ends without one. */
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** What comes between; may take its time, or throw. */
    interface Meddler {
        Meddler NONE = new Meddler() {};

        /** The request is here and not yet at the engine. */
        default void request(Call call) throws Lost, InterruptedException {}

        /** The engine has answered and the agent does not know. */
        default void answer(Call call) throws Lost, InterruptedException {}
    }

    /**
     * A call.
     *
     * @param method of HTTP
     * @param path without what follows a question mark
     * @param body for example JSON
     */
    record Call(String method, String path, String body) {
        boolean isForce() {
            return method.equals("POST") && path.endsWith("/swarm/init");
        }
    }

    private EngineProxy(Path engineSocket, Path socket, ServerSocketChannel server) {
        this.engineSocket = engineSocket;
        this.socket = socket;
        this.server = server;
    }

    /** Starts one before an engine; ends with the lab. */
    static EngineProxy before(Dockerd engine, Lab lab) {
        Path socket = engine.host().folder().resolve("proxy.sock");
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Path engineSocket = Path.of(engine.url().substring("unix://".length()));
            EngineProxy proxy = new EngineProxy(engineSocket, socket, server);
            Thread.ofPlatform().daemon().name("lab-proxy-" + engine.host()).start(proxy::accept);
            lab.closeWithLab(proxy);
            return proxy;
        } catch (IOException e) {
            throw new LabException("cannot listen on " + socket, e);
        }
    }

    /** As an agent's {@code docker-host} wants it. */
    String url() {
        return "unix://" + socket;
    }

    /** Has somebody come between from the next call on. */
    void meddle(Meddler with) {
        meddler = with;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                open.add(client);
                Thread.ofPlatform().daemon().name("lab-proxy-call").start(() -> serve(client));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            InputStream in = Channels.newInputStream(client);
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            byte[] body = body(head, in);
            String[] words = head.split(" ", 3);
            Call call =
                    new Call(words[0], words[1].replaceFirst("\\?.*", ""), new String(body, StandardCharsets.UTF_8));
            Meddler now = meddler;
            now.request(call);
            byte[] answer = ask(alone(head), body);
            now.answer(call);
            OutputStream out = Channels.newOutputStream(client);
            out.write(answer);
            out.flush();
        } catch (IOException | Lost e) {
            // The connection ends without an answer, as it does when a process between two others dies.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private byte[] ask(String head, byte[] body) throws IOException {
        try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(engineSocket))) {
            OutputStream out = Channels.newOutputStream(engine);
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return Channels.newInputStream(engine).readAllBytes();
        }
    }

    /** One call a connection: the end of the answer is the end of the connection. */
    private static String alone(String head) {
        return head.replaceAll("(?im)^connection:.*\r\n", "")
                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int read = in.read();
            if (read < 0) {
                return "";
            }
            head.write(read);
            matched = read == "\r\n\r\n".charAt(matched) ? matched + 1 : read == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** As it was sent, chunks included, since that is how it is passed on. */
    private static byte[] body(String head, InputStream in) throws IOException {
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        int length = lower.indexOf("\r\ncontent-length:");
        if (length >= 0) {
            String value = lower.substring(length + 17, lower.indexOf("\r\n", length + 17));
            return in.readNBytes(Integer.parseInt(value.strip()));
        }
        if (!lower.contains("\r\ntransfer-encoding: chunked")) {
            return new byte[0];
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (!body.toString(StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("the request ended in the middle of its body");
            }
            body.write(read);
        }
        return body.toByteArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : new ArrayList<>(open)) {
            client.close();
        }
    }
}
