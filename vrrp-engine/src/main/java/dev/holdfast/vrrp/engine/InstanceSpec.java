package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.fsm.TimerMath;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.HmacSettings;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 * @param routing routes and rules that come and go with the addresses
 * @param promoteSecondaries whether promote_secondaries is set on the interfaces of its addresses while the instance runs
 * @param vipLifetime how long the kernel keeps the addresses without a word of this process, whole seconds; zero: for ever
 * @param announcements how the neighbours are told of the addresses
 * @param hmac signs and verifies the adverts, of either version; not together with an authentication of version 2
 * @param rivals how a MASTER answers other MASTERs
 * @param receiveChecks what else is checked of adverts
 * @param virtualMac the Ethernet address that moves with the addresses; empty: they are at the interface's own
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
        Routing routing,
        boolean promoteSecondaries,
        Duration vipLifetime,
        Announcements announcements,
        Optional<HmacSettings> hmac,
        Rivals rivals,
        ReceiveChecks receiveChecks,
        Optional<VirtualMac> virtualMac) {
    public InstanceSpec {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
    }

    /** The interface that one of its addresses goes on: the one that the address names, or that of the virtual MAC. */
    public String deviceOf(VipAddress vip) {
        return vip.options()
                .device()
                .or(() -> virtualMac.map(VirtualMac::interfaceName))
                .orElse(interfaceName);
    }

    /**
     * The interface on which other holders of one of its addresses show. Below a virtual MAC: what another MASTER with the
     * same MAC answers to that MAC itself, no switch would bring here.
     */
    String claimsDeviceOf(VipAddress vip) {
        return vip.options().device().orElse(interfaceName);
    }

    /**
     * The shortest whole second not under Master_Down_Interval: a MASTER that is gone, stopped or hung has lost its
     * addresses about when another one takes them, and one that lives never loses them before.
     */
    public static Duration automaticVipLifetime(VrrpVersion version, int priority, Duration advertInterval) {
        long nanos = TimerMath.masterDownNanos(version, priority, advertInterval.toNanos());
        return Duration.ofSeconds(Math.ceilDiv(nanos, 1_000_000_000L));
    }

    /** What most instances are: version 2 over IPv4, priority 100, one advert a second, multicast, preempting. */
    public static Builder builder(String name, String interfaceName, int virtualRouterId) {
        return new Builder(name, interfaceName, virtualRouterId);
    }

    /** Collects a spec; what is not said keeps its default. Its methods are the components of the record. */
    public static final class Builder {
        private final String name;
        private final String interfaceName;
        private final int virtualRouterId;
        private VrrpVersion version = VrrpVersion.V2;
        private IpFamily family = IpFamily.IPV4;
        private int priority = 100;
        private Duration advertInterval = Duration.ofSeconds(1);
        private VrrpState initialState = VrrpState.BACKUP;
        private boolean preempt = true;
        private Duration preemptDelay = Duration.ZERO;
        private List<VipAddress> addresses = List.of();
        private List<VipAddress> excludedAddresses = List.of();
        private Transport transport = new Transport.Multicast(Optional.empty());
        private Authentication authentication = new Authentication.None();
        private Optional<HmacSettings> hmac = Optional.empty();
        private Routing routing = Routing.NONE;
        private boolean promoteSecondaries;
        private @Nullable Duration vipLifetime;
        private Announcements announcements = Announcements.DEFAULT;
        private Optional<VirtualMac> virtualMac = Optional.empty();

        private Rivals rivals = Rivals.USUAL;
        private ReceiveChecks receiveChecks = ReceiveChecks.USUAL;

        private Builder(String name, String interfaceName, int virtualRouterId) {
            this.name = name;
            this.interfaceName = interfaceName;
            this.virtualRouterId = virtualRouterId;
        }

        public Builder version(VrrpVersion value) {
            version = value;
            return this;
        }

        public Builder family(IpFamily value) {
            family = value;
            return this;
        }

        public Builder priority(int value) {
            priority = value;
            return this;
        }

        public Builder advertInterval(Duration value) {
            advertInterval = value;
            return this;
        }

        public Builder initialState(VrrpState value) {
            initialState = value;
            return this;
        }

        public Builder preempt(boolean value) {
            preempt = value;
            return this;
        }

        public Builder preemptDelay(Duration value) {
            preemptDelay = value;
            return this;
        }

        public Builder addresses(List<VipAddress> value) {
            addresses = value;
            return this;
        }

        public Builder excludedAddresses(List<VipAddress> value) {
            excludedAddresses = value;
            return this;
        }

        public Builder transport(Transport value) {
            transport = value;
            return this;
        }

        public Builder authentication(Authentication value) {
            authentication = value;
            return this;
        }

        public Builder hmac(Optional<HmacSettings> value) {
            hmac = value;
            return this;
        }

        public Builder routing(Routing value) {
            routing = value;
            return this;
        }

        public Builder promoteSecondaries(boolean value) {
            promoteSecondaries = value;
            return this;
        }

        /** Without it, {@link #automaticVipLifetime}. */
        public Builder vipLifetime(Duration value) {
            vipLifetime = value;
            return this;
        }

        public Builder announcements(Announcements value) {
            announcements = value;
            return this;
        }

        public Builder rivals(Rivals value) {
            rivals = value;
            return this;
        }

        public Builder receiveChecks(ReceiveChecks value) {
            receiveChecks = value;
            return this;
        }

        public Builder virtualMac(VirtualMac value) {
            virtualMac = Optional.of(value);
            return this;
        }

        public InstanceSpec build() {
            return new InstanceSpec(
                    name,
                    interfaceName,
                    virtualRouterId,
                    version,
                    family,
                    priority,
                    advertInterval,
                    initialState,
                    preempt,
                    preemptDelay,
                    addresses,
                    excludedAddresses,
                    transport,
                    authentication,
                    routing,
                    promoteSecondaries,
                    vipLifetime != null ? vipLifetime : automaticVipLifetime(version, priority, advertInterval),
                    announcements,
                    hmac,
                    rivals,
                    receiveChecks,
                    virtualMac);
        }
    }
}
