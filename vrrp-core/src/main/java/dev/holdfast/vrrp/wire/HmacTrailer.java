package dev.holdfast.vrrp.wire;

/**
 * The bytes that authenticate an advertisement, appended to the VRRP message of either version (draft-cassen-vrrp-auth-hmac,
 * keepalived since 2.4.2), network byte order:
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Scheme (1)   |    Key Id     |           Reserved            |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                 Sequence: seconds since 1970                  |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Sequence: 1/65536 seconds    |      Sequence: counter        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                HMAC-SHA256, its first 128 bits                |
 *   |                            (4 words)                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 * The HMAC is taken over a pseudo-header of 20 bytes (4 or 6 for the IP version, the VRRP version, the virtual router id, 0, the
 * source address, zeros up to 16 bytes), the VRRP message with a checksum of 0, the trailer up to the HMAC, and 16 zeros. The
 * destination is not part of it, so one signature serves all unicast peers.
 *
 * <p>Over IPv4 the message's checksum does not cover the trailer; over IPv6, where it is the kernel's, it does.
 */
final class HmacTrailer {
    static final int LENGTH = 28;
    static final int SCHEME_HMAC_SHA256 = 1;

    static final int SCHEME_OFFSET = 0;
    static final int KEY_ID_OFFSET = 1;
    static final int RESERVED_OFFSET = 2;
    static final int SEQUENCE_OFFSET = 4;
    static final int HMAC_OFFSET = 12;
    static final int HMAC_LENGTH = 16;

    static final int PSEUDO_HEADER_LENGTH = 20;

    private static final long FRACTIONS_PER_SECOND = 65_536;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private HmacTrailer() {}

    /** The sequence that a clock gives, with a counter of 0; the seconds wrap in 2106. */
    static long sequence(long utcSeconds, int nanoOfSecond) {
        long fraction = nanoOfSecond * FRACTIONS_PER_SECOND / SECOND_NANOS;
        return utcSeconds << 32 | fraction << 16;
    }

    /** Whether one sequence is later than the other, also where the seconds wrap (RFC 1982). */
    static boolean isAfter(long sequence, long other) {
        return sequence - other > 0;
    }

    /** How many seconds the time in a sequence is behind this one; negative: ahead. */
    static int ageSeconds(long sequence, long utcSeconds) {
        return (int) utcSeconds - (int) (sequence >>> 32);
    }
}
