package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/**
 * What keepalived 2.2.7 (Debian 12) sends, captured with tcpdump on a veth pair: for IPv4 whole datagrams, for IPv6 the
 * 40-byte header and the message. The sender is 10.77.0.13, or fe80::6899:28ff:feb4:7cb7.
 */
final class Captures {
    static final IpAddress SENDER = IpAddress.parse("10.77.0.13");
    static final IpAddress SENDER_IPV6 = IpAddress.parse("fe80::6899:28ff:feb4:7cb7");
    static final byte[] SENDER_MAC = HexFormat.of().parseHex("6a9928b47cb7");

    private static final Authentication NONE = new Authentication.None();
    private static final Authentication PASS = new Authentication.Pass("PostgresReplication");

    /** One captured packet and what its configuration says is in it. */
    record Capture(String name, String hex, Advertisement meaning) {
        IpFamily family() {
            return meaning.addresses().getFirst().family();
        }

        IpAddress source() {
            return family() == IpFamily.IPV4 ? SENDER : SENDER_IPV6;
        }

        IpAddress destination() {
            return family() == IpFamily.IPV4 ? AdvertisementCodec.GROUP_IPV4 : AdvertisementCodec.GROUP_IPV6;
        }

        /** The packet with its IP header. */
        byte[] packet() {
            return HexFormat.of().parseHex(hex);
        }

        /** The VRRP message alone. */
        ByteBuffer message() {
            byte[] packet = packet();
            int header = family() == IpFamily.IPV4 ? 20 : 40;
            return ByteBuffer.wrap(packet, header, packet.length - header).slice();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Capture> ALL = List.of(
            new Capture(
                    "v2 without authentication, two addresses",
                    "45c0002c00010000ff70d0340a4d000de000001221336402000165660a4d00640a4d00650000000000000000",
                    v2(51, 100, NONE, "10.77.0.100", "10.77.0.101")),
            new Capture(
                    "v2 without authentication, resigning",
                    "45c0002c00080000ff70d02d0a4d000de0000012213300020001c9660a4d00640a4d00650000000000000000",
                    v2(51, 0, NONE, "10.77.0.100", "10.77.0.101")),
            new Capture(
                    "v2 with auth_pass PostgresReplication, cut to eight bytes",
                    "45c0002800010000ff70d0380a4d000de0000012213496010101ac4c0a4d0066506f737467726573",
                    v2(52, 150, PASS, "10.77.0.102")),
            new Capture(
                    "v2 with PASS, resigning",
                    "45c0002800080000ff70d0310a4d000de0000012213400010101424d0a4d0066506f737467726573",
                    v2(52, 0, PASS, "10.77.0.102")),
            new Capture(
                    "v2 from the owner",
                    "45c0002800010000ff70d0380a4d000de00000122138ff010001d50e0a4d00690000000000000000",
                    v2(56, 255, NONE, "10.77.0.105")),
            new Capture(
                    "v3 every 100 ms, two addresses",
                    "45c0002400010000ff70d03c0a4d000de00000123135c802000a06680a4d00670a4d0068",
                    v3(53, 200, 10, "10.77.0.103", "10.77.0.104")),
            new Capture(
                    "v3 every 100 ms, resigning",
                    "45c0002400620000ff70cfdb0a4d000de000001231350002000ace680a4d00670a4d0068",
                    v3(53, 0, 10, "10.77.0.103", "10.77.0.104")),
            new Capture(
                    "v3 from the owner, every 40.95 s",
                    "45c0002000010000ff70d0400a4d000de00000123137ff010fffca900a4d0001",
                    v3(55, 255, 4095, "10.77.0.1")),
            new Capture(
                    "v3 over IPv6, priority 1, two addresses",
                    "6c04bc9f002870fffe80000000000000689928fffeb47cb7ff020000000000000000000000000012"
                            + "31360102000ac660fe800000000000000000000000000054fd000000000000000000000000000054",
                    v3(54, 1, 10, "fe80::54", "fd00::54")),
            new Capture(
                    "v3 over IPv6, resigning",
                    "6c04bc9f002870fffe80000000000000689928fffeb47cb7ff020000000000000000000000000012"
                            + "31360002000ac760fe800000000000000000000000000054fd000000000000000000000000000054",
                    v3(54, 0, 10, "fe80::54", "fd00::54")));

    private Captures() {}

    static Capture named(String name) {
        return ALL.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    static Advertisement v2(int vrid, int priority, Authentication authentication, String... addresses) {
        return new Advertisement(VrrpVersion.V2, vrid, priority, 1_000_000_000L, parse(addresses), authentication);
    }

    static Advertisement v3(int vrid, int priority, int centiseconds, String... addresses) {
        return new Advertisement(VrrpVersion.V3, vrid, priority, centiseconds * 10_000_000L, parse(addresses), NONE);
    }

    private static List<IpAddress> parse(String... addresses) {
        return List.of(addresses).stream().map(IpAddress::parse).toList();
    }
}
