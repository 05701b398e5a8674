package dev.holdfast.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Answers datagrams on a host. The answer comes from the host's own address even when the question went to a virtual one,
 * so it tells who holds that.
 */
final class Echo implements AutoCloseable {
    static final int PORT = 7007;

    private final DatagramSocket socket;

    Echo(Host host) {
        socket = host.call(() -> new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), PORT)));
        Thread.ofPlatform().daemon().name("lab-echo-" + host).start(this::answer);
    }

    private void answer() {
        byte[] buffer = new byte[64];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                socket.send(packet);
            } catch (IOException e) {
                // Closed, or no way back at the moment (a cut link): the next question may fare better.
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
