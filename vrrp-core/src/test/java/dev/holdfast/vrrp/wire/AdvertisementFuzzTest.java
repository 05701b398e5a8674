package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever arrives as protocol 112: it is refused by name, or it means what its bytes say. */
@Tag("fuzz")
@Timeout(10)
class AdvertisementFuzzTest {
    // The first byte of an input says how the rest is taken; a wrong checksum or HMAC would hide most of the reader.
    private static final int IPV6 = 0x01;
    private static final int TRAILER_ALLOWED = 0x02;
    private static final int REPAIR = 0x04;
    private static final int SIGN = 0x08;
    private static final int IPV6_HEADER = 40;

    private static final long NOW = 0x6A3C9F10L;
    private static final HmacSettings KEYS = new HmacSettings(
            List.of(new HmacKey(1, new byte[32]), new HmacKey(7, new byte[64])), 7, HmacMode.ENFORCE, 5);

    private static final Set<RejectReason> OF_READER = EnumSet.of(
            RejectReason.TRUNCATED,
            RejectReason.UNKNOWN_VRID,
            RejectReason.VERSION,
            RejectReason.TYPE,
            RejectReason.LENGTH,
            RejectReason.CHECKSUM,
            RejectReason.ZERO_INTERVAL);
    private static final Set<RejectReason> OF_IPV4_HEADER =
            EnumSet.of(RejectReason.TRUNCATED, RejectReason.IP_HEADER, RejectReason.FRAGMENT, RejectReason.TTL);
    private static final Set<RejectReason> OF_HMAC = EnumSet.range(RejectReason.HMAC_MISSING, RejectReason.HMAC_REPLAY);

    /** What keepalived sent, as it was and with everything switched on. */
    static Stream<byte[]> captures() {
        return Captures.ALL.stream().flatMap(capture -> {
            byte[] packet = capture.packet();
            int family = packet[0] >>> 4 == 6 ? IPV6 : 0;
            byte[] asIs = concat(new byte[] {(byte) family}, packet);
            byte[] signed = Arrays.copyOf(asIs, asIs.length + HmacTrailer.LENGTH);
            signed[0] |= TRAILER_ALLOWED | REPAIR | SIGN;
            if (family == 0) {
                // The header's total length covers the trailer.
                signed[4] = (byte) (packet.length + HmacTrailer.LENGTH);
            }
            return Stream.of(asIs, signed);
        });
    }

    @MethodSource("captures")
    @FuzzTest
    void aPacketIsRefusedByNameOrMeansWhatItsBytesSay(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int switches = input[0];
        byte[] packet = Arrays.copyOfRange(input, 1, input.length);
        if ((switches & IPV6) != 0) {
            if (packet.length >= IPV6_HEADER) {
                ByteBuffer header = ByteBuffer.wrap(packet);
                IpAddress source = new IpAddress(IpFamily.IPV6, header.getLong(8), header.getLong(16));
                IpAddress destination = new IpAddress(IpFamily.IPV6, header.getLong(24), header.getLong(32));
                message(switches, source, destination, Arrays.copyOfRange(packet, IPV6_HEADER, packet.length));
            }
            return;
        }
        Ipv4Header header = new Ipv4Header();
        ByteBuffer datagram = ByteBuffer.wrap(packet);
        RejectReason refused = header.read(datagram, 255);
        if (refused != null) {
            assertThat(OF_IPV4_HEADER).contains(refused);
            assertThat(datagram).isEqualTo(ByteBuffer.wrap(packet));
            return;
        }
        assertThat(datagram.position()).isBetween(Ipv4Header.MIN_LENGTH, datagram.limit());
        assertThat(datagram.limit()).isLessThanOrEqualTo(packet.length);
        IpAddress source = new IpAddress(IpFamily.IPV4, 0, header.source());
        IpAddress destination = new IpAddress(IpFamily.IPV4, 0, header.destination());
        message(switches, source, destination, Arrays.copyOfRange(packet, datagram.position(), datagram.limit()));
    }

    private static void message(int switches, IpAddress source, IpAddress destination, byte[] message) {
        boolean trailerAllowed = (switches & TRAILER_ALLOWED) != 0;
        boolean signed = trailerAllowed && (switches & SIGN) != 0 && sign(message, source);
        if ((switches & REPAIR) != 0) {
            repair(message, source, destination, trailerAllowed);
        }
        byte[] before = message.clone();
        ByteBuffer exact = ByteBuffer.wrap(message).asReadOnlyBuffer();
        AdvertisementReader reader = new AdvertisementReader();
        RejectReason refused = read(reader, exact, source, destination, trailerAllowed);

        assertThat(exact.position()).isZero();
        assertThat(exact.limit()).isEqualTo(message.length);
        whatSurroundsItDoesNotMatter(before, source, destination, trailerAllowed, refused);
        if (refused != null) {
            assertThat(OF_READER).contains(refused);
            return;
        }
        assertThat(reader.hasTrailer()).isIn(false, trailerAllowed);
        reencodes(reader, message, source, destination);
        authenticates(reader);
        verifies(reader, source, signed);
        assertThat(message).isEqualTo(before);
    }

    private static @Nullable RejectReason read(
            AdvertisementReader reader,
            ByteBuffer message,
            IpAddress source,
            IpAddress destination,
            boolean trailerAllowed) {
        return reader.read(
                message,
                source.family(),
                source.high(),
                source.low(),
                destination.high(),
                destination.low(),
                trailerAllowed);
    }

    /** The same message inside a larger buffer of the other byte order is judged alike. */
    private static void whatSurroundsItDoesNotMatter(
            byte[] message,
            IpAddress source,
            IpAddress destination,
            boolean trailerAllowed,
            @Nullable RejectReason refused) {
        for (int filling : new int[] {0x00, 0xFF}) {
            ByteBuffer larger = ByteBuffer.allocateDirect(message.length + 64).order(ByteOrder.LITTLE_ENDIAN);
            while (larger.hasRemaining()) {
                larger.put((byte) filling);
            }
            larger.put(17, message).limit(17 + message.length).position(17);
            assertThat(read(new AdvertisementReader(), larger, source, destination, trailerAllowed))
                    .isEqualTo(refused);
        }
    }

    private static void reencodes(AdvertisementReader reader, byte[] message, IpAddress source, IpAddress destination) {
        Advertisement said = reader.toAdvertisement();
        assertThat(said.virtualRouterId()).isEqualTo(reader.virtualRouterId());
        assertThat(reader.hasExactly(said.addresses())).isTrue();

        byte[] again = new byte[AdvertisementCodec.length(said)];
        AdvertisementCodec.encode(said, source, destination, ByteBuffer.wrap(again));
        byte[] expected = Arrays.copyOf(message, reader.trailerAt());
        boolean plain = !forget(expected, reader);
        assertThat(withoutChecksum(again)).isEqualTo(withoutChecksum(expected));
        long alone = InternetChecksum.sum(ByteBuffer.wrap(expected), 0, expected.length);
        boolean summedAlone = said.version() == VrrpVersion.V3 && InternetChecksum.fold(alone) == 0xFFFF;
        if (plain && !summedAlone && !reader.hasTrailer()) {
            // All ones and all zeros are the same checksum.
            assertThat(checksum(again) % 0xFFFF).isEqualTo(checksum(expected) % 0xFFFF);
        }

        AdvertisementReader rereader = new AdvertisementReader();
        assertThat(read(rereader, ByteBuffer.wrap(again), source, destination, false))
                .isNull();
        assertThat(rereader.toAdvertisement()).isEqualTo(said);
    }

    /** Takes out what a reader ignores; tells whether there was any of it. */
    private static boolean forget(byte[] message, AdvertisementReader reader) {
        byte[] original = message.clone();
        if (reader.version() == VrrpVersion.V3) {
            message[AdvertisementCodec.AUTH_TYPE_OFFSET] &= 0x0F;
        } else if (reader.authenticationType() != Authentication.Pass.TYPE) {
            message[AdvertisementCodec.AUTH_TYPE_OFFSET] = 0;
            Arrays.fill(message, message.length - Authentication.Pass.LENGTH, message.length, (byte) 0);
        }
        return !Arrays.equals(original, message);
    }

    private static void authenticates(AdvertisementReader reader) {
        Authentication said = reader.toAdvertisement().authentication();
        boolean known = reader.authenticationType() <= Authentication.Pass.TYPE;
        assertThat(reader.authenticate(said)).isEqualTo(known ? null : RejectReason.AUTH_TYPE);
        RejectReason other = reader.authenticate(new Authentication.Pass("not that"));
        if (reader.version() == VrrpVersion.V2 && !said.equals(new Authentication.Pass("not that"))) {
            assertThat(other).isIn(RejectReason.AUTH_TYPE, RejectReason.AUTH_DATA);
        }
    }

    private static void verifies(AdvertisementReader reader, IpAddress source, boolean signed) {
        HmacAuthentication hmac =
                new HmacAuthentication(KEYS, source.family(), reader.version(), reader.virtualRouterId());
        RejectReason refused = hmac.verify(reader, source.high(), source.low(), NOW);
        if (!reader.hasTrailer()) {
            assertThat(refused).isEqualTo(RejectReason.HMAC_MISSING);
        } else if (signed) {
            assertThat(refused).isNull();
            assertThat(hmac.verify(reader, source.high(), source.low(), NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
        } else {
            assertThat(refused).isNotNull().isIn(OF_HMAC);
        }
    }

    /** Signs the last 28 bytes of what looks like a message, whether it is one or not. */
    private static boolean sign(byte[] message, IpAddress source) {
        if (message.length < AdvertisementCodec.HEADER_LENGTH + HmacTrailer.LENGTH
                || message.length > 8 + 255 * 16 + 8 + HmacTrailer.LENGTH) {
            return false;
        }
        int version = message[0] >>> 4 & 0xF;
        if (version != 2 && version != 3) {
            return false;
        }
        new HmacAuthentication(KEYS, source.family(), version == 2 ? VrrpVersion.V2 : VrrpVersion.V3, message[1] & 0xFF)
                .sign(ByteBuffer.wrap(message), source.high(), source.low(), NOW, 0);
        return true;
    }

    /** Gives the message the checksum that its sender would. */
    private static void repair(byte[] message, IpAddress source, IpAddress destination, boolean trailerAllowed) {
        if (message.length < AdvertisementCodec.HEADER_LENGTH) {
            return;
        }
        VrrpVersion version = message[0] >>> 4 == 2 ? VrrpVersion.V2 : VrrpVersion.V3;
        int expected = AdvertisementCodec.HEADER_LENGTH
                + (message[AdvertisementCodec.COUNT_OFFSET] & 0xFF)
                        * source.family().addressBytes()
                + AdvertisementCodec.trailerLength(version);
        boolean trailer = trailerAllowed && message.length == expected + HmacTrailer.LENGTH;
        int length = trailer && source.family() == IpFamily.IPV4 ? expected : message.length;
        ByteBuffer buffer = ByteBuffer.wrap(message);
        buffer.putShort(AdvertisementCodec.CHECKSUM_OFFSET, (short) 0);
        long sum = InternetChecksum.sum(buffer, 0, length);
        if (version == VrrpVersion.V3) {
            sum += InternetChecksum.pseudoHeader(
                    source.family(),
                    source.high(),
                    source.low(),
                    destination.high(),
                    destination.low(),
                    AdvertisementCodec.IP_PROTOCOL,
                    length);
        }
        buffer.putShort(AdvertisementCodec.CHECKSUM_OFFSET, (short) ~InternetChecksum.fold(sum));
    }

    private static int checksum(byte[] message) {
        return ByteBuffer.wrap(message).getShort(AdvertisementCodec.CHECKSUM_OFFSET) & 0xFFFF;
    }

    private static byte[] withoutChecksum(byte[] message) {
        byte[] copy = message.clone();
        ByteBuffer.wrap(copy).putShort(AdvertisementCodec.CHECKSUM_OFFSET, (short) 0);
        return copy;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @FuzzTest
    void whatCanBeSaidIsReadBackAsItWas(FuzzedDataProvider data) {
        VrrpVersion version = data.pickValue(VrrpVersion.values());
        IpFamily family = version == VrrpVersion.V2 ? IpFamily.IPV4 : data.pickValue(IpFamily.values());
        Authentication authentication = version == VrrpVersion.V2 && data.consumeBoolean()
                ? new Authentication.Pass(data.consumeString(12))
                : new Authentication.None();
        int units = data.consumeInt(1, version == VrrpVersion.V2 ? 255 : 4095);
        int virtualRouterId = data.consumeInt(1, 255);
        int priority = data.consumeInt(0, 255);
        IpAddress source = address(family, data);
        IpAddress destination = address(family, data);
        List<IpAddress> addresses = new ArrayList<>();
        int count = data.consumeInt(version == VrrpVersion.V2 ? 0 : 1, Advertisement.MAX_ADDRESSES);
        for (int i = 0; i < count; i++) {
            addresses.add(address(family, data));
        }
        Advertisement said = new Advertisement(
                version, virtualRouterId, priority, units * version.intervalUnitNanos(), addresses, authentication);

        ByteBuffer out = ByteBuffer.allocate(AdvertisementCodec.length(said) + 3);
        int length = AdvertisementCodec.encode(said, source, destination, out);
        assertThat(length).isEqualTo(out.position()).isEqualTo(AdvertisementCodec.length(said));
        AdvertisementReader reader = new AdvertisementReader();
        assertThat(read(reader, out.flip(), source, destination, data.consumeBoolean()))
                .isNull();
        assertThat(reader.toAdvertisement()).isEqualTo(said);
        assertThat(reader.hasTrailer()).isFalse();
        assertThat(AdvertisementReader.peekVirtualRouterId(out)).isEqualTo(virtualRouterId);
    }

    private static IpAddress address(IpFamily family, FuzzedDataProvider data) {
        long high = family == IpFamily.IPV4 ? 0 : data.consumeLong();
        long low = family == IpFamily.IPV4 ? data.consumeLong(0, 0xFFFF_FFFFL) : data.consumeLong();
        return new IpAddress(family, high, low);
    }
}
