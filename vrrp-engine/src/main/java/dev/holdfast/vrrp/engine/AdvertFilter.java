package dev.holdfast.vrrp.engine;

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
    private final IpAddress @Nullable [] peers;
    private final List<IpAddress> addresses;

    AdvertFilter(InstanceSpec spec) {
        this.version = spec.version();
        this.authentication = spec.authentication();
        this.intervalNanos = spec.advertInterval().toNanos();
        this.peers = switch (spec.transport()) {
            case Transport.Multicast _ -> null;
            case Transport.Unicast unicast -> unicast.peers().toArray(IpAddress[]::new);
        };
        this.addresses = spec.addresses().stream().map(VipAddress::address).toList();
    }

    /**
     * Checks what the reader has just read.
     *
     * @return null if it fits, else VERSION, AUTH_TYPE, AUTH_DATA, ADVERT_INTERVAL or UNKNOWN_PEER
     */
    @Nullable
    RejectReason check(AdvertisementReader advert, IpFamily family, long sourceHigh, long sourceLow) {
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
        return isPeer(family, sourceHigh, sourceLow) ? null : RejectReason.UNKNOWN_PEER;
    }

    private boolean isPeer(IpFamily family, long sourceHigh, long sourceLow) {
        if (peers == null) {
            return true;
        }
        for (IpAddress peer : peers) {
            if (peer.low() == sourceLow && peer.high() == sourceHigh && peer.family() == family) {
                return true;
            }
        }
        return false;
    }

    /** Whether it carries the configured addresses and no others; if not, it counts all the same, as in keepalived. */
    boolean addressesAgree(AdvertisementReader advert) {
        return advert.hasExactly(addresses);
    }
}
