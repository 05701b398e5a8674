package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One interface as the instances of one family on it use it: a raw socket that they share, and who of them a datagram is
 * for. The socket follows the link: an interface that is deleted and made again gets a new one.
 */
final class InterfacePort {
    /** A turn ends after so many datagrams, so that a flood can't keep the timers waiting. */
    private static final int BATCH = 256;

    private static final int VRIDS = 256;

    private final Host host;
    private final String interfaceName;
    private final IpFamily family;
    private final @Nullable Instance[] byVrid = new @Nullable Instance[VRIDS];
    private final Rejections rejections = new Rejections();
    private final AdvertisementReader advert = new AdvertisementReader();
    private final ClaimPort claims;
    private int instances;
    private boolean groupsChanged;
    private @Nullable RawSocket socket;
    private Watches.@Nullable Watch watch;
    private @Nullable String fault;

    InterfacePort(Host host, String interfaceName, IpFamily family) {
        this.host = host;
        this.interfaceName = interfaceName;
        this.family = family;
        this.claims = new ClaimPort(host, interfaceName);
    }

    void attach(Instance instance) {
        byVrid[instance.spec().virtualRouterId()] = instance;
        instances++;
        claims.attach(instance);
        groupsChanged = true;
    }

    /** Takes an instance off; true if nobody uses the port any more. */
    boolean detach(Instance instance) {
        byVrid[instance.spec().virtualRouterId()] = null;
        claims.detach(instance);
        groupsChanged = true;
        return --instances == 0;
    }

    /** Opens, keeps or reopens the socket, as the link wants it. */
    void follow(@Nullable Link link) {
        claims.follow(link);
        RawSocket current = socket;
        if (current != null && (link == null || link.index() != current.ifindex())) {
            closeSocket();
            current = null;
        }
        fault = null;
        if (link == null) {
            return;
        }
        try {
            if (current == null) {
                current = host.sockets().raw(family, link.index());
                socket = current;
                watch = host.watches().watch(current.fd(), this::drain);
                groupsChanged = true;
            }
            if (groupsChanged) {
                current.hear(groups());
                groupsChanged = false;
            }
        } catch (SystemCallException e) {
            fault = "interface " + interfaceName + ": " + e.getMessage();
        }
    }

    /** The groups of the instances that speak multicast. */
    private Set<IpAddress> groups() {
        Set<IpAddress> groups = new LinkedHashSet<>();
        for (Instance instance : byVrid) {
            if (instance != null && instance.spec().transport() instanceof Transport.Multicast multicast) {
                groups.add(multicast.group(family));
            }
        }
        return groups;
    }

    /** An instance has other addresses or another group now; the next {@link #follow} heeds it. */
    void specChanged() {
        claims.addressesChanged();
        groupsChanged = true;
    }

    /** Why the socket can't be used, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Whether {@link #follow} got all that it wanted. */
    boolean isComplete() {
        return fault == null && claims.isComplete();
    }

    /** The socket, or null while there is none. */
    @Nullable
    RawSocket socket() {
        return socket;
    }

    /** Takes in the datagrams that are waiting, up to a batch. */
    void drain() {
        for (int i = 0; i < BATCH; i++) {
            RawSocket open = socket;
            if (open == null) {
                return;
            }
            // After an error that the socket reports once (the link went down) it is readable again if there is more.
            if (open.receive() < 0) {
                return;
            }
            take(EngineLoop.now(), open);
        }
    }

    private void take(long now, RawSocket from) {
        ByteBuffer datagram = from.datagram();
        // The TTL is judged below, when it is known whose counter it belongs to.
        RejectReason refused = from.readHeader();
        if (refused != null) {
            reject(now, refused, "a datagram of " + datagram.remaining() + " bytes");
            return;
        }
        int vrid = AdvertisementReader.peekVirtualRouterId(datagram);
        if (vrid < 0) {
            reject(now, RejectReason.TRUNCATED, "from " + source(from));
            return;
        }
        Instance instance = byVrid[vrid];
        if (instance == null) {
            reject(now, RejectReason.UNKNOWN_VRID, vrid + " from " + source(from));
            return;
        }
        refused = check(datagram, from, instance);
        if (refused != null) {
            instance.reject(now, refused, from.sourceHigh(), from.sourceLow(), from.hopLimit());
            return;
        }
        instance.advertReceived(now, from.arrivedNanos(now), advert, family, from.sourceHigh(), from.sourceLow());
    }

    private @Nullable RejectReason check(ByteBuffer datagram, RawSocket from, Instance instance) {
        RejectReason misled = instance.checkPath(from);
        if (misled != null) {
            return misled;
        }
        if (host.network().isLocal(family, from.sourceHigh(), from.sourceLow())) {
            return RejectReason.OWN_ADDRESS;
        }
        return advert.read(
                datagram,
                family,
                from.sourceHigh(),
                from.sourceLow(),
                from.destinationHigh(),
                from.destinationLow(),
                instance.understandsTrailers());
    }

    private void reject(long now, RejectReason reason, String detail) {
        if (rejections.count(reason, now)) {
            host.listener().rejected(interfaceName, reason, detail);
        }
    }

    private IpAddress source(RawSocket from) {
        return new IpAddress(family, from.sourceHigh(), from.sourceLow());
    }

    /** Refused datagrams that belong to no instance. */
    Map<RejectReason, Long> rejected() {
        return rejections.counts();
    }

    /** Ends it all. */
    void close() {
        claims.close();
        closeSocket();
    }

    private void closeSocket() {
        if (watch != null) {
            watch.end();
            watch = null;
        }
        if (socket != null) {
            host.outbox().flush();
            socket.close();
            socket = null;
        }
    }
}
