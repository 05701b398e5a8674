package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.HmacAuthentication;
import dev.holdfast.vrrp.wire.HmacSettings;
import dev.holdfast.vrrp.wire.RejectReason;
import org.jspecify.annotations.Nullable;

/** The HMAC of one instance's advertisements, for those who have one; it outlives a reload, for sequences must grow. */
final class AdvertSigner {
    private @Nullable HmacAuthentication hmac;

    AdvertSigner(InstanceSpec spec) {
        configure(spec);
    }

    void configure(InstanceSpec spec) {
        HmacSettings settings = spec.hmac().orElse(null);
        if (settings == null) {
            hmac = null;
        } else if (hmac == null) {
            hmac = new HmacAuthentication(settings, spec.family(), spec.version(), spec.virtualRouterId());
        } else {
            hmac = hmac.with(settings, spec.version());
        }
    }

    /** What signs; null without an HMAC. */
    @Nullable
    HmacAuthentication hmac() {
        return hmac;
    }

    /** Whether a trailer is understood; without an HMAC it is a message of a wrong length. */
    boolean understandsTrailers() {
        return hmac != null;
    }

    /** Judges what the reader has just read; null if it is to be believed. */
    @Nullable
    RejectReason verify(AdvertisementReader advert, long sourceHigh, long sourceLow) {
        return hmac == null
                ? null
                : hmac.verify(advert, sourceHigh, sourceLow, Math.floorDiv(System.currentTimeMillis(), 1000L));
    }
}
