package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.holdfast.vrrp.wire.Captures.Capture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class Ipv4HeaderTest {
    private static final Capture CAPTURE = Captures.named("v2 without authentication, two addresses");

    static final List<Capture> CAPTURES =
            Captures.ALL.stream().filter(c -> c.family() == IpFamily.IPV4).toList();

    private final Ipv4Header header = new Ipv4Header();

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void leadsToTheMessage(Capture capture) {
        ByteBuffer datagram = ByteBuffer.wrap(capture.packet());

        assertThat(header.read(datagram, 255)).isNull();

        assertThat(datagram.slice()).isEqualTo(capture.message());
        assertThat(header.source()).isEqualTo(Captures.SENDER.low());
        assertThat(header.destination()).isEqualTo(AdvertisementCodec.GROUP_IPV4.low());
        assertThat(header.ttl()).isEqualTo(255);
    }

    @Test
    void readsWhatItWrites() {
        IpAddress source = IpAddress.parse("192.0.2.254");
        IpAddress destination = IpAddress.parse("224.0.0.18");
        ByteBuffer datagram =
                ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN).position(5);
        datagram.put(25, (byte) 0x31).limit(5 + 20 + 16);

        Ipv4Header.write(datagram, 0xC0, 254, source.low(), destination.low());

        assertThat(datagram.position()).isEqualTo(5);
        assertThat(datagram.get(6)).isEqualTo((byte) 0xC0);
        assertThat(header.read(datagram, 254)).isNull();
        assertThat(datagram.remaining()).isEqualTo(16);
        assertThat(datagram.get(datagram.position())).isEqualTo((byte) 0x31);
        assertThat(header.ttl()).isEqualTo(254);
        assertThat(header.source()).isEqualTo(source.low());
        assertThat(header.destination()).isEqualTo(destination.low());
    }

    @Test
    void stepsOverOptionsAndCutsPaddingInADirectLittleEndianBuffer() {
        byte[] packet = CAPTURE.packet();
        ByteBuffer datagram =
                ByteBuffer.allocateDirect(128).order(ByteOrder.LITTLE_ENDIAN).position(5);
        datagram.put(packet, 0, 20).put(new byte[] {1, 1, 1, 1}).put(packet, 20, packet.length - 20);
        datagram.put(5, (byte) 0x46).put(5 + 3, (byte) (packet.length + 4));
        datagram.limit(datagram.position() + 9).position(5);

        assertThat(header.read(datagram, 255)).isNull();

        assertThat(datagram.slice()).isEqualTo(CAPTURE.message());
    }

    static final List<Arguments> REFUSED = List.of(
            arguments(RejectReason.TRUNCATED, (UnaryOperator<byte[]>) p -> Arrays.copyOf(p, 0)),
            arguments(RejectReason.TRUNCATED, (UnaryOperator<byte[]>) p -> Arrays.copyOf(p, 19)),
            arguments(RejectReason.TRUNCATED, (UnaryOperator<byte[]>) p -> Arrays.copyOf(p, p.length - 1)),
            arguments(RejectReason.IP_HEADER, set(0, 0x65)),
            arguments(RejectReason.IP_HEADER, set(0, 0x44)),
            arguments(RejectReason.IP_HEADER, set(9, 17)),
            arguments(RejectReason.IP_HEADER, set(3, 19)),
            arguments(RejectReason.FRAGMENT, set(6, 0x20)),
            arguments(RejectReason.FRAGMENT, set(7, 1)),
            arguments(RejectReason.TTL, set(8, 254)),
            arguments(RejectReason.TTL, set(8, 0)));

    @ParameterizedTest
    @FieldSource("REFUSED")
    void refusesWithANamedReason(RejectReason reason, UnaryOperator<byte[]> change) {
        ByteBuffer datagram = ByteBuffer.wrap(change.apply(CAPTURE.packet()));
        int limit = datagram.limit();

        assertThat(header.read(datagram, 255)).isEqualTo(reason);
        assertThat(datagram.position()).isZero();
        assertThat(datagram.limit()).isEqualTo(limit);
    }

    @Test
    void dontFragmentIsNoFragment() {
        assertThat(header.read(ByteBuffer.wrap(set(6, 0x40).apply(CAPTURE.packet())), 255))
                .isNull();
    }

    @Test
    void theCallerSaysWhichTtlIsEnough() {
        assertThat(header.read(ByteBuffer.wrap(set(8, 200).apply(CAPTURE.packet())), 200))
                .isNull();
        assertThat(header.ttl()).isEqualTo(200);
    }

    @Test
    void neverThrowsOnRandomBytesAndNeverLeavesTheDatagram() {
        Random random = new Random(20);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length >= 20 && random.nextBoolean()) {
                bytes[0] = (byte) (0x40 | random.nextInt(16));
                bytes[2] = 0;
                bytes[9] = 112;
            }
            ByteBuffer datagram = ByteBuffer.wrap(bytes);
            if (header.read(datagram, 0) == null) {
                assertThat(datagram.position()).isBetween(20, datagram.limit());
            }
        }
    }

    private static UnaryOperator<byte[]> set(int offset, int value) {
        return packet -> {
            byte[] changed = packet.clone();
            changed[offset] = (byte) value;
            return changed;
        };
    }
}
