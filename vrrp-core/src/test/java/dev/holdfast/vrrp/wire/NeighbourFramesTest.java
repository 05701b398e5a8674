package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourFramesTest {
    private static final byte[] MAC = Captures.SENDER_MAC;
    private static final IpAddress VIP = IpAddress.parse("10.77.0.103");

    @Test
    void theGratuitousRequestIsKeepalivedsByteForByte() {
        // keepalived 2.2.7
        assertThat(hex(ArpFrame.gratuitousRequest(MAC, VIP)))
                .isEqualTo("ffffffffffff6a9928b47cb7080600010800060400016a9928b47cb70a4d0067ffffffffffff0a4d0067");
    }

    @Test
    void theGratuitousReplyNamesItsSenderAsTheTargetToo() {
        assertThat(hex(ArpFrame.gratuitousReply(MAC, VIP)))
                .isEqualTo("ffffffffffff6a9928b47cb7080600010800060400026a9928b47cb70a4d00676a9928b47cb70a4d0067");
    }

    @Test
    void theProbeClaimsNoAddress() {
        assertThat(hex(ArpFrame.probe(MAC, VIP)))
                .isEqualTo("ffffffffffff6a9928b47cb7080600010800060400016a9928b47cb7000000000000000000000a4d0067");
    }

    @ParameterizedTest
    @CsvSource({
        // keepalived 2.2.7
        "fe80::54, 333300000001"
                + "6a9928b47cb786dd6000000000203afffe800000000000000000000000000054ff020000000000000000000000000001"
                + "880048f120000000fe80000000000000000000000000005402016a9928b47cb7",
        "fd00::54, 333300000001"
                + "6a9928b47cb786dd6000000000203afffd000000000000000000000000000054ff020000000000000000000000000001"
                + "88004bf120000000fd00000000000000000000000000005402016a9928b47cb7"
    })
    void theNeighborAdvertisementIsKeepalivedsByteForByte(String vip, String frame) {
        assertThat(hex(NeighborAdvertisement.unsolicited(MAC, IpAddress.parse(vip), false)))
                .isEqualTo(frame);
    }

    @Test
    void aRouterSaysThatItIsOne() {
        byte[] frame = NeighborAdvertisement.unsolicited(MAC, IpAddress.parse("fd00::54"), true);

        assertThat(frame[58]).isEqualTo((byte) 0xA0);
        // 0x4bf1 less the flag's 0x8000, as ones' complement.
        assertThat(hex(frame).substring(112, 116)).isEqualTo("cbf0");
    }

    @Test
    void aFrameIsReadBack() {
        ByteBuffer padded = ByteBuffer.allocate(66).order(ByteOrder.LITTLE_ENDIAN);
        padded.position(6).put(ArpFrame.gratuitousReply(MAC, VIP)).position(6);

        assertThat(ArpFrame.parse(padded)).hasValueSatisfying(message -> {
            assertThat(message.opcode()).isEqualTo(ArpFrame.REPLY);
            assertThat(message.senderMac()).isEqualTo(0x6a9928b47cb7L);
            assertThat(message.senderMacText()).isEqualTo("6a:99:28:b4:7c:b7");
            assertThat(message.senderIp()).isEqualTo(VIP);
            assertThat(message.targetIp()).isEqualTo(VIP);
        });
        assertThat(padded.position()).isEqualTo(6);
        assertThat(ArpFrame.parse(ByteBuffer.wrap(ArpFrame.probe(MAC, VIP))))
                .hasValueSatisfying(message -> assertThat(message.senderIp()).isEqualTo(IpAddress.parse("0.0.0.0")));
    }

    @ParameterizedTest
    @CsvSource({"12, 0x86", "15, 6", "16, 0x86", "18, 8", "19, 16"})
    void whatIsNotArpForIpv4OverEthernetIsNoArp(int offset, String value) {
        byte[] frame = ArpFrame.gratuitousRequest(MAC, VIP);
        frame[offset] = Integer.decode(value).byteValue();

        assertThat(ArpFrame.parse(ByteBuffer.wrap(frame))).isEmpty();
    }

    @Test
    void parsingNeverThrows() {
        Random random = new Random(7);
        byte[] right = ArpFrame.probe(MAC, VIP);
        for (int length = 0; length < right.length; length++) {
            assertThat(ArpFrame.parse(ByteBuffer.wrap(right, 0, length))).isEmpty();
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            assertThat(ArpFrame.parse(ByteBuffer.wrap(bytes))).isEmpty();
        }
    }

    @Test
    void theWrongFamilyOrMacIsRefused() {
        IpAddress ipv6 = IpAddress.parse("fd00::54");

        assertThatIllegalArgumentException().isThrownBy(() -> ArpFrame.gratuitousRequest(MAC, ipv6));
        assertThatIllegalArgumentException().isThrownBy(() -> NeighborAdvertisement.unsolicited(MAC, VIP, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArpFrame.probe(new byte[5], VIP))
                .withMessage("a MAC address has 6 bytes, not 5");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
