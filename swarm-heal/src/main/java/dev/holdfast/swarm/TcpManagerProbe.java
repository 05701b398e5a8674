package dev.holdfast.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A plain TCP connection to the raft port: a manager listens there whether or not it has a leader. */
public final class TcpManagerProbe implements ManagerProbe {

    /** Long enough for a second SYN after a lost one, which the kernel sends after a second. */
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    @Override
    public boolean answers(Endpoint manager) {
        return accepts(manager, TIMEOUT);
    }

    static boolean accepts(Endpoint endpoint, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), (int) timeout.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
