package dev.holdfast.vrrp.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that a virtual MAC's link carries (its alias, {@code ip link show}), so that a later run knows what a killed one
 * left behind, and what the interface below had before.
 *
 * @param process who made the link
 * @param before the settings of the interface below; empty if they were not changed
 * @param instance whose it is
 */
record LinkMark(long process, Optional<ArpSettings.Values> before, String instance) {
    private static final Pattern FORM =
            Pattern.compile("holdfast process (\\d{1,10})(?: arp_ignore (\\d) arp_announce (\\d))? instance (.*)");

    /** Reads an alias; empty if it is none of ours. */
    static Optional<LinkMark> parse(String alias) {
        Matcher parts = FORM.matcher(alias);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Optional<ArpSettings.Values> before = Optional.ofNullable(parts.group(2))
                .map(ignore -> new ArpSettings.Values(Integer.parseInt(ignore), Integer.parseInt(parts.group(3))));
        return Optional.of(new LinkMark(Long.parseLong(parts.group(1)), before, parts.group(4)));
    }

    /** Whether another process than this one made it, and lives. */
    boolean isAnothers() {
        return process != ProcessHandle.current().pid()
                && ProcessHandle.of(process).isPresent();
    }

    @Override
    public String toString() {
        return "holdfast process " + process
                + before.map(values -> " arp_ignore " + values.ignore() + " arp_announce " + values.announce())
                        .orElse("")
                + " instance " + instance;
    }
}
