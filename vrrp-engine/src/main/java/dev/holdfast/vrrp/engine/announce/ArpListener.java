package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.ArpFrame;
import dev.holdfast.vrrp.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Consumer;

/** Hears the ARP frames whose sender claims one of some IPv4 addresses. */
public final class ArpListener implements ClaimListener {
    private static final byte[] ANY = new byte[6];
    private static final int RECEIVE_BYTES = 128;

    /** A turn ends after so many frames. */
    private static final int BATCH = 64;

    private final Libc libc;
    private final int fd;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer;
    private final ByteBuffer bytes;

    /**
     * @param libc system calls
     * @param ifindex the interface
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    public ArpListener(Libc libc, int ifindex) {
        this.libc = libc;
        this.buffer = arena.allocate(RECEIVE_BYTES, 8);
        this.bytes = buffer.asByteBuffer();
        // Protocol 0 until the filter is there: nothing unwanted gets in before.
        int type = Linux.SOCK_RAW | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        this.fd = libc.socket(Linux.AF_PACKET, type, 0);
        try {
            SystemCallException.check("a packet socket for ARP cannot be opened", fd);
            attach(new int[0]);
            MemorySegment address = Layouts.sockaddrLl(arena, Linux.ETH_P_ARP, ifindex, ANY);
            SystemCallException.check("the packet socket for ARP cannot be bound", libc.bind(fd, address));
        } catch (SystemCallException e) {
            close();
            throw e;
        }
    }

    @Override
    public void listenFor(Collection<IpAddress> addresses) {
        attach(addresses.stream().mapToInt(address -> (int) address.low()).toArray());
    }

    private void attach(int[] senders) {
        try (Arena scratch = Arena.ofConfined()) {
            SystemCallException.check(
                    "the packet socket for ARP cannot be given a filter",
                    libc.setsockopt(
                            fd,
                            Linux.SOL_SOCKET,
                            Linux.SO_ATTACH_FILTER,
                            Layouts.sockFprog(scratch, SenderFilter.program(senders))));
        }
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void drain(Consumer<AddressClaim> out) {
        for (int i = 0; i < BATCH; i++) {
            long received = libc.recv(fd, buffer, 0);
            if (received < 0) {
                if (Errno.EAGAIN.is(received)) {
                    return;
                }
                continue;
            }
            bytes.clear().limit((int) received);
            ArpFrame.parse(bytes)
                    .map(message -> new AddressClaim(message.senderIp(), message.senderMac()))
                    .ifPresent(out);
        }
    }

    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
        }
        arena.close();
    }
}
