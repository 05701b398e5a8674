package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacAuthenticationTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long NOW = 0x6A3C9F10L;
    private static final byte[] SECRET = bytes(0, 32);
    private static final byte[] ONES = HEX.parseHex("01".repeat(32));
    private static final HmacKey KEY = new HmacKey(1, SECRET);
    private static final IpAddress SENDER = IpAddress.parse("fe80::10");
    private static final IpAddress OTHER = IpAddress.parse("fe80::11");
    private static final IpAddress PEER = IpAddress.parse("fe80::20");

    /**
     * Whole messages with their trailers. The first two are the images in the appendix of draft-cassen-vrrp-auth-hmac, the next
     * three are captures of keepalived 2.4.3. The messages of the others are captures of keepalived 2.2.7, their trailers were
     * made with Python's hmac module, like this:
     * <pre>
     * pseudo  = bytes([ip_version, vrrp_version, vrid, 0]) + source.ljust(16, b'\0')
     * trailer = bytes([1, key_id, 0, 0]) + struct.pack('>Q', sequence)
     * message = message[:6] + b'\0\0' + message[8:]
     * trailer += hmac.new(key, pseudo + message + trailer + bytes(16), hashlib.sha256).digest()[:16]
     * </pre>
     */
    static final List<Arguments> IMAGES = List.of(
            arguments(
                    "198.51.100.10",
                    "224.0.0.18",
                    KEY,
                    "3133c80100644402c0000264",
                    "010100006800000080000000" + "1b84bc4e8e43892dc6d98448f8ee2265"),
            arguments(
                    "fe80::10",
                    "fe80::20",
                    KEY,
                    "3133c8010064a2e9fe800000000000000000000000000100",
                    "010100006800000080000000" + "c8c56146ebfd66ee10ec4d8186461b78"),
            arguments(
                    "10.77.0.12",
                    "224.0.0.18",
                    new HmacKey(3, ONES),
                    "2133960100013e190a4d00640000000000000000",
                    "010300006b00eec7f7350000" + "7ab8abb846b1858406f61540dcbd302b"),
            arguments(
                    "10.77.0.12",
                    "224.0.0.18",
                    new HmacKey(3, ONES),
                    "31339601000a43280a4d0064",
                    "010300006b00eecc13df0000" + "bb49cebf6f8c8ca6588f2019e275c97d"),
            arguments(
                    "fe80::f81d:33ff:feda:e266",
                    "ff02::12",
                    new HmacKey(3, ONES),
                    "31339602000a1be9fe800000000000000000000000770100fd000077000000000000000000000100",
                    "010300006b00eed317ca0000" + "b2c0807a58d0e21a0aabeaff6564d6e6"),
            arguments(
                    "10.77.0.13",
                    "224.0.0.18",
                    new HmacKey(255, bytes(100, 64)),
                    "21336402000165660a4d00640a4d00650000000000000000",
                    "01ff00006a3c9f1012340001" + "cbde09105b4aab2d68fa10b6ccec5645"),
            arguments(
                    "10.77.0.13",
                    "224.0.0.18",
                    HmacKey.parse(7, "correct horse battery staple, forty bytes"),
                    "3135c802000a06680a4d00670a4d0068",
                    "010700006a3c9f10ffffffff" + "d09fbed8543fda7602e6ebae5ace2a6b"));

    private final AdvertisementReader reader = new AdvertisementReader();

    @ParameterizedTest
    @FieldSource("IMAGES")
    void whatOthersSignedIsBelieved(String source, String destination, HmacKey key, String message, String trailer) {
        ByteBuffer packet = ByteBuffer.wrap(HEX.parseHex(message + trailer));
        assertThat(read(packet, source, destination)).isNull();
        HmacAuthentication authentication = of(key, HmacMode.ENFORCE, HmacSettings.MONOTONIC, reader);

        IpAddress from = IpAddress.parse(source);
        assertThat(authentication.verify(reader, from.high(), from.low(), NOW)).isNull();
        assertThat(authentication.verify(reader, from.high(), from.low(), NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @ParameterizedTest
    @FieldSource("IMAGES")
    void whatWeSignIsTheSameToTheByte(String source, String destination, HmacKey key, String message, String trailer) {
        byte[] expected = HEX.parseHex(message + trailer);
        ByteBuffer packet = ByteBuffer.allocateDirect(3 + expected.length).order(ByteOrder.LITTLE_ENDIAN);
        packet.position(3).put(HEX.parseHex(message)).position(3);
        read(ByteBuffer.wrap(expected), source, destination);
        HmacAuthentication authentication = of(key, HmacMode.PERMISSIVE, HmacSettings.MONOTONIC, reader);
        IpAddress from = IpAddress.parse(source);
        long sequence = HexFormat.fromHexDigitsToLong(trailer, 8, 8 + 16);

        // Sixteen bits of a second's fraction; as many adverts within it as the counter says.
        int nanos = (int) Math.ceilDiv((sequence >>> 16 & 0xFFFF) * 1_000_000_000L, 65_536);
        for (long counter = 0; counter <= (sequence & 0xFFFF); counter++) {
            authentication.sign(packet, from.high(), from.low(), sequence >>> 32, nanos);
        }

        byte[] signed = new byte[expected.length];
        packet.get(3, signed);
        assertThat(signed).isEqualTo(expected);
        assertThat(packet.position()).isEqualTo(3);
    }

    /** One byte of the IPv6 image of the draft, changed. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            2,  HMAC_BAD
            5,  HMAC_BAD
            23, HMAC_BAD
            24, HMAC_MALFORMED
            25, HMAC_UNKNOWN_KEY
            26, HMAC_MALFORMED
            27, HMAC_MALFORMED
            28, HMAC_BAD
            33, HMAC_BAD
            35, HMAC_BAD
            36, HMAC_BAD
            51, HMAC_BAD
            """)
    void aChangedByteIsNoticed(int offset, RejectReason expected) {
        byte[] image = draftIpv6();
        image[offset] ^= 1;
        ByteBuffer packet = ByteBuffer.wrap(image);
        mendChecksum(packet, SENDER);

        assertThat(verify(enforce(HmacSettings.MONOTONIC), packet, SENDER, NOW)).isEqualTo(expected);
    }

    @Test
    void theSourceAndTheVirtualRouterArePartOfTheSignature() {
        ByteBuffer packet = ByteBuffer.wrap(draftIpv6());
        HmacAuthentication another = new HmacAuthentication(
                new HmacSettings(List.of(KEY), 1, HmacMode.ENFORCE, 0), IpFamily.IPV6, VrrpVersion.V3, 52);

        // The checksum has the source in it too, so the packet is read as the true sender's.
        assertThat(read(packet, "fe80::10", "fe80::20")).isNull();
        assertThat(enforce(0).verify(reader, OTHER.high(), OTHER.low(), NOW)).isEqualTo(RejectReason.HMAC_BAD);
        assertThat(another.verify(reader, SENDER.high(), SENDER.low(), NOW)).isEqualTo(RejectReason.HMAC_BAD);
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIVE_ONLY, 0,  , HMAC_BAD",
        "PERMISSIVE,  28,  , HMAC_BAD",
        "ENFORCE,     28, HMAC_MISSING, HMAC_BAD"
    })
    void theModeSaysWhatIsSentAndWhatIsDemanded(
            HmacMode mode, int trailerLength, @Nullable RejectReason unsigned, RejectReason forged) {
        HmacAuthentication authentication =
                new HmacAuthentication(new HmacSettings(List.of(KEY), 1, mode, 0), IpFamily.IPV6, VrrpVersion.V3, 51);
        byte[] image = draftIpv6();
        byte[] alone = Arrays.copyOf(image, image.length - HmacTrailer.LENGTH);
        byte[] forgery = image.clone();
        forgery[image.length - 1] ^= 1;

        assertThat(authentication.trailerLength()).isEqualTo(trailerLength);
        assertThat(verify(authentication, ByteBuffer.wrap(image), SENDER, NOW)).isNull();
        assertThat(verify(authentication, mended(alone), SENDER, NOW)).isEqualTo(unsigned);
        assertThat(verify(authentication, mended(forgery), SENDER, NOW)).isEqualTo(forged);
    }

    @Test
    void receiveOnlyLeavesThePacketAlone() {
        HmacAuthentication authentication = new HmacAuthentication(
                new HmacSettings(List.of(KEY), 1, HmacMode.RECEIVE_ONLY, 5), IpFamily.IPV6, VrrpVersion.V3, 51);
        ByteBuffer message = ByteBuffer.wrap(draftIpv6()).limit(24);

        authentication.sign(message, SENDER.high(), SENDER.low(), NOW, 0);

        assertThat(message.array()).isEqualTo(draftIpv6());
    }

    @Test
    void aRouterWithoutTrailersRefusesThemOnTheirLength() {
        ByteBuffer packet = ByteBuffer.wrap(draftIpv6());

        assertThat(reader.read(packet, IpFamily.IPV6, SENDER.high(), SENDER.low(), PEER.high(), PEER.low()))
                .isEqualTo(RejectReason.LENGTH);
        assertThat(read(packet, "fe80::10", "fe80::20")).isNull();
        assertThat(reader.hasTrailer()).isTrue();
        assertThat(reader.address(0)).isEqualTo(IpAddress.parse("fe80::100"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 27, 29, 56})
    void anyOtherLengthIsStillWrong(int extra) {
        byte[] message = Arrays.copyOf(HEX.parseHex("3133c80100644402c0000264"), 12 + extra);

        assertThat(read(ByteBuffer.wrap(message), "198.51.100.10", "224.0.0.18"))
                .isEqualTo(RejectReason.LENGTH);
    }

    @Test
    void keysAreRotatedWithoutARefusal() {
        HmacKey next = new HmacKey(2, bytes(50, 48));
        HmacAuthentication old = authentication(List.of(KEY), 1);
        HmacAuthentication both = authentication(List.of(KEY, next), 1);
        HmacAuthentication turned = authentication(List.of(KEY, next), 2);
        HmacAuthentication done = authentication(List.of(next), 2);

        assertThat(verify(both, signed(old, NOW), SENDER, NOW)).isNull();
        assertThat(verify(old, signed(both, NOW), SENDER, NOW)).isNull();
        assertThat(verify(both, signed(turned, NOW + 1), SENDER, NOW)).isNull();
        assertThat(verify(turned, signed(both, NOW), SENDER, NOW)).isNull();
        assertThat(verify(turned, signed(done, NOW + 1), SENDER, NOW)).isNull();
        assertThat(verify(done, signed(turned, NOW), SENDER, NOW)).isNull();
        assertThat(verify(done, signed(old, NOW), SENDER, NOW)).isEqualTo(RejectReason.HMAC_UNKNOWN_KEY);
    }

    @ParameterizedTest
    @CsvSource({"-6, HMAC_STALE", "-5,", "0,", "5,", "6, HMAC_STALE", "100000, HMAC_STALE"})
    void aPacketOutsideTheWindowIsStale(int offset, @Nullable RejectReason expected) {
        assertThat(verify(enforce(5), signed(enforce(5), NOW + offset), SENDER, NOW))
                .isEqualTo(expected);
    }

    @Test
    void withoutAWindowOnlyGrowthCounts() {
        HmacAuthentication receiver = enforce(HmacSettings.MONOTONIC);

        assertThat(verify(receiver, signed(enforce(5), NOW - 1_000_000), SENDER, NOW))
                .isNull();
        assertThat(verify(receiver, signed(enforce(5), NOW + 1_000_000), SENDER, NOW))
                .isNull();
        assertThat(verify(receiver, signed(enforce(5), NOW), SENDER, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void eachSenderHasItsOwnSequence() {
        HmacAuthentication receiver = enforce(5);
        assertThat(verify(receiver, signed(enforce(5), SENDER, NOW + 3), SENDER, NOW))
                .isNull();

        assertThat(verify(receiver, signed(enforce(5), OTHER, NOW), OTHER, NOW)).isNull();
        assertThat(verify(receiver, signed(enforce(5), OTHER, NOW), OTHER, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(verify(receiver, signed(enforce(5), SENDER, NOW + 2), SENDER, NOW))
                .isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void aForgeryDoesNotMoveTheSendersSequence() {
        HmacAuthentication receiver = enforce(5);
        ByteBuffer forged = signed(enforce(5), NOW + 5);
        forged.put(forged.limit() - 1, (byte) ~forged.get(forged.limit() - 1));
        mendChecksum(forged, SENDER);

        assertThat(verify(receiver, forged, SENDER, NOW)).isEqualTo(RejectReason.HMAC_BAD);
        assertThat(verify(receiver, signed(enforce(5), NOW), SENDER, NOW)).isNull();
    }

    @Test
    void whenThereAreTooManySendersTheOneSilentForLongestIsForgotten() {
        ReplayGuard guard = new ReplayGuard();
        for (int sender = 0; sender < ReplayGuard.SENDERS; sender++) {
            assertThat(guard.advances(0, sender, 100, 0, 0)).isTrue();
        }
        assertThat(guard.advances(0, 0, 101, 0, 0)).isTrue();
        assertThat(guard.advances(0, 1000, 100, 0, 0)).isTrue();

        assertThat(guard.advances(0, 0, 101, 0, 0)).isFalse();
        assertThat(guard.advances(0, 2, 100, 0, 0)).isFalse();
        assertThat(guard.advances(0, 1, 100, 0, 0)).isTrue();
    }

    @Test
    void ourSequenceGrowsWhateverTheClockDoes() {
        HmacAuthentication sender = enforce(HmacSettings.MONOTONIC);
        SplittableRandom random = new SplittableRandom(7);
        long last = sequence(signed(sender, NOW));
        for (int i = 0; i < 10_000; i++) {
            long next = sequence(signed(sender, NOW - 50 + random.nextInt(100)));
            assertThat(next - last).isPositive();
            last = next;
        }
    }

    @Test
    void aSenderWhoseClockWasAheadIsHeardAgainOnceItIsMended() {
        HmacAuthentication sender = enforce(5);
        HmacAuthentication receiver = enforce(5);
        assertThat(verify(receiver, signed(sender, NOW + 3600), SENDER, NOW + 3600))
                .isNull();

        ByteBuffer mended = signed(sender, NOW);

        assertThat(sequence(mended) >>> 32).isEqualTo(NOW);
        assertThat(verify(receiver, mended, SENDER, NOW)).isNull();
        assertThat(verify(receiver, mended, SENDER, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void aSmallStepBackKeepsTheSequenceGrowing() {
        HmacAuthentication sender = enforce(5);
        long before = sequence(signed(sender, NOW + 3));

        assertThat(sequence(signed(sender, NOW))).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x7FFF_FFFFL, 0xFFFF_FFFFL})
    void sequencesGoOnWhereTheSecondsWrap(long seconds) {
        HmacAuthentication sender = enforce(5);
        HmacAuthentication receiver = enforce(5);

        assertThat(verify(receiver, signed(sender, seconds), SENDER, seconds)).isNull();
        assertThat(verify(receiver, signed(sender, seconds + 1), SENDER, seconds + 1))
                .isNull();
        assertThat(verify(enforce(5), signed(enforce(5), seconds + 1), SENDER, seconds))
                .isNull();
    }

    @Test
    void aFirstSequenceAfter2038IsSigned() {
        assertThat(sequence(signed(enforce(0), 0x9000_0000L)) >>> 32).isEqualTo(0x9000_0000L);
    }

    @ParameterizedTest
    @CsvSource({"10000000, 5", "1000000000, 5", "2000000000, 6", "2010000000, 7", "255000000000, 300"})
    void theWindowIsThreeIntervals(long intervalNanos, int seconds) {
        assertThat(HmacSettings.defaultWindowSeconds(intervalNanos)).isEqualTo(seconds);
    }

    @Test
    void wrongKeysAreRefusedAndNotQuoted() {
        String secret = "0123456789012345678901234567890g";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacKey(0, SECRET))
                .withMessageContaining("1..255, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacKey(256, SECRET))
                .withMessageContaining("1..255, not 256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacKey(1, bytes(0, 31)))
                .withMessageContaining("32..64 bytes, not 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacKey(1, bytes(0, 65)))
                .withMessageContaining("32..64 bytes, not 65");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HmacKey.parse(1, "hex:" + secret))
                .withMessageContaining("hexadecimal")
                .withMessageNotContaining("0123")
                .withNoCause();
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacSettings(List.of(KEY, KEY), 1, HmacMode.ENFORCE, 5))
                .withMessageContaining("an id of its own, not [1, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacSettings(List.of(KEY), 2, HmacMode.ENFORCE, 5))
                .withMessageContaining("one of [1], not 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacSettings(List.of(KEY), 1, HmacMode.ENFORCE, 301))
                .withMessageContaining("1..300 s, not 301 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HmacSettings(List.of(KEY), 1, HmacMode.ENFORCE, -1))
                .withMessageContaining("1..300 s, not -1 s");
    }

    @Test
    void secretsAreNotShown() {
        HmacKey key = HmacKey.parse(3, "a secret that nobody else may see");
        HmacSettings settings = new HmacSettings(List.of(key), 3, HmacMode.ENFORCE, 5);

        assertThat(settings.toString()).contains("HmacKey[3, ********]").doesNotContain("secret");
        assertThat(key).isEqualTo(HmacKey.parse(3, "a secret that nobody else may see"));
        assertThat(key).isNotEqualTo(HmacKey.parse(3, "a secret that nobody else can see"));
        assertThat(key.hashCode())
                .isEqualTo(HmacKey.parse(3, "a secret that nobody else may see").hashCode());
    }

    @Test
    void randomBytesAreNeverBelieved() {
        SplittableRandom random = new SplittableRandom(42);
        HmacAuthentication receiver = enforce(HmacSettings.MONOTONIC);
        for (int i = 0; i < 20_000; i++) {
            byte[] image = draftIpv6();
            int changes = random.nextInt(1, 4);
            for (int c = 0; c < changes; c++) {
                int at = random.nextInt(image.length);
                // Not the checksum, which is none of the signature's, and no change that takes another back.
                if (at != 6 && at != 7) {
                    image[at] = (byte) ~draftIpv6()[at];
                }
            }
            if (Arrays.equals(image, draftIpv6())) {
                continue;
            }
            assertThat(verify(receiver, mended(image), SENDER, NOW)).isNotNull();
        }
    }

    @Test
    void whatAllocationIsLeftIsTheDigests() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        HmacAuthentication sender = enforce(5);
        HmacAuthentication receiver = enforce(5);
        ByteBuffer packet = ByteBuffer.allocateDirect(52).put(draftIpv6()).flip();
        int rounds = 20_000;
        long allocated = 0;
        for (int round = -rounds; round < rounds; round++) {
            long before = round < 0
                    ? 0
                    : threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
            sender.sign(packet, SENDER.high(), SENDER.low(), NOW, round + rounds);
            mendChecksum(packet, SENDER);
            RejectReason refused = verify(receiver, packet, SENDER, NOW);
            if (round >= 0) {
                allocated +=
                        threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
            }
            assertThat(refused).isNull();
        }

        // Two digests of 32 bytes, an array each, for signing and the same for verifying.
        assertThat(allocated / rounds).as("bytes per packet sent and received").isLessThanOrEqualTo(2 * 2 * 48);
    }

    private static HmacAuthentication enforce(int windowSeconds) {
        return new HmacAuthentication(
                new HmacSettings(List.of(KEY), 1, HmacMode.ENFORCE, windowSeconds), IpFamily.IPV6, VrrpVersion.V3, 51);
    }

    private static HmacAuthentication authentication(List<HmacKey> keys, int active) {
        return new HmacAuthentication(
                new HmacSettings(keys, active, HmacMode.ENFORCE, 5), IpFamily.IPV6, VrrpVersion.V3, 51);
    }

    /** One that fits what was read last. */
    private static HmacAuthentication of(HmacKey key, HmacMode mode, int window, AdvertisementReader read) {
        return new HmacAuthentication(
                new HmacSettings(List.of(key), key.id(), mode, window),
                read.address(0).family(),
                read.version(),
                read.virtualRouterId());
    }

    private @Nullable RejectReason read(ByteBuffer packet, String source, String destination) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        return reader.read(packet, from.family(), from.high(), from.low(), to.high(), to.low(), true);
    }

    private @Nullable RejectReason verify(
            HmacAuthentication authentication, ByteBuffer packet, IpAddress source, long now) {
        RejectReason malformed =
                reader.read(packet, IpFamily.IPV6, source.high(), source.low(), PEER.high(), PEER.low(), true);
        return malformed != null ? malformed : authentication.verify(reader, source.high(), source.low(), now);
    }

    private static ByteBuffer signed(HmacAuthentication sender, long seconds) {
        return signed(sender, SENDER, seconds);
    }

    private static ByteBuffer signed(HmacAuthentication sender, IpAddress source, long seconds) {
        ByteBuffer packet = ByteBuffer.wrap(draftIpv6());
        sender.sign(packet, source.high(), source.low(), seconds, 0);
        mendChecksum(packet, source);
        return packet;
    }

    private static long sequence(ByteBuffer packet) {
        return packet.getLong(packet.limit() - HmacTrailer.LENGTH + HmacTrailer.SEQUENCE_OFFSET);
    }

    private static ByteBuffer mended(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        mendChecksum(buffer, SENDER);
        return buffer;
    }

    /** What the kernel does on sending: the checksum over all of it. */
    private static void mendChecksum(ByteBuffer packet, IpAddress source) {
        packet.putShort(AdvertisementCodec.CHECKSUM_OFFSET, (short) 0);
        long sum = InternetChecksum.sum(packet, 0, packet.limit())
                + InternetChecksum.pseudoHeader(
                        IpFamily.IPV6,
                        source.high(),
                        source.low(),
                        PEER.high(),
                        PEER.low(),
                        AdvertisementCodec.IP_PROTOCOL,
                        packet.limit());
        packet.putShort(AdvertisementCodec.CHECKSUM_OFFSET, (short) ~InternetChecksum.fold(sum));
    }

    private static byte[] draftIpv6() {
        return HEX.parseHex("3133c8010064a2e9fe800000000000000000000000000100" + "010100006800000080000000"
                + "c8c56146ebfd66ee10ec4d8186461b78");
    }

    private static byte[] bytes(int from, int count) {
        byte[] bytes = new byte[count];
        IntStream.range(0, count).forEach(i -> bytes[i] = (byte) (from + i));
        return bytes;
    }
}
