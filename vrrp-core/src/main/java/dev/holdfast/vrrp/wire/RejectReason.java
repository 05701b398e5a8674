package dev.holdfast.vrrp.wire;

import java.util.Locale;

/**
 * Why a datagram of protocol 112 was refused. The same name serves the test, the log line and the metric's label.
 * Down to CHECKSUM the order of the constants is the order of the checks (RFC 9568 section 7.1, RFC 3768 section 7.1).
 */
public enum RejectReason {
    /** Shorter than its headers say, or than any advertisement is. */
    TRUNCATED,
    /** Not an IPv4 header with protocol 112 behind it. */
    IP_HEADER,
    /** An IP fragment: an advertisement always fits one datagram. */
    FRAGMENT,
    /** The IPv4 TTL or IPv6 hop limit is not 255: it came through a router. For a unicast peer: not in its range. */
    TTL,
    /** The virtual router id is 0, or not one that runs on this interface. */
    UNKNOWN_VRID,
    /** Neither 2 nor 3, or not the version this instance speaks. */
    VERSION,
    /** Not an ADVERTISEMENT (type 1). */
    TYPE,
    /** The length does not fit the number of addresses, or version 3 carries none. */
    LENGTH,
    /** The checksum is wrong. */
    CHECKSUM,
    /** Version 2: another authentication type than the configured one. */
    AUTH_TYPE,
    /** Version 2: the right type and the wrong password. */
    AUTH_DATA,
    /** The instance demands an HMAC trailer, and there is none. */
    HMAC_MISSING,
    /** The HMAC trailer is of another scheme, or its reserved bytes are not 0. */
    HMAC_MALFORMED,
    /** The time in the HMAC trailer is too far from ours: an old packet, or clocks that disagree. */
    HMAC_STALE,
    /** The HMAC trailer names a key that is not configured. */
    HMAC_UNKNOWN_KEY,
    /** The HMAC is wrong: another key under the same id, or a forgery. */
    HMAC_BAD,
    /** The HMAC holds, and its sequence is not beyond the sender's last one: a packet heard before. */
    HMAC_REPLAY,
    /** Version 2: another advertisement interval than the configured one. */
    ADVERT_INTERVAL,
    /** An advertisement interval of zero, which no router may send. */
    ZERO_INTERVAL,
    /** Unicast: the sender is not one of the configured peers. */
    UNKNOWN_PEER,
    /** Sent to another multicast group than the instance's; in strict mode also: to no group at all. */
    DESTINATION,
    /** Strict mode: other virtual addresses than the configured ones. */
    ADDRESS_LIST,
    /** The sender's address is one of ours: the datagram came back to us, or somebody copies us. */
    OWN_ADDRESS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics, status and logs, for example {@code auth_data}. */
    public String label() {
        return label;
    }
}
