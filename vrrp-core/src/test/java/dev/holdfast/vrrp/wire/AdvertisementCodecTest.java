package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vrrp.wire.Captures.Capture;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AdvertisementCodecTest {
    static final List<Capture> CAPTURES = Captures.ALL;

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void writesTheVeryBytesOfKeepalived(Capture capture) {
        ByteBuffer out = ByteBuffer.allocate(256);

        int length = AdvertisementCodec.encode(capture.meaning(), capture.source(), capture.destination(), out);

        assertThat(length).isEqualTo(AdvertisementCodec.length(capture.meaning()));
        assertThat(out.position()).isEqualTo(length);
        assertThat(HexFormat.of().formatHex(out.array(), 0, length))
                .isEqualTo(HexFormat.of().formatHex(bytes(capture.message())));
    }

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void writesTheSameIntoADirectLittleEndianBufferFromItsPositionOn(Capture capture) {
        ByteBuffer out =
                ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN).position(33);

        int length = AdvertisementCodec.encode(capture.meaning(), capture.source(), capture.destination(), out);

        assertThat(out.position()).isEqualTo(33 + length);
        assertThat(out.flip().position(33).slice()).isEqualTo(capture.message());
    }

    @Test
    void aBufferThatIsTooSmallIsLeftWhereItWas() {
        Capture capture = Captures.ALL.getFirst();
        ByteBuffer out = ByteBuffer.allocate(AdvertisementCodec.length(capture.meaning()) - 1);

        assertThatThrownBy(() ->
                        AdvertisementCodec.encode(capture.meaning(), capture.source(), capture.destination(), out))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(out.position()).isZero();
    }

    @Test
    void familiesMustNotMix() {
        Advertisement ipv4 = Captures.v3(1, 100, 100, "10.0.0.1");
        Advertisement version2 = Captures.v2(1, 100, new Authentication.None());
        ByteBuffer out = ByteBuffer.allocate(256);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> AdvertisementCodec.encode(ipv4, Captures.SENDER_IPV6, AdvertisementCodec.GROUP_IPV6, out))
                .withMessageContaining("one family");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdvertisementCodec.encode(ipv4, Captures.SENDER, AdvertisementCodec.GROUP_IPV6, out));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        AdvertisementCodec.encode(version2, Captures.SENDER_IPV6, AdvertisementCodec.GROUP_IPV6, out));
    }

    @Test
    void theVersion3ChecksumDependsOnTheDestination() {
        Advertisement advertisement = Captures.v3(1, 100, 100, "10.0.0.1");
        ByteBuffer toGroup = ByteBuffer.allocate(64);
        ByteBuffer toPeer = ByteBuffer.allocate(64);

        AdvertisementCodec.encode(advertisement, Captures.SENDER, AdvertisementCodec.GROUP_IPV4, toGroup);
        AdvertisementCodec.encode(advertisement, Captures.SENDER, IpAddress.parse("10.77.0.14"), toPeer);

        assertThat(toPeer.getShort(6)).isNotEqualTo(toGroup.getShort(6));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
