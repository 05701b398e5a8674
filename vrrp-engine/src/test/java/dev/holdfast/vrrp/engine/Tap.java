package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpListener;
import dev.holdfast.vrrp.engine.announce.ClaimListener;
import dev.holdfast.vrrp.engine.announce.NeighborListener;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Remembers on one host who announces some addresses of one family on its eth0, and when. */
final class Tap implements AutoCloseable {
    private static final long LOOK_AGAIN_NANOS = 500_000;
    private static final Pattern LINK = Pattern.compile("^(\\d+): eth0", Pattern.MULTILINE);

    /** A frame that was heard. */
    record Heard(long atNanos, AddressClaim claim) {
        String address() {
            return claim.address().toString();
        }
    }

    final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    Tap(TestNet net, int host, IpFamily family, List<String> addresses) {
        int ifindex = ifindexOfEth0(net, host);
        CountDownLatch open = new CountDownLatch(1);
        thread = net.threads(host).newThread(() -> {
            try (Arena arena = Arena.ofConfined();
                    ClaimListener listener = family == IpFamily.IPV4
                            ? new ArpListener(new Libc(arena), ifindex)
                            : new NeighborListener(new Libc(arena), ifindex)) {
                listener.listenFor(addresses.stream().map(IpAddress::parse).toList());
                open.countDown();
                while (!closed) {
                    listener.drain(claim -> heard.add(new Heard(System.nanoTime(), claim)));
                    LockSupport.parkNanos(LOOK_AGAIN_NANOS);
                }
            }
        });
        thread.start();
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** ip(8) looks at every namespace to name the other end, and complains, too, of one that is just being removed. */
    static int ifindexOfEth0(TestNet net, int host) {
        String links = net.on(host, "ip -o link show dev eth0");
        Matcher link = LINK.matcher(links);
        if (!link.find()) {
            throw new IllegalStateException("no eth0 in: " + links);
        }
        return Integer.parseInt(link.group(1));
    }

    /** The frames about one address. */
    List<Heard> about(String address) {
        return heard.stream().filter(frame -> frame.address().equals(address)).toList();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
