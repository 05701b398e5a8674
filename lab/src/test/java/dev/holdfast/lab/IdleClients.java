package dev.holdfast.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections to an agent's HTTP address that are opened and never say anything. */
final class IdleClients implements AutoCloseable {
    private static final int HTTP_PORT = 9651;

    private final List<SocketChannel> channels = new ArrayList<>();

    private IdleClients() {}

    static IdleClients of(AgentProcess agent, int count) {
        IdleClients clients = new IdleClients();
        return agent.host().call(() -> {
            for (int i = 0; i < count; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), HTTP_PORT));
                channel.configureBlocking(false);
                clients.channels.add(channel);
            }
            return clients;
        });
    }

    /** Whether the agent has ended the connection that it accepted first. */
    boolean areCutOff() {
        try {
            return channels.getFirst().read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            // Reset, which is an end as well.
            return true;
        }
    }

    @Override
    public void close() {
        for (SocketChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
