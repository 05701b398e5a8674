package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.Link;

/** What a network interface is good for now. */
public enum LinkState {
    /** Up, and what is below it (cable, peer, lower device) is up too. */
    UP("up"),
    /** The administrator wants it up, but it can't carry frames. */
    NO_CARRIER("no carrier"),
    /** The administrator has it down. */
    DOWN("down"),
    /** There is no interface of that name. */
    ABSENT("no such interface");

    private final String text;

    LinkState(String text) {
        this.text = text;
    }

    static LinkState of(Link link) {
        return link.isUp() ? link.hasCarrier() ? UP : NO_CARRIER : DOWN;
    }

    /** In words, for logs and status. */
    public String text() {
        return text;
    }
}
