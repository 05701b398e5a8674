package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a neighbour puts on the link as ARP, and whatever we say there about an address. */
@Tag("fuzz")
@Timeout(10)
class NeighbourFramesFuzzTest {
    private static final byte[] MAC = {2, 0, 10, 77, 0, 11};
    private static final IpAddress VIP = IpAddress.parse("10.77.0.100");

    static Stream<byte[]> frames() {
        return Stream.of(
                ArpFrame.gratuitousRequest(MAC, VIP),
                ArpFrame.gratuitousReply(MAC, VIP),
                ArpFrame.probe(MAC, VIP),
                // As a driver pads it.
                Arrays.copyOf(ArpFrame.request(MAC, IpAddress.parse("10.77.0.11"), VIP), 60));
    }

    @MethodSource("frames")
    @FuzzTest
    void aFrameIsReadByTheFormatsOffsetsOrNotAtAll(byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asReadOnlyBuffer();
        Optional<ArpFrame.Message> read = ArpFrame.parse(frame);
        assertThat(frame.position()).isZero();
        assertThat(frame.limit()).isEqualTo(bytes.length);

        ByteBuffer larger = ByteBuffer.allocateDirect(bytes.length + 64);
        larger.put(5, bytes).limit(5 + bytes.length).position(5);
        assertThat(ArpFrame.parse(larger)).isEqualTo(read);

        if (read.isEmpty()) {
            return;
        }
        ArpFrame.Message message = read.get();
        assertThat(bytes.length).isGreaterThanOrEqualTo(ArpFrame.LENGTH);
        byte[] mac = Arrays.copyOfRange(bytes, 22, 28);
        assertThat(message.senderMac()).isEqualTo(MacAddress.toLong(mac));
        assertThat(message.senderMacText()).matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
        assertThat(message.senderIp()).isEqualTo(IpAddress.of(Arrays.copyOfRange(bytes, 28, 32)));
        assertThat(message.targetIp()).isEqualTo(IpAddress.of(Arrays.copyOfRange(bytes, 38, 42)));
        if (message.opcode() == ArpFrame.REQUEST) {
            byte[] again = ArpFrame.request(mac, message.senderIp(), message.targetIp());
            assertThat(ArpFrame.parse(ByteBuffer.wrap(again))).contains(message);
        }
    }

    static Stream<byte[]> claims() {
        byte[] claim = new byte[23];
        System.arraycopy(MAC, 0, claim, 1, MAC.length);
        System.arraycopy(IpAddress.parse("fd00:77::100").toBytes(), 0, claim, 7, 16);
        return Stream.of(claim);
    }

    @MethodSource("claims")
    @FuzzTest
    void aNeighborAdvertisementAddsUpWhateverItSays(byte[] input) {
        if (input.length < 23) {
            return;
        }
        byte[] mac = Arrays.copyOfRange(input, 1, 7);
        byte[] address = Arrays.copyOfRange(input, 7, 23);
        byte[] frame = NeighborAdvertisement.unsolicited(mac, IpAddress.of(address), (input[0] & 1) != 0);

        assertThat(frame).hasSize(NeighborAdvertisement.LENGTH);
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        assertThat(Arrays.copyOfRange(frame, 6, 12)).isEqualTo(mac);
        assertThat(Arrays.copyOfRange(frame, 22, 38)).isEqualTo(address);
        assertThat(Arrays.copyOfRange(frame, 62, 78)).isEqualTo(address);
        assertThat(frame[58] >>> 7 & 1).isEqualTo(input[0] & 1);
        long sum = InternetChecksum.sum(bytes, 54, 32)
                + InternetChecksum.pseudoHeader(
                        IpFamily.IPV6,
                        bytes.getLong(22),
                        bytes.getLong(30),
                        bytes.getLong(38),
                        bytes.getLong(46),
                        58,
                        32);
        assertThat(InternetChecksum.fold(sum)).isEqualTo(0xFFFF);
    }
}
