package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a well-formed advertisement fits one instance's configuration. Pure; allocates nothing. */
final class AdvertFilter {
    private final VrrpVersion version;
    private final Authentication authentication;
    private final long intervalNanos;
    private final Transport.Peer @Nullable [] peers;
    private final @Nullable IpAddress group;
    private final ReceiveChecks checks;
    private final List<IpAddress> addresses;

    AdvertFilter(InstanceSpec spec) {
        this.version = spec.version();
        this.authentication = spec.authentication();
        this.intervalNanos = spec.advertInterval().toNanos();
        this.peers = spec.transport() instanceof Transport.Unicast unicast
                ? unicast.peers().toArray(Transport.Peer[]::new)
                : null;
        this.group = spec.transport() instanceof Transport.Multicast multicast ? multicast.group(spec.family()) : null;
        this.checks = spec.receiveChecks();
        this.addresses = spec.addresses().stream().map(VipAddress::address).toList();
    }

    /**
     * Checks the way that a datagram took.
     *
     * @return null if it may have come this way, else TTL or DESTINATION
     */
    @Nullable
    RejectReason checkPath(
            IpFamily family, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int hopLimit) {
        Transport.Peer peer = peer(family, sourceHigh, sourceLow);
        int min = peer == null ? AdvertisementCodec.HOP_LIMIT : peer.minHopLimit();
        int max = peer == null ? AdvertisementCodec.HOP_LIMIT : peer.maxHopLimit();
        if (hopLimit < min || hopLimit > max) {
            return RejectReason.TTL;
        }
        IpAddress wanted = group;
        if (wanted == null || (wanted.low() == destinationLow && wanted.high() == destinationHigh)) {
            return null;
        }
        return checks.strict() || IpAddress.isMulticast(family, destinationHigh, destinationLow)
                ? RejectReason.DESTINATION
                : null;
    }

    /**
     * Checks what the reader has just read.
     *
     * @param known whether the sender is that of the last accepted advertisement
     * @return null if it fits, else VERSION, AUTH_TYPE, AUTH_DATA, ADVERT_INTERVAL, UNKNOWN_PEER or ADDRESS_LIST
     */
    @Nullable
    RejectReason check(AdvertisementReader advert, IpFamily family, long sourceHigh, long sourceLow, boolean known) {
        if (advert.version() != version) {
            return RejectReason.VERSION;
        }
        RejectReason refused = advert.authenticate(authentication);
        if (refused != null) {
            return refused;
        }
        // RFC 3768 section 7.1; version 3 adopts the interval instead.
        if (version == VrrpVersion.V2 && advert.intervalNanos() != intervalNanos) {
            return RejectReason.ADVERT_INTERVAL;
        }
        if (peers != null && peer(family, sourceHigh, sourceLow) == null) {
            return RejectReason.UNKNOWN_PEER;
        }
        return checks.strict() && comparesAddresses(known) && !addressesAgree(advert)
                ? RejectReason.ADDRESS_LIST
                : null;
    }

    private Transport.@Nullable Peer peer(IpFamily family, long sourceHigh, long sourceLow) {
        if (peers == null) {
            return null;
        }
        for (Transport.Peer peer : peers) {
            IpAddress address = peer.address();
            if (address.low() == sourceLow && address.high() == sourceHigh && address.family() == family) {
                return peer;
            }
        }
        return null;
    }

    /** Whether the addresses in an advertisement matter, by whether its sender sent the last one too. */
    boolean comparesAddresses(boolean known) {
        return !(known && checks.skipKnownSender());
    }

    /** Whether it carries the configured addresses and no others. */
    boolean addressesAgree(AdvertisementReader advert) {
        return advert.hasExactly(addresses);
    }
}
