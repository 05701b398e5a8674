package dev.holdfast.vrrp.engine.netlink;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param index the kernel's number for it; a link that is deleted and made again gets another one
 * @param name for example {@code eth0}
 * @param flags IFF_* of netdevice(7)
 * @param mac the Ethernet address in the lower 48 bits; 0 if the link has none
 * @param macvlan what it is as a macvlan; null if it is none
 */
public record Link(
        int index,
        String name,
        int flags,
        long mac,
        @Nullable Macvlan macvlan) {
    public static final int IFF_UP = 0x1;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_LOWER_UP = 0x10000;

    /**
     * A link with an Ethernet address of its own on top of another one.
     *
     * @param base the index of the link below
     * @param mode how several of them get on, see {@link #BRIDGE}
     * @param alias a text that whoever made it left with it; may be empty
     */
    public record Macvlan(int base, int mode, String alias) {
        /** MACVLAN_MODE_BRIDGE: frames that come from another host with the same Ethernet address reach the link below. */
        public static final int BRIDGE = 4;
    }

    /** One that is no macvlan. */
    public Link(int index, String name, int flags, long mac) {
        this(index, name, flags, mac, null);
    }

    /** The same link, wanted up or down. */
    public Link withUp(boolean up) {
        return new Link(index, name, up ? flags | IFF_UP : flags & ~IFF_UP, mac, macvlan);
    }

    /** The same macvlan, with another text left with it. */
    public Link withAlias(String alias) {
        return macvlan == null
                ? this
                : new Link(index, name, flags, mac, new Macvlan(macvlan.base(), macvlan.mode(), alias));
    }

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
