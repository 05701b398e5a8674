package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;

/** The ones' complement sum of IP (RFC 1071). Sums are kept in a long and folded once, at the end. */
final class InternetChecksum {
    private InternetChecksum() {}

    /** The sum of the 16-bit words from {@code offset} on; a last odd byte counts as the upper half of a word. */
    static long sum(ByteBuffer bytes, int offset, int length) {
        // Byte by byte, because the buffer's byte order belongs to the caller.
        long sum = 0;
        int end = offset + (length & ~1);
        for (int i = offset; i < end; i += 2) {
            sum += (bytes.get(i) & 0xFF) << 8 | (bytes.get(i + 1) & 0xFF);
        }
        return (length & 1) == 0 ? sum : sum + ((bytes.get(end) & 0xFF) << 8);
    }

    /** The sum of the pseudo-header; the layouts of both families add up alike (RFC 9568 section 5.2.8). */
    static long pseudoHeader(
            IpFamily family, long srcHigh, long srcLow, long dstHigh, long dstLow, int protocol, int length) {
        long addresses = words(srcLow) + words(dstLow);
        if (family == IpFamily.IPV6) {
            addresses += words(srcHigh) + words(dstHigh);
        }
        return addresses + protocol + length;
    }

    /** The sum as 16 bits, carries added in; not complemented. Data with a correct checksum folds to 0xFFFF. */
    static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) folded;
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & 0xFFFF) + (value >>> 16 & 0xFFFF) + (value & 0xFFFF);
    }
}
