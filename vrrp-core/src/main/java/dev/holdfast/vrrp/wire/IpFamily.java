package dev.holdfast.vrrp.wire;

/** The two families of the Internet Protocol that VRRP runs on. */
public enum IpFamily {
    IPV4(4),
    IPV6(16);

    private final int addressBytes;

    IpFamily(int addressBytes) {
        this.addressBytes = addressBytes;
    }

    /** Length of one address on the wire, in bytes. */
    public int addressBytes() {
        return addressBytes;
    }
}
