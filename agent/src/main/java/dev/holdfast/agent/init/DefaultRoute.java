package dev.holdfast.agent.init;

import dev.holdfast.vrrp.wire.IpAddress;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where packets for everywhere else go.
 *
 * @param interfaceName by which interface
 * @param gateway to whom
 */
public record DefaultRoute(String interfaceName, IpAddress gateway) {
    private static final int RTF_UP = 0x1;
    private static final int RTF_GATEWAY = 0x2;
    private static final int COLUMNS = 8;

    /**
     * The one with the lowest metric.
     *
     * @param table the text of {@code /proc/net/route}: addresses as hexadecimal words in the machine's byte order
     */
    static Optional<DefaultRoute> parse(String table) {
        return table.lines()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length >= COLUMNS && f[1].equals("00000000") && f[7].equals("00000000"))
                .filter(f -> (Integer.parseInt(f[3], 16) & (RTF_UP | RTF_GATEWAY)) == (RTF_UP | RTF_GATEWAY))
                .min(Comparator.comparingLong(f -> Long.parseLong(f[6])))
                .map(f -> new DefaultRoute(f[0], address(f[2])));
    }

    private static IpAddress address(String word) {
        byte[] bytes = HexFormat.of().parseHex(word);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            bytes = new byte[] {bytes[3], bytes[2], bytes[1], bytes[0]};
        }
        return IpAddress.of(bytes);
    }
}
