package dev.holdfast.vrrp.engine.netlink;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A network interface.
 *
 * @param index the kernel's number for it; a link that is deleted and made again gets another one
 * @param name for example {@code eth0}
 * @param flags IFF_* of netdevice(7)
 * @param mac the Ethernet address in the lower 48 bits; 0 if the link has none
 */
public record Link(int index, String name, int flags, long mac) {
    public static final int IFF_UP = 0x1;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_LOWER_UP = 0x10000;

    /** Whether the administrator wants it up. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Whether it can carry frames: it is up, and so is what is below it (cable, peer, lower device). */
    public boolean hasCarrier() {
        return (flags & IFF_RUNNING) != 0 && (flags & IFF_LOWER_UP) != 0;
    }

    /** The Ethernet address in network order. */
    public byte[] macBytes() {
        return Arrays.copyOfRange(ByteBuffer.allocate(Long.BYTES).putLong(mac).array(), 2, Long.BYTES);
    }
}
