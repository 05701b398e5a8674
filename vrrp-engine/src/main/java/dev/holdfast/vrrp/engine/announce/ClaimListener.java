package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Hears on one interface who else claims one of some addresses of one family; the kernel drops everything else, so that a
 * busy link costs nothing. It does not hear this host's own frames. Belongs to the thread that opened it.
 */
public sealed interface ClaimListener extends AutoCloseable permits ArpListener, NeighborListener {
    /** From now on hears the claims to these addresses alone; they are of its family. */
    void listenFor(Collection<IpAddress> addresses);

    /** The descriptor to watch for input. */
    int fd();

    /** Hands over the claims that are waiting, up to a batch. */
    void drain(Consumer<AddressClaim> out);

    @Override
    void close();
}
