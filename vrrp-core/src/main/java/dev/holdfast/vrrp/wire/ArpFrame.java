package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Whole Ethernet frames with ARP for IPv4 inside (RFC 826), 42 bytes; the driver pads them.
 * <pre>
 *   destination MAC (6) | source MAC (6) | EtherType 0x0806 (2)
 *   hardware 1 (2) | protocol 0x0800 (2) | 6 (1) | 4 (1) | opcode (2)
 *   sender MAC (6) | sender IP (4) | target MAC (6) | target IP (4)
 * </pre>
 */
public final class ArpFrame {
    /** The length of a frame, in bytes, without padding and check sequence. */
    public static final int LENGTH = 42;

    /** Opcode of a request. */
    public static final int REQUEST = 1;

    /** Opcode of a reply. */
    public static final int REPLY = 2;

    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int ETHER_TYPE = 0x0806;
    /** Hardware Ethernet, protocol IPv4, address lengths 6 and 4: the only ARP there is on these links. */
    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

    private ArpFrame() {}

    /**
     * Tells all neighbours that the address is at this MAC, as a request that nobody needs to answer (RFC 5227 section 3,
     * "ARP Announcement"). The target MAC is broadcast, as keepalived sends it; receivers ignore it.
     *
     * @param mac 6 bytes
     * @param vip an IPv4 address
     */
    public static byte[] gratuitousRequest(byte[] mac, IpAddress vip) {
        long sender = MacAddress.toLong(mac);
        return frame(REQUEST, sender, low(vip), BROADCAST, low(vip));
    }

    /**
     * The same as an unasked reply, for those stacks that ignore the request form. The target MAC is the sender's own
     * (RFC 5944 section 4.6): Linux takes a reply for gratuitous only then.
     *
     * @param mac 6 bytes
     * @param vip an IPv4 address
     */
    public static byte[] gratuitousReply(byte[] mac, IpAddress vip) {
        long sender = MacAddress.toLong(mac);
        return frame(REPLY, sender, low(vip), sender, low(vip));
    }

    /**
     * Asks whether somebody else holds the address, without spoiling anybody's cache: the sender address is 0.0.0.0
     * (RFC 5227 section 2.1.1).
     *
     * @param mac 6 bytes
     * @param vip an IPv4 address
     */
    public static byte[] probe(byte[] mac, IpAddress vip) {
        return frame(REQUEST, MacAddress.toLong(mac), 0, 0, low(vip));
    }

    /**
     * The everyday question who has an address, which its holder answers (RFC 826).
     *
     * @param mac 6 bytes
     * @param sender the asking host's own IPv4 address
     * @param target the IPv4 address asked for
     */
    public static byte[] request(byte[] mac, IpAddress sender, IpAddress target) {
        return frame(REQUEST, MacAddress.toLong(mac), low(sender), 0, low(target));
    }

    /**
     * What an ARP frame says.
     *
     * @param opcode {@link #REQUEST}, {@link #REPLY} or another 16-bit number
     * @param senderMac the sender's hardware address in the lower 48 bits
     * @param senderIp the sender's address; 0.0.0.0 in a probe
     * @param targetIp the address it is about
     */
    public record Message(int opcode, long senderMac, IpAddress senderIp, IpAddress targetIp) {
        /** The sender's hardware address as people write it, {@code 02:00:0a:4d:00:0d}. */
        public String senderMacText() {
            return MacAddress.toText(senderMac);
        }
    }

    /**
     * Reads a frame from the buffer's position on; padding behind it is ignored and the buffer is left as it was.
     *
     * @return empty if it is not ARP for IPv4 over Ethernet
     */
    public static Optional<Message> parse(ByteBuffer frame) {
        if (frame.remaining() < LENGTH) {
            return Optional.empty();
        }
        ByteBuffer in = frame.slice();
        boolean isArp = in.getShort(12) == ETHER_TYPE && MacAddress.read(in, 14) == ETHERNET_IPV4;
        return isArp
                ? Optional.of(new Message(
                        in.getShort(20) & 0xFFFF,
                        MacAddress.read(in, 22),
                        new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(in.getInt(28))),
                        new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(in.getInt(38)))))
                : Optional.empty();
    }

    private static byte[] frame(int opcode, long senderMac, int senderIp, long targetMac, int targetIp) {
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        MacAddress.put(out, BROADCAST);
        MacAddress.put(out, senderMac);
        out.putShort((short) ETHER_TYPE);
        MacAddress.put(out, ETHERNET_IPV4);
        out.putShort((short) opcode);
        MacAddress.put(out, senderMac);
        out.putInt(senderIp);
        MacAddress.put(out, targetMac);
        out.putInt(targetIp);
        return out.array();
    }

    private static int low(IpAddress vip) {
        if (vip.family() != IpFamily.IPV4) {
            throw new IllegalArgumentException("ARP is for IPv4, not for " + vip);
        }
        return (int) vip.low();
    }
}
