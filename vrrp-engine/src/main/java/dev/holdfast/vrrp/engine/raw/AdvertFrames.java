package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.HmacAuthentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.Ipv4Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One advertisement, encoded once for each destination and sent many times; with an HMAC it is signed anew for each
 * sending. The source address travels with each message, so that instances with different sources share a socket and the
 * kernel can't prefer a virtual address. Belongs to the thread that made it.
 */
public final class AdvertFrames implements AutoCloseable {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Arena arena = Arena.ofConfined();
    private final Outbox.Message[] messages;
    private final ByteBuffer[] contents;
    private final IpAddress source;
    private final List<IpAddress> destinations;
    private final @Nullable HmacAuthentication hmac;

    /**
     * The way that they take.
     *
     * @param source one of this host's addresses
     * @param destinations the group or the peers; none: nothing is ever sent
     * @param ifindex the interface to leave by
     * @param hopLimit the TTL or hop limit to send with, 1..255
     */
    public record Way(IpAddress source, List<IpAddress> destinations, int ifindex, int hopLimit) {}

    /**
     * Encodes it.
     *
     * @param advertisement what to say
     * @param way from where to where
     * @param hmac what signs it; null if nothing does
     * @param sender is told of each that could not be sent
     */
    public AdvertFrames(Advertisement advertisement, Way way, @Nullable HmacAuthentication hmac, Outbox.Sender sender) {
        boolean signs = hmac != null && hmac.trailerLength() > 0;
        int length = AdvertisementCodec.length(advertisement) + (signs ? HmacAuthentication.TRAILER_LENGTH : 0);
        this.source = way.source();
        this.destinations = way.destinations();
        this.hmac = signs ? hmac : null;
        this.messages = new Outbox.Message[destinations.size()];
        this.contents = new ByteBuffer[destinations.size()];
        for (int i = 0; i < messages.length; i++) {
            IpAddress destination = destinations.get(i);
            int headerLength = destination.family() == IpFamily.IPV4 ? Ipv4Header.MIN_LENGTH : 0;
            MemorySegment data = arena.allocate(headerLength + length, 8);
            contents[i] = data.asSlice(headerLength).asByteBuffer();
            AdvertisementCodec.encode(advertisement, source, destination, contents[i].duplicate());
            messages[i] = new Outbox.Message(message(data, destination, way), sender);
        }
    }

    private MemorySegment message(MemorySegment data, IpAddress destination, Way way) {
        int ifindex = way.ifindex();
        return switch (source.family()) {
            case IPV4 -> {
                MemorySegment to = Layouts.sockaddrIn(arena, destination.low());
                Ipv4Header.write(
                        data.asByteBuffer(),
                        RawSocket.TRAFFIC_CLASS_CONTROL,
                        way.hopLimit(),
                        source.low(),
                        destination.low());
                // A group is on the socket's interface. The way to a peer may depend on the source: ip rule.
                yield destination.isMulticast()
                        ? Layouts.message(arena, data, to)
                        : Layouts.message(arena, data, to, source.low(), ifindex);
            }
            case IPV6 -> {
                MemorySegment to = Ipv6Layouts.sockaddr(arena, destination.high(), destination.low(), ifindex);
                yield Ipv6Layouts.message(arena, data, to, source.high(), source.low(), ifindex, way.hopLimit());
            }
        };
    }

    /** Whether there is nobody to send it to. */
    public boolean isEmpty() {
        return messages.length == 0;
    }

    /** Gives it to an outbox, for every destination. */
    public void post(Outbox outbox, RawSocket socket) {
        if (hmac != null) {
            sign(hmac);
        }
        for (Outbox.Message message : messages) {
            outbox.post(socket, message);
        }
    }

    /** Once: receivers of the copies for several peers must see one and the same sequence. */
    private void sign(HmacAuthentication by) {
        for (int i = 0; i < contents.length; i++) {
            ByteBuffer signed = contents[i];
            if (i == 0) {
                // Not Instant: it would be garbage for each advert.
                long utcMillis = System.currentTimeMillis();
                by.sign(
                        signed,
                        source.high(),
                        source.low(),
                        Math.floorDiv(utcMillis, 1000L),
                        (int) Math.floorMod(utcMillis, 1000L) * NANOS_PER_MILLI);
            } else {
                int trailerAt = signed.limit() - HmacAuthentication.TRAILER_LENGTH;
                signed.put(trailerAt, contents[0], trailerAt, HmacAuthentication.TRAILER_LENGTH);
            }
            AdvertisementCodec.coverTrailer(signed, source, destinations.get(i));
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
