package dev.holdfast.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The least of HTTP that is needed to ask an agent or an engine: one GET a connection, version 1.0, so that no pool of
 * connections mixes up hosts that have the same addresses in different namespaces.
 */
final class Http {
    /** How long an agent may take to answer. */
    private static final int TCP_LIMIT_MILLIS = 5_000;

    private Http() {}

    /**
     * An answer.
     *
     * @param status 200 and so on
     * @param body everything after the headers
     */
    record Answer(int status, String body) {}

    /** Must run on a thread of the host that is asked. */
    static Answer getLocal(int port, String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), TCP_LIMIT_MILLIS);
            socket.setSoTimeout(TCP_LIMIT_MILLIS);
            socket.getOutputStream().write(request("GET", path));
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    static Answer get(Path unixSocket, String path, long limitMillis) throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(unixSocket);
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(request("GET", path)));
            FutureTask<byte[]> answer =
                    new FutureTask<>(() -> Channels.newInputStream(channel).readAllBytes());
            Thread.ofVirtual().name("lab-http").start(answer);
            return parse(answer.get(limitMillis, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer to GET " + path + " within " + limitMillis + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] request(String method, String path) {
        return (method + " " + path + " HTTP/1.0\r\nHost: lab\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Answer parse(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP answer: " + text);
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(end + 4));
    }
}
