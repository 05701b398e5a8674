package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TimerMath;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.time.Duration;
import java.util.List;

/**
 * One VRRP instance as configured. The engine compares specs to see what a reload changed.
 *
 * @param name unique among the instances of this host
 * @param interfaceName the network interface that adverts use and that holds the addresses; it may appear later
 * @param virtualRouterId 1..255
 * @param version the protocol's version; IPv6 implies 3
 * @param family the family of the adverts and of the advertised addresses
 * @param priority 1..255; 255 is the owner of the addresses
 * @param advertInterval version 2: whole seconds 1..255; version 3: 10 ms..40.95 s in steps of 10 ms
 * @param initialState BACKUP or MASTER; only the state to start in, an election follows
 * @param preempt whether a higher priority takes the role from a living MASTER
 * @param preemptDelay how long to wait before that, 0..1000 s
 * @param addresses the virtual addresses that adverts carry, in the order of the configuration
 * @param excludedAddresses held like the others and not advertised
 * @param transport multicast or unicast
 * @param authentication version 2 alone; none for version 3
 * @param vipLifetime how long the kernel keeps the addresses without a word of this process, whole seconds; zero: for ever
 */
public record InstanceSpec(
        String name,
        String interfaceName,
        int virtualRouterId,
        VrrpVersion version,
        IpFamily family,
        int priority,
        Duration advertInterval,
        VrrpState initialState,
        boolean preempt,
        Duration preemptDelay,
        List<VipAddress> addresses,
        List<VipAddress> excludedAddresses,
        Transport transport,
        Authentication authentication,
        Duration vipLifetime) {
    public InstanceSpec {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
    }

    /**
     * The shortest whole second not under Master_Down_Interval: a MASTER that is gone, stopped or hung has lost its
     * addresses about when another one takes them, and one that lives never loses them before.
     */
    public static Duration automaticVipLifetime(VrrpVersion version, int priority, Duration advertInterval) {
        long nanos = TimerMath.masterDownNanos(version, priority, advertInterval.toNanos());
        return Duration.ofSeconds(Math.ceilDiv(nanos, 1_000_000_000L));
    }
}
