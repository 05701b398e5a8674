package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** 48-bit hardware addresses in the lower bits of a long. */
final class MacAddress {
    static final int LENGTH = 6;

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private MacAddress() {}

    static long toLong(byte[] mac) {
        if (mac.length != LENGTH) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + mac.length);
        }
        long value = 0;
        for (byte b : mac) {
            value = value << 8 | (b & 0xFF);
        }
        return value;
    }

    static void put(ByteBuffer out, long mac) {
        out.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    static long read(ByteBuffer in, int offset) {
        return (in.getShort(offset) & 0xFFFFL) << 32 | (in.getInt(offset + 2) & 0xFFFF_FFFFL);
    }

    static String toText(long mac) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        put(bytes, mac);
        return COLONS.formatHex(bytes.array());
    }
}
