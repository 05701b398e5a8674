package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.holdfast.vrrp.wire.Captures.Capture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisementReaderTest {
    private static final Capture V2 = Captures.named("v2 without authentication, two addresses");
    private static final Capture V2_PASS = Captures.named("v2 with auth_pass PostgresReplication, cut to eight bytes");
    private static final Capture V3 = Captures.named("v3 every 100 ms, two addresses");
    private static final Capture V3_IPV6 = Captures.named("v3 over IPv6, priority 1, two addresses");

    static final List<Capture> CAPTURES = Captures.ALL;

    private final AdvertisementReader reader = new AdvertisementReader();

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void readsWhatKeepalivedSends(Capture capture) {
        assertThat(read(capture, capture.message())).isNull();
        assertThat(reader.toAdvertisement()).isEqualTo(capture.meaning());
        assertThat(reader.virtualRouterId()).isEqualTo(capture.meaning().virtualRouterId());
        assertThat(reader.priority()).isEqualTo(capture.meaning().priority());
        assertThat(reader.intervalNanos()).isEqualTo(capture.meaning().intervalNanos());
        assertThat(reader.addressCount())
                .isEqualTo(capture.meaning().addresses().size());
        assertThat(reader.hasExactly(capture.meaning().addresses())).isTrue();
        assertThat(reader.authenticate(capture.meaning().authentication())).isNull();
    }

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void readsInTheMiddleOfADirectLittleEndianBufferAndLeavesItAsItWas(Capture capture) {
        byte[] bytes = AdvertisementCodecTest.bytes(capture.message());
        ByteBuffer buffer = ByteBuffer.allocateDirect(300).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(77).put(bytes).flip().position(77);

        assertThat(read(capture, buffer)).isNull();

        assertThat(reader.toAdvertisement()).isEqualTo(capture.meaning());
        assertThat(buffer.position()).isEqualTo(77);
        assertThat(buffer.limit()).isEqualTo(77 + bytes.length);
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    /** One way for each reason to go wrong, on a packet that is otherwise right. */
    static final List<Arguments> REFUSED = List.of(
            arguments(RejectReason.TRUNCATED, V2, change(m -> Arrays.copyOf(m, 0))),
            arguments(RejectReason.TRUNCATED, V3, change(m -> Arrays.copyOf(m, 7))),
            arguments(RejectReason.UNKNOWN_VRID, V2, set(1, 0)),
            arguments(RejectReason.UNKNOWN_VRID, V3_IPV6, set(1, 0)),
            arguments(RejectReason.VERSION, V2, set(0, 0x11)),
            arguments(RejectReason.VERSION, V3, set(0, 0x41)),
            arguments(RejectReason.VERSION, V3_IPV6, set(0, 0x21)),
            arguments(RejectReason.TYPE, V2, set(0, 0x22)),
            arguments(RejectReason.TYPE, V3, set(0, 0x30)),
            arguments(RejectReason.LENGTH, V2, change(m -> Arrays.copyOf(m, 8))),
            arguments(RejectReason.LENGTH, V2, change(m -> Arrays.copyOf(m, m.length - 8))),
            arguments(RejectReason.LENGTH, V2, set(3, 3)),
            arguments(RejectReason.LENGTH, V2, set(3, 255)),
            arguments(RejectReason.LENGTH, V3, change(m -> Arrays.copyOf(m, m.length + 28))),
            arguments(RejectReason.LENGTH, V3, change(m -> Arrays.copyOf(m, m.length - 1))),
            arguments(
                    RejectReason.LENGTH, V3, change(m -> Arrays.copyOf(set(3, 0).apply(m), 8))),
            arguments(RejectReason.LENGTH, V3_IPV6, set(3, 1)),
            arguments(RejectReason.CHECKSUM, V2, set(2, 99)),
            arguments(RejectReason.CHECKSUM, V2, set(23, 1)),
            arguments(RejectReason.CHECKSUM, V3, set(2, 99)),
            arguments(RejectReason.CHECKSUM, V3_IPV6, set(2, 99)),
            arguments(RejectReason.ZERO_INTERVAL, V2, checksummed(V2, set(5, 0))),
            arguments(RejectReason.ZERO_INTERVAL, V3, checksummed(V3, set(5, 0))),
            // The upper four bits are reserved: they make no interval.
            arguments(
                    RejectReason.ZERO_INTERVAL,
                    V3,
                    checksummed(V3, change(m -> set(4, 0xF0).apply(set(5, 0).apply(m))))),
            arguments(RejectReason.ZERO_INTERVAL, V3_IPV6, checksummed(V3_IPV6, set(5, 0))));

    @ParameterizedTest
    @FieldSource("REFUSED")
    void refusesWithANamedReason(RejectReason reason, Capture capture, UnaryOperator<byte[]> change) {
        byte[] message = change.apply(AdvertisementCodecTest.bytes(capture.message()));

        assertThat(read(capture, ByteBuffer.wrap(message))).isEqualTo(reason);
    }

    @Test
    void everyReasonIsRefusedSomewhereHereOrBelongsToTheCallerOrTheHmac() {
        Set<Object> inTable = REFUSED.stream().map(row -> row.get()[0]).collect(Collectors.toSet());
        Set<RejectReason> ofIpv4Header = Set.of(RejectReason.IP_HEADER, RejectReason.FRAGMENT, RejectReason.TTL);
        Set<RejectReason> ofAuthenticate = Set.of(RejectReason.AUTH_TYPE, RejectReason.AUTH_DATA);
        Set<RejectReason> needConfiguration = Set.of(
                RejectReason.DESTINATION,
                RejectReason.ADVERT_INTERVAL,
                RejectReason.ADDRESS_LIST,
                RejectReason.UNKNOWN_PEER,
                RejectReason.OWN_ADDRESS);
        Set<Object> all = new java.util.HashSet<>(inTable);
        all.addAll(ofIpv4Header);
        all.addAll(ofAuthenticate);
        all.addAll(needConfiguration);
        Stream.of(RejectReason.values())
                .filter(reason -> reason.label().startsWith("hmac_"))
                .forEach(all::add);

        assertThat(all).containsExactlyInAnyOrder((Object[]) RejectReason.values());
    }

    @Test
    void aRefusedMessageLeavesTheLastGoodOneInPlace() {
        read(V3, V3.message());

        assertThat(read(V2, ByteBuffer.allocate(3))).isEqualTo(RejectReason.TRUNCATED);

        assertThat(reader.toAdvertisement()).isEqualTo(V3.meaning());
    }

    @Test
    void version3OverIpv4IsAcceptedWithoutThePseudoHeaderToo() {
        byte[] message = AdvertisementCodecTest.bytes(V3.message());
        ByteBuffer buffer = ByteBuffer.wrap(message).putShort(6, (short) 0);
        buffer.putShort(6, (short) ~InternetChecksum.fold(InternetChecksum.sum(buffer, 0, message.length)));

        assertThat(read(V3, buffer)).isNull();
    }

    @Test
    void version3OverIpv6NeedsThePseudoHeader() {
        byte[] message = AdvertisementCodecTest.bytes(V3_IPV6.message());
        ByteBuffer buffer = ByteBuffer.wrap(message).putShort(6, (short) 0);
        buffer.putShort(6, (short) ~InternetChecksum.fold(InternetChecksum.sum(buffer, 0, message.length)));

        assertThat(read(V3_IPV6, buffer)).isEqualTo(RejectReason.CHECKSUM);
    }

    @Test
    void aMessageSentToSomebodyElseHasAWrongChecksum() {
        IpAddress other = IpAddress.parse("224.0.0.19");

        assertThat(reader.read(V3.message(), IpFamily.IPV4, 0, V3.source().low(), other.high(), other.low()))
                .isEqualTo(RejectReason.CHECKSUM);
    }

    static final List<Arguments> AUTHENTICATION = List.of(
            arguments(V2, new Authentication.None(), null),
            arguments(V2, new Authentication.Pass("Postgres"), RejectReason.AUTH_TYPE),
            arguments(V2_PASS, new Authentication.None(), RejectReason.AUTH_TYPE),
            arguments(V2_PASS, new Authentication.Pass("Postgres"), null),
            arguments(V2_PASS, new Authentication.Pass("Postgre"), RejectReason.AUTH_DATA),
            arguments(V2_PASS, new Authentication.Pass("postgres"), RejectReason.AUTH_DATA),
            arguments(V3, new Authentication.None(), null));

    @ParameterizedTest
    @FieldSource("AUTHENTICATION")
    void tellsAWrongTypeFromAWrongPassword(Capture capture, Authentication expected, @Nullable RejectReason reason) {
        read(capture, capture.message());

        assertThat(reader.authenticate(expected)).isEqualTo(reason);
    }

    @Test
    void anObsoleteAuthenticationTypeIsReadAndNeverAccepted() {
        byte[] message = checksummed(V2, set(4, 2)).apply(AdvertisementCodecTest.bytes(V2.message()));

        assertThat(read(V2, ByteBuffer.wrap(message))).isNull();

        assertThat(reader.authenticationType()).isEqualTo(2);
        assertThat(reader.authenticate(new Authentication.None())).isEqualTo(RejectReason.AUTH_TYPE);
        assertThat(reader.authenticate(new Authentication.Pass(""))).isEqualTo(RejectReason.AUTH_TYPE);
        assertThat(reader.toAdvertisement()).isEqualTo(V2.meaning());
    }

    @Test
    void comparesAddressesInAnyOrder() {
        read(V3, V3.message());
        IpAddress first = IpAddress.parse("10.77.0.103");
        IpAddress second = IpAddress.parse("10.77.0.104");
        IpAddress other = IpAddress.parse("10.77.0.105");

        assertThat(reader.hasExactly(List.of(second, first))).isTrue();
        assertThat(reader.hasExactly(List.of(first))).isFalse();
        assertThat(reader.hasExactly(List.of(first, other))).isFalse();
        assertThat(reader.hasAddress(other)).isFalse();
        assertThat(reader.hasAddress(new IpAddress(IpFamily.IPV6, 0, first.low())))
                .isFalse();
        assertThat(reader.address(1)).isEqualTo(second);
        assertThatThrownBy(() -> reader.address(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void peeksAtTheVirtualRouterIdOfAnythingLongEnough() {
        assertThat(AdvertisementReader.peekVirtualRouterId(V2.message())).isEqualTo(51);
        assertThat(AdvertisementReader.peekVirtualRouterId(ByteBuffer.allocate(7)))
                .isEqualTo(-1);
        assertThat(AdvertisementReader.peekVirtualRouterId(
                        ByteBuffer.allocate(9).position(1)))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenIsReadBack(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Advertisement advertisement = randomAdvertisement(random);
            IpFamily family = advertisement.addresses().isEmpty()
                    ? IpFamily.IPV4
                    : advertisement.addresses().getFirst().family();
            IpAddress source = randomAddress(random, family);
            IpAddress destination = randomAddress(random, family);
            ByteBuffer buffer = ByteBuffer.allocate(AdvertisementCodec.length(advertisement));
            AdvertisementCodec.encode(advertisement, source, destination, buffer);

            assertThat(reader.read(
                            buffer.flip(), family, source.high(), source.low(), destination.high(), destination.low()))
                    .as("seed %d, %s", seed, advertisement)
                    .isNull();
            assertThat(reader.toAdvertisement()).as("seed %d", seed).isEqualTo(advertisement);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverThrowsOnRandomBytes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 3 && random.nextBoolean()) {
                // Gets past the first checks.
                bytes[0] = (byte) (random.nextBoolean() ? 0x21 : 0x31);
                bytes[3] = (byte) random.nextInt(4);
            }
            IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
            if (reader.read(ByteBuffer.wrap(bytes), family, random.nextLong(), random.nextLong(), 0, 0) == null) {
                assertThat(reader.toAdvertisement()).as("seed %d", seed).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void refusesEveryTruncation(Capture capture) {
        byte[] message = AdvertisementCodecTest.bytes(capture.message());
        for (int length = 0; length < message.length; length++) {
            assertThat(read(capture, ByteBuffer.wrap(message, 0, length)))
                    .as("%d bytes", length)
                    .isIn(RejectReason.TRUNCATED, RejectReason.LENGTH);
        }
    }

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void refusesEveryFlippedBit(Capture capture) {
        for (int bit = 0; bit < capture.message().remaining() * 8; bit++) {
            byte[] message = AdvertisementCodecTest.bytes(capture.message());
            message[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(read(capture, ByteBuffer.wrap(message)))
                    .as("bit %d", bit)
                    .isNotNull();
        }
    }

    private @Nullable RejectReason read(Capture capture, ByteBuffer message) {
        IpAddress source = capture.source();
        IpAddress destination = capture.destination();
        return reader.read(
                message, capture.family(), source.high(), source.low(), destination.high(), destination.low());
    }

    private static UnaryOperator<byte[]> change(UnaryOperator<byte[]> change) {
        return change;
    }

    private static UnaryOperator<byte[]> set(int offset, int value) {
        return message -> {
            byte[] changed = message.clone();
            changed[offset] = (byte) value;
            return changed;
        };
    }

    /** The change, and then a checksum that is right again. */
    private static UnaryOperator<byte[]> checksummed(Capture capture, UnaryOperator<byte[]> change) {
        return message -> {
            byte[] changed = change.apply(message);
            ByteBuffer buffer = ByteBuffer.wrap(changed).putShort(6, (short) 0);
            long sum = InternetChecksum.sum(buffer, 0, changed.length);
            if (capture.meaning().version() == VrrpVersion.V3) {
                IpAddress source = capture.source();
                IpAddress destination = capture.destination();
                sum += InternetChecksum.pseudoHeader(
                        capture.family(),
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        AdvertisementCodec.IP_PROTOCOL,
                        changed.length);
            }
            buffer.putShort(6, (short) ~InternetChecksum.fold(sum));
            return changed;
        };
    }

    private static Advertisement randomAdvertisement(Random random) {
        VrrpVersion version = random.nextBoolean() ? VrrpVersion.V2 : VrrpVersion.V3;
        IpFamily family = version == VrrpVersion.V3 && random.nextBoolean() ? IpFamily.IPV6 : IpFamily.IPV4;
        int atLeast = version == VrrpVersion.V3 ? 1 : 0;
        int count = random.nextInt(20) == 0 ? 255 : random.nextInt(atLeast, 6);
        List<IpAddress> addresses = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(_ -> randomAddress(random, family))
                .toList());
        long units = version == VrrpVersion.V2 ? random.nextInt(1, 256) : random.nextInt(1, 4096);
        Authentication authentication = version == VrrpVersion.V2 && random.nextBoolean()
                ? new Authentication.Pass("p" + random.nextInt())
                : new Authentication.None();
        return new Advertisement(
                version,
                random.nextInt(1, 256),
                random.nextInt(256),
                units * version.intervalUnitNanos(),
                addresses,
                authentication);
    }

    private static IpAddress randomAddress(Random random, IpFamily family) {
        return switch (family) {
            case IPV4 -> new IpAddress(family, 0, random.nextLong(1L << 32));
            case IPV6 -> new IpAddress(family, random.nextLong(), random.nextLong());
        };
    }
}
