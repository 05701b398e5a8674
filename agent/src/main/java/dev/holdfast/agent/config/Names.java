package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.regex.Pattern;

/** What may be the name of something, and what may be the address of a host. */
final class Names {
    /** What an interface's name is, for messages. */
    static final String INTERFACE_FORM = "the name of a network interface, 1..15 characters without blanks and /";

    private static final String NAME_FORM = "a name of 1..64 characters without blanks, quotes, \\, { and }";
    // Names stand between blanks in the state file and in log lines, and between quotes in metrics.
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}\"'\\\\{}]{1,64}");
    private static final Pattern INTERFACE = Pattern.compile("[^\\s\\p{Cntrl}/\"'\\\\{}]{1,15}");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}\\$?");
    private static final IpAddress BROADCAST = IpAddress.parse("255.255.255.255");

    private Names() {}

    /** Reports the name of an instance or script that can't be one. */
    static void check(Report report, String path, String name) {
        if (!NAME.matcher(name).matches()) {
            report.fault(FaultReason.MALFORMED, path, "", NAME_FORM);
        }
    }

    static String networkInterface(String text) {
        if (!INTERFACE.matcher(text).matches() || text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException(INTERFACE_FORM);
        }
        return text;
    }

    static String user(String text) {
        if (!USER.matcher(text).matches()) {
            throw new IllegalArgumentException("the name of a user");
        }
        return text;
    }

    /** Whether the address can belong to one host: not multicast, broadcast, unspecified or loopback. */
    static boolean isHostAddress(IpAddress address) {
        boolean special = address.family() == IpFamily.IPV4
                ? address.low() >>> 24 == 0 || address.low() >>> 24 == 127 || address.equals(BROADCAST)
                : address.high() == 0 && address.low() <= 1 && address.low() >= 0;
        return !special && !address.isMulticast();
    }
}
