package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.raw.AdvertFrames;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says an instance's advertisements: each is encoded once, before it is needed, and sent many times. */
final class AdvertSender {
    private final AdvertSigner signer;
    private @Nullable AdvertFrames frames;
    private int framesPriority;
    private @Nullable AdvertFrames resignation;
    private long sent;
    private long resignations;

    AdvertSender(AdvertSigner signer) {
        this.signer = signer;
    }

    /**
     * What a spec makes an advert say.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    static Advertisement advertisement(InstanceSpec spec, int priority) {
        return new Advertisement(
                spec.version(),
                spec.virtualRouterId(),
                priority,
                spec.advertInterval().toNanos(),
                spec.addresses().stream().map(VipAddress::address).toList(),
                spec.authentication());
    }

    /** How many were sent. */
    long sent() {
        return sent;
    }

    /** How many of them were of priority 0. */
    long resignations() {
        return resignations;
    }

    /** Encodes what is not encoded yet: the advertisement of this priority and the resignation. */
    void prepare(InstanceSpec spec, IpAddress source, int ifindex, int priority) {
        frames(spec, source, ifindex, priority);
        frames(spec, source, ifindex, 0);
    }

    /**
     * Sends one to every destination.
     *
     * @return 0, or -errno
     */
    int send(InstanceSpec spec, RawSocket socket, IpAddress source, int ifindex, int priority) {
        AdvertFrames ready = frames(spec, source, ifindex, priority);
        int failure = ready.send(socket);
        if (failure == 0 && !ready.isEmpty()) {
            sent++;
            if (priority == 0) {
                resignations++;
            }
        }
        return failure;
    }

    private AdvertFrames frames(InstanceSpec spec, IpAddress source, int ifindex, int priority) {
        if (priority == 0) {
            if (resignation == null) {
                resignation = framesOf(spec, source, ifindex, 0);
            }
            return resignation;
        }
        AdvertFrames current = frames;
        if (current == null || framesPriority != priority) {
            if (current != null) {
                current.close();
            }
            current = framesOf(spec, source, ifindex, priority);
            frames = current;
            framesPriority = priority;
        }
        return current;
    }

    private AdvertFrames framesOf(InstanceSpec spec, IpAddress source, int ifindex, int priority) {
        AdvertFrames.Way way = switch (spec.transport()) {
            case Transport.Multicast multicast ->
                new AdvertFrames.Way(
                        source, List.of(multicast.group(spec.family())), ifindex, AdvertisementCodec.HOP_LIMIT);
            case Transport.Unicast unicast ->
                new AdvertFrames.Way(
                        source,
                        // All hosts may have the same list: this one's own address is no peer.
                        unicast.peers().stream()
                                .map(Transport.Peer::address)
                                .filter(peer -> !peer.equals(source))
                                .toList(),
                        ifindex,
                        unicast.hopLimit());
        };
        return new AdvertFrames(advertisement(spec, priority), way, signer.hmac());
    }

    /** Something that they say, or where they leave from, is another one now. */
    void forget() {
        if (frames != null) {
            frames.close();
            frames = null;
        }
        if (resignation != null) {
            resignation.close();
            resignation = null;
        }
    }
}
