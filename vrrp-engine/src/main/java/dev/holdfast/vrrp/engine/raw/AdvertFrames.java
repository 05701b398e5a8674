package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One advertisement, encoded once for each destination and sent many times. The source address travels with each message
 * (IP_PKTINFO), so that instances with different sources share a socket and the kernel can't prefer a virtual address.
 * Belongs to the thread that made it.
 */
public final class AdvertFrames implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment[] messages;

    /**
     * @param advertisement what to say
     * @param source one of this host's addresses
     * @param destinations the group or the peers; none: nothing is ever sent
     * @param ifindex the interface to leave by
     */
    public AdvertFrames(Advertisement advertisement, IpAddress source, List<IpAddress> destinations, int ifindex) {
        int length = AdvertisementCodec.length(advertisement);
        this.messages = new MemorySegment[destinations.size()];
        for (int i = 0; i < messages.length; i++) {
            IpAddress destination = destinations.get(i);
            MemorySegment data = arena.allocate(length, 8);
            AdvertisementCodec.encode(advertisement, source, destination, data.asByteBuffer());
            messages[i] = message(data, source, destination, ifindex);
        }
    }

    private MemorySegment message(MemorySegment data, IpAddress source, IpAddress destination, int ifindex) {
        return switch (source.family()) {
            case IPV4 ->
                Layouts.message(arena, data, Layouts.sockaddrIn(arena, destination.low()), source.low(), ifindex);
            case IPV6 -> {
                MemorySegment to = Ipv6Layouts.sockaddr(arena, destination.high(), destination.low(), ifindex);
                yield Ipv6Layouts.message(arena, data, to, source.high(), source.low(), ifindex);
            }
        };
    }

    /**
     * Sends it to every destination; one that fails does not keep it from the others.
     *
     * @return 0, or -errno of the last that failed
     */
    public int send(RawSocket socket) {
        int failure = 0;
        for (MemorySegment message : messages) {
            long sent = socket.send(message);
            if (sent < 0) {
                failure = (int) sent;
            }
        }
        return failure;
    }

    @Override
    public void close() {
        arena.close();
    }
}
