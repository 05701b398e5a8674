package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.raw.AdvertFrames;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Says an instance's advertisements: each is encoded once, before it is needed, and sent many times. */
final class AdvertSender implements Outbox.Sender {
    private final AdvertSigner signer;
    private final Outbox outbox;
    private final IntConsumer failures;
    private @Nullable AdvertFrames frames;
    private int framesPriority;
    private @Nullable AdvertFrames resignation;
    private long sent;
    private long resignations;

    /** The priority of the last one, and whether it is counted: it is not if it failed, for one destination or for all. */
    private int lastPriority;

    private boolean counted;

    /** @param failures told -errno of an advertisement that could not be sent */
    AdvertSender(AdvertSigner signer, Outbox outbox, IntConsumer failures) {
        this.signer = signer;
        this.outbox = outbox;
        this.failures = failures;
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

    /** Has one to every destination leave with the next flush. */
    void post(InstanceSpec spec, RawSocket socket, IpAddress source, int ifindex, int priority) {
        AdvertFrames ready = frames(spec, source, ifindex, priority);
        lastPriority = priority;
        counted = !ready.isEmpty();
        count(1);
        ready.post(outbox, socket);
    }

    @Override
    public void sendFailed(int failure) {
        count(-1);
        counted = false;
        failures.accept(failure);
    }

    private void count(int change) {
        if (counted) {
            sent += change;
            resignations += lastPriority == 0 ? change : 0;
        }
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
                close(current);
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
        return new AdvertFrames(advertisement(spec, priority), way, signer.hmac(), this);
    }

    /** Something that they say, or where they leave from, is another one now. */
    void forget() {
        if (frames != null) {
            close(frames);
            frames = null;
        }
        if (resignation != null) {
            close(resignation);
            resignation = null;
        }
    }

    private void close(AdvertFrames old) {
        outbox.flush();
        old.close();
    }
}
