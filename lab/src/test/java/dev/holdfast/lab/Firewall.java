package dev.holdfast.lab;

import java.util.Locale;

/** A host's own packet filter (nftables): VRRP of both families is dropped on the way in, on the way out, or both. */
final class Firewall {
    private static final String TABLE = "lab_faults";

    private Firewall() {}

    /** Which way VRRP does not pass; named as the kernel's hooks are. */
    enum Way {
        /** What others say is not heard; the sender can't know. */
        INPUT,
        /** What the host says does not leave it; the kernel refuses to send it. */
        OUTPUT
    }

    /** Drops protocol 112 from now on, in addition to what was dropped before. */
    static void drop(Host host, Way way) {
        String hook = way.name().toLowerCase(Locale.ROOT);
        host.exec(
                "nft",
                "add table inet %s; add chain inet %s %s { type filter hook %s priority 0 ; }; "
                                .formatted(TABLE, TABLE, hook, hook)
                        + "add rule inet %s %s meta l4proto 112 drop".formatted(TABLE, hook));
    }

    /** Lets everything pass again. */
    static void open(Host host) {
        host.exec("nft", "delete table inet " + TABLE);
    }
}
