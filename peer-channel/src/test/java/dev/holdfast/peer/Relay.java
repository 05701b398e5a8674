package dev.holdfast.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between two agents, as a network does: records, freezes, cuts. */
final class Relay implements java.io.Closeable {
    private final InetSocketAddress target;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
    private volatile boolean frozen;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

    Relay(InetSocketAddress target) throws IOException {
        this.target = target;
        Thread.startVirtualThread(this::run);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** From now on no byte passes. */
    void freeze() {
        frozen = true;
    }

    /** Ends both connections when so many more bytes have come from the target. */
    void cutAfter(long bytes) {
        left.set(bytes);
    }

    /** {@return what the first client has sent so far} */
    byte[] recorded() {
        synchronized (recorded) {
            return recorded.toByteArray();
        }
    }

    private void run() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket();
                far.connect(target);
                sockets.add(near);
                sockets.add(far);
                Thread.startVirtualThread(() -> pump(near, far, true));
                Thread.startVirtualThread(() -> pump(far, near, false));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pump(Socket from, Socket to, boolean forward) {
        byte[] buffer = new byte[4096];
        try (from;
                to) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (frozen) {
                    continue;
                }
                if (forward) {
                    synchronized (recorded) {
                        recorded.write(buffer, 0, n);
                    }
                } else if (left.addAndGet(-n) < 0) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
