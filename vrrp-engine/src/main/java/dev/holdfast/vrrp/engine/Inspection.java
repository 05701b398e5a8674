package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at this host's network and listens to the wire, without an engine. Blocks, changes nothing, sends nothing. */
public final class Inspection {
    private static final long PAUSE_MILLIS = 10;
    /** Type 1 in the lower half of the first byte: an advertisement, in every version. */
    private static final int ADVERTISEMENT = 1;

    private static final int HEADER = 8;

    private Inspection() {}

    /**
     * This host's network interfaces, in the kernel's order.
     *
     * @throws EngineException if the kernel does not tell
     */
    public static List<NetworkCard> networkCards() throws EngineException {
        try (Arena arena = Arena.ofConfined();
                RouteRequests requests = new RouteRequests(new Libc(arena), arena)) {
            List<NetworkCard> cards = new ArrayList<>();
            Map<Integer, List<VipAddress>> addresses = new HashMap<>();
            int failure = requests.addresses(address -> addresses
                    .computeIfAbsent(address.ifindex(), _ -> new ArrayList<>())
                    .add(new VipAddress(address.address(), address.prefixLength())));
            if (failure >= 0) {
                failure = requests.links(link -> cards.add(new NetworkCard(
                        link.index(),
                        link.name(),
                        link.isUp(),
                        link.hasCarrier(),
                        addresses.getOrDefault(link.index(), List.of()))));
            }
            if (failure < 0) {
                throw new EngineException("the interfaces can't be listed: " + requests.describe(failure));
            }
            return cards;
        } catch (SystemCallException e) {
            throw new EngineException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Listens to the advertisements that reach an interface.
     *
     * @param groups the multicast groups to hear
     * @param howLong at least this long
     * @return one for each sender and virtual router; a firewall's drops are not among them
     * @throws EngineException if this process may not listen
     */
    public static Set<Overheard> overhear(int ifindex, IpFamily family, Set<IpAddress> groups, Duration howLong)
            throws EngineException, InterruptedException {
        try (Arena arena = Arena.ofConfined();
                RawSocket socket = RawSocket.open(new Libc(arena), family, ifindex)) {
            socket.hear(groups);
            Set<Overheard> heard = new HashSet<>();
            long end = System.nanoTime() + howLong.toNanos();
            while (System.nanoTime() < end) {
                if (socket.receive() < 0) {
                    Thread.sleep(PAUSE_MILLIS);
                } else if (socket.readHeader() == null) {
                    IpAddress source = new IpAddress(family, socket.sourceHigh(), socket.sourceLow());
                    read(source, socket.datagram(), heard);
                }
            }
            return heard;
        } catch (SystemCallException e) {
            throw new EngineException(String.valueOf(e.getMessage()));
        }
    }

    /** Not the codec's strictness: what is wrong on the wire is what is looked for. */
    private static void read(IpAddress source, ByteBuffer message, Set<Overheard> heard) {
        int start = message.position();
        if (message.remaining() < HEADER || (message.get(start) & 0xF) != ADVERTISEMENT) {
            return;
        }
        int size = source.family().addressBytes();
        int count = Math.min(message.get(start + 3) & 0xFF, (message.remaining() - HEADER) / size);
        Set<IpAddress> addresses = new HashSet<>();
        for (int i = 0; i < count; i++) {
            byte[] address = new byte[size];
            message.get(start + HEADER + i * size, address);
            addresses.add(IpAddress.of(address));
        }
        heard.add(new Overheard(source, message.get(start + 1) & 0xFF, message.get(start + 2) & 0xFF, addresses));
    }
}
