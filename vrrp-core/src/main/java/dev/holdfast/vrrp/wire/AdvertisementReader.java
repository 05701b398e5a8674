package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks and reads one advertisement after another in place, without allocating. The formats stand at
 * {@link AdvertisementCodec}.
 *
 * <p>The answers are those of the last {@link #read} that returned null. Addresses and authentication are looked up in the
 * buffer itself, so they hold only until the buffer is filled again. Not for more than one thread.
 */
public final class AdvertisementReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer message = NOTHING;
    private int start;
    private VrrpVersion version = VrrpVersion.V2;
    private IpFamily family = IpFamily.IPV4;
    private int virtualRouterId;
    private int priority;
    private long intervalNanos;
    private int addressCount;
    private int authenticationType;
    private int trailerAt;
    private boolean hasTrailer;

    /**
     * The virtual router id of a message that is not checked yet, to find the instance whose counters a refusal belongs to.
     *
     * @param message position to limit: the VRRP message
     * @return 0..255, or -1 if the message is too short to be an advertisement
     */
    public static int peekVirtualRouterId(ByteBuffer message) {
        return message.remaining() < AdvertisementCodec.HEADER_LENGTH ? -1 : message.get(message.position() + 1) & 0xFF;
    }

    /**
     * Checks one message, in the order of {@link RejectReason} (RFC 9568 section 7.1), and takes it in if it is well-formed.
     * Over IPv4 a version 3 checksum is accepted with and without the pseudo-header, because stacks differ. What depends on
     * an instance's configuration (authentication, interval, addresses, peers) is asked afterwards.
     *
     * @param message position to limit: the VRRP message without the IP header; any kind of buffer, any byte order; neither
     *     its position nor its contents change
     * @param family the family of the IP packet
     * @param srcHigh the packet's source, as in {@link IpAddress#high()}
     * @param srcLow as in {@link IpAddress#low()}
     * @param dstHigh the packet's destination, likewise
     * @param dstLow likewise
     * @return null if well-formed, else TRUNCATED, UNKNOWN_VRID (0, which no router can have), VERSION, TYPE, LENGTH, CHECKSUM
     *     or ZERO_INTERVAL
     */
    public @Nullable RejectReason read(
            ByteBuffer message, IpFamily family, long srcHigh, long srcLow, long dstHigh, long dstLow) {
        return read(message, family, srcHigh, srcLow, dstHigh, dstLow, false);
    }

    /**
     * The same, with an HMAC trailer behind the message if the caller says so. Whether a trailer is there then and holds must
     * be asked of the instance's {@link HmacAuthentication#verify}; an instance without one refuses {@link #hasTrailer} with
     * LENGTH, as routers do that don't know trailers.
     *
     * @param trailerAllowed whether 28 bytes more than the message has are a trailer instead of a wrong length
     */
    public @Nullable RejectReason read(
            ByteBuffer message,
            IpFamily family,
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow,
            boolean trailerAllowed) {
        int length = message.remaining();
        if (length < AdvertisementCodec.HEADER_LENGTH) {
            return RejectReason.TRUNCATED;
        }
        int at = message.position();
        int vrid = message.get(at + 1) & 0xFF;
        if (vrid == 0) {
            return RejectReason.UNKNOWN_VRID;
        }
        int first = message.get(at) & 0xFF;
        VrrpVersion said = versionOf(first >>> 4, family);
        if (said == null) {
            return RejectReason.VERSION;
        }
        if ((first & 0xF) != AdvertisementCodec.TYPE_ADVERTISEMENT) {
            return RejectReason.TYPE;
        }
        int count = message.get(at + AdvertisementCodec.COUNT_OFFSET) & 0xFF;
        int expected = AdvertisementCodec.HEADER_LENGTH
                + count * family.addressBytes()
                + AdvertisementCodec.trailerLength(said);
        boolean signed = trailerAllowed && length == expected + HmacTrailer.LENGTH;
        // RFC 9568 section 5.2.5: version 3 without an address must be ignored.
        if ((length != expected && !signed) || (said == VrrpVersion.V3 && count == 0)) {
            return RejectReason.LENGTH;
        }
        // Over IPv6 the checksum is the kernel's, which takes the trailer for a part of the message.
        int summed = family == IpFamily.IPV6 ? length : expected;
        if (!checksumHolds(message, at, summed, said, family, srcHigh, srcLow, dstHigh, dstLow)) {
            return RejectReason.CHECKSUM;
        }
        int lowInterval = message.get(at + AdvertisementCodec.INTERVAL_OFFSET) & 0xFF;
        int fourth = message.get(at + AdvertisementCodec.AUTH_TYPE_OFFSET) & 0xFF;
        int interval = said == VrrpVersion.V2 ? lowInterval : (fourth & 0xF) << 8 | lowInterval;
        if (interval == 0) {
            return RejectReason.ZERO_INTERVAL;
        }
        this.message = message;
        this.start = at;
        this.version = said;
        this.family = family;
        this.virtualRouterId = vrid;
        this.priority = message.get(at + AdvertisementCodec.PRIORITY_OFFSET) & 0xFF;
        this.intervalNanos = interval * said.intervalUnitNanos();
        this.addressCount = count;
        this.authenticationType = said == VrrpVersion.V2 ? fourth : 0;
        this.trailerAt = at + expected;
        this.hasTrailer = signed;
        return null;
    }

    private static @Nullable VrrpVersion versionOf(int number, IpFamily family) {
        return switch (number) {
            case 2 -> family == IpFamily.IPV4 ? VrrpVersion.V2 : null;
            case 3 -> VrrpVersion.V3;
            default -> null;
        };
    }

    private static boolean checksumHolds(
            ByteBuffer message,
            int at,
            int length,
            VrrpVersion version,
            IpFamily family,
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow) {
        long sum = InternetChecksum.sum(message, at, length);
        boolean alone = InternetChecksum.fold(sum) == 0xFFFF;
        return switch (version) {
            case V2 -> alone;
            case V3 ->
                (family == IpFamily.IPV4 && alone)
                        || InternetChecksum.fold(sum
                                        + InternetChecksum.pseudoHeader(
                                                family,
                                                srcHigh,
                                                srcLow,
                                                dstHigh,
                                                dstLow,
                                                AdvertisementCodec.IP_PROTOCOL,
                                                length))
                                == 0xFFFF;
        };
    }

    /** The version it speaks. */
    public VrrpVersion version() {
        return version;
    }

    /** 1..255. */
    public int virtualRouterId() {
        return virtualRouterId;
    }

    /** 0..255; 0 says that the MASTER resigns. */
    public int priority() {
        return priority;
    }

    /** The advertisement interval it carries, never 0: whole seconds in version 2, whole centiseconds in version 3. */
    public long intervalNanos() {
        return intervalNanos;
    }

    /** How many addresses it carries, 0..255. */
    public int addressCount() {
        return addressCount;
    }

    /** The authentication type in the message: 0 none, 1 PASS, others are obsolete; 0 in version 3. */
    public int authenticationType() {
        return authenticationType;
    }

    /** Whether an HMAC trailer follows the message. */
    public boolean hasTrailer() {
        return hasTrailer;
    }

    /** The buffer that was read last. */
    ByteBuffer message() {
        return message;
    }

    /** Where the message starts in it. */
    int start() {
        return start;
    }

    /** Where the message ends in it, and the trailer starts if there is one. */
    int trailerAt() {
        return trailerAt;
    }

    /**
     * One of the addresses, as an object.
     *
     * @param index 0 up to below {@link #addressCount()}
     */
    public IpAddress address(int index) {
        return new IpAddress(family, addressHigh(index), addressLow(index));
    }

    /** Whether it carries this address. */
    public boolean hasAddress(IpAddress address) {
        if (address.family() != family) {
            return false;
        }
        for (int i = 0; i < addressCount; i++) {
            if (addressLow(i) == address.low() && addressHigh(i) == address.high()) {
                return true;
            }
        }
        return false;
    }

    /** Whether it carries these addresses and no others, in any order. */
    public boolean hasExactly(List<IpAddress> addresses) {
        if (addresses.size() != addressCount) {
            return false;
        }
        for (int i = 0; i < addressCount; i++) {
            if (!hasAddress(addresses.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a version 2 message says what it is expected to (RFC 2338 section 7.1). Version 3 has no authentication, so it
     * always passes.
     *
     * @return null if it does, else AUTH_TYPE or AUTH_DATA
     */
    public @Nullable RejectReason authenticate(Authentication expected) {
        if (version == VrrpVersion.V3) {
            return null;
        }
        if (authenticationType != expected.type()) {
            return RejectReason.AUTH_TYPE;
        }
        int dataAt = start + AdvertisementCodec.HEADER_LENGTH + addressCount * family.addressBytes();
        return switch (expected) {
            case Authentication.None _ -> null;
            case Authentication.Pass pass -> pass.matches(message, dataAt) ? null : RejectReason.AUTH_DATA;
        };
    }

    /** The message as a value, for logs and tests; an obsolete authentication type counts as none. */
    public Advertisement toAdvertisement() {
        List<IpAddress> addresses = new ArrayList<>(addressCount);
        for (int i = 0; i < addressCount; i++) {
            addresses.add(address(i));
        }
        int dataAt = start + AdvertisementCodec.HEADER_LENGTH + addressCount * family.addressBytes();
        Authentication authentication = authenticationType == Authentication.Pass.TYPE
                ? Authentication.Pass.read(message, dataAt)
                : new Authentication.None();
        return new Advertisement(version, virtualRouterId, priority, intervalNanos, addresses, authentication);
    }

    private long addressHigh(int index) {
        return family == IpFamily.IPV4 ? 0 : bigEndian(addressAt(index), 8);
    }

    private long addressLow(int index) {
        return family == IpFamily.IPV4 ? bigEndian(addressAt(index), 4) : bigEndian(addressAt(index) + 8, 8);
    }

    private int addressAt(int index) {
        if (index < 0 || index >= addressCount) {
            throw new IndexOutOfBoundsException("address " + index + " of " + addressCount);
        }
        return start + AdvertisementCodec.HEADER_LENGTH + index * family.addressBytes();
    }

    private long bigEndian(int offset, int bytes) {
        long value = 0;
        for (int i = offset; i < offset + bytes; i++) {
            value = value << 8 | (message.get(i) & 0xFF);
        }
        return value;
    }
}
