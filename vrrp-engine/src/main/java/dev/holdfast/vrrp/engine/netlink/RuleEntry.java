package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule that says which table routes a packet, marked as ours.
 *
 * @param family whose packets
 * @param action FR_ACT_* of linux/fib_rules.h
 * @param source FRA_SRC
 * @param sourceLength the prefix length of the source; 0 without one
 * @param destination FRA_DST
 * @param destinationLength the prefix length of the destination; 0 without one
 * @param table FRA_TABLE; 0 where the action needs none
 * @param priority FRA_PRIORITY; always said, for otherwise the kernel would add the same rule again, one below all others
 * @param mark FRA_FWMARK
 * @param mask FRA_FWMASK; without it the whole mark counts
 * @param input FRA_IIFNAME
 * @param output FRA_OIFNAME
 */
public record RuleEntry(
        IpFamily family,
        int action,
        Optional<IpAddress> source,
        int sourceLength,
        Optional<IpAddress> destination,
        int destinationLength,
        int table,
        long priority,
        OptionalInt mark,
        OptionalInt mask,
        Optional<String> input,
        Optional<String> output) {}
