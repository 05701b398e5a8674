package dev.holdfast.vrrp.wire;

/** The protocol's versions in use: 2 (RFC 3768, IPv4 alone) and 3 (RFC 9568, both families). */
public enum VrrpVersion {
    V2(2),
    V3(3);

    private final int number;

    VrrpVersion(int number) {
        this.number = number;
    }

    /** The number in the upper four bits of an advertisement's first byte. */
    public int number() {
        return number;
    }
}
