package dev.holdfast.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
    void theSolicitationAsksTheGroupOfTheAddress() {
        byte[] frame = NeighborSolicitation.request(MAC, IpAddress.parse("fe80::1"), IpAddress.parse("fd00::1:2:3456"));

        // The destination of RFC 2464 and RFC 4291, the source, type 135, the target and the sender's own MAC.
        assertThat(hex(frame))
                .startsWith("3333ff0234566a9928b47cb786dd6000000000203aff")
                .contains("fe800000000000000000000000000001" + "ff0200000000000000000001ff023456" + "8700")
                .endsWith("00000000" + "fd000000000000000000000100023456" + "01016a9928b47cb7");
        ByteBuffer packet = ByteBuffer.wrap(frame);
        long pseudoHeader = InternetChecksum.sum(packet, 22, 32) + 58 + 32;
        assertThat(InternetChecksum.fold(InternetChecksum.sum(packet, 54, 32) + pseudoHeader))
                .isEqualTo(0xFFFF);
    }

    @Test
    void anAdvertisementIsReadFromItsIcmpHeaderOn() {
        byte[] frame = NeighborAdvertisement.unsolicited(MAC, IpAddress.parse("fd00::54"), false);
        ByteBuffer icmp = ByteBuffer.wrap(frame, 54, 32).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(NeighborAdvertisement.parse(icmp)).hasValueSatisfying(claim -> {
            assertThat(claim.address()).isEqualTo(IpAddress.parse("fd00::54"));
            assertThat(claim.macText()).isEqualTo("6a:99:28:b4:7c:b7");
        });
        assertThat(icmp.position()).isEqualTo(54);
        // Behind an option that is longer, as that of RFC 3971.
        byte[] withOther = Arrays.copyOf(Arrays.copyOfRange(frame, 54, 78), 48);
        withOther[24] = 14;
        withOther[25] = 2;
        System.arraycopy(frame, 78, withOther, 40, 8);
        assertThat(NeighborAdvertisement.parse(ByteBuffer.wrap(withOther)))
                .hasValueSatisfying(claim -> assertThat(claim.mac()).isEqualTo(0x6a9928b47cb7L));
    }

    @ParameterizedTest
    @CsvSource({"0, 135", "1, 1", "24, 1", "25, 0", "25, 2"})
    void whatNamesNoEthernetAddressIsNoClaim(int offset, int value) {
        byte[] icmp =
                Arrays.copyOfRange(NeighborAdvertisement.unsolicited(MAC, IpAddress.parse("fd00::54"), false), 54, 86);
        icmp[offset] = (byte) value;

        assertThat(NeighborAdvertisement.parse(ByteBuffer.wrap(icmp))).isEmpty();
    }

    @Test
    void parsingAnAdvertisementNeverThrows() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) 136;
            }
            assertThat(NeighborAdvertisement.parse(ByteBuffer.wrap(bytes))).isNotNull();
        }
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
        assertThatIllegalArgumentException().isThrownBy(() -> NeighborSolicitation.request(MAC, ipv6, VIP));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArpFrame.probe(new byte[5], VIP))
                .withMessage("a MAC address has 6 bytes, not 5");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
