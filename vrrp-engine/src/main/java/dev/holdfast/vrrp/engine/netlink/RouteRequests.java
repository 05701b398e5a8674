package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks the kernel for links and addresses and changes them. The kernel answers while the request is being sent, so waiting
 * for an answer does not block in practice; a limit guards against one that never comes.
 */
public final class RouteRequests implements AutoCloseable {
    private static final long ANSWER_LIMIT_MICROS = 500_000;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int DUMP_ATTEMPTS = 5;

    private final Libc libc;
    private final int fd;
    private final MemorySegment request;
    private final ByteBuffer requestBytes;
    private final MemorySegment response;
    private final ByteBuffer responseBytes;
    private final MemorySegment kernel;
    private int sequence;
    private String lastText = "";

    // What the answers to the request under way have said so far.
    private boolean finished;
    private boolean consistent;
    private int result;

    /**
     * @param libc system calls
     * @param arena holds the buffers
     * @throws SystemCallException if the kernel refuses a netlink socket
     */
    public RouteRequests(Libc libc, Arena arena) {
        this.libc = libc;
        this.request = arena.allocate(RouteCodec.MAX_REQUEST, 8);
        this.requestBytes = request.asByteBuffer();
        this.response = arena.allocate(RECEIVE_BUFFER, 8);
        this.responseBytes = response.asByteBuffer();
        this.kernel = Layouts.sockaddrNl(arena, 0);
        this.fd = RouteEvents.netlinkSocket(libc, kernel, 0);
        libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVTIMEO, Layouts.timeval(arena, ANSWER_LIMIT_MICROS));
        // Old kernels lack it and then answer with a number alone.
        libc.setsockopt(fd, Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1);
    }

    /** The netlink port that the kernel has given it, by which events name who caused them. */
    int port() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment address = Layouts.sockaddrNl(scratch, 0);
            SystemCallException.check("a netlink socket has no port", libc.getsockname(fd, address));
            return Layouts.netlinkPort(address);
        }
    }

    /**
     * Adds an address, marked as ours.
     *
     * @return 0, or -errno: EEXIST if it was there already
     */
    public int addAddress(AddressRequest address) {
        RouteCodec.addAddress(requestBytes.clear(), ++sequence, address);
        return exchange(message -> {});
    }

    /**
     * Lets the lifetime of an address begin anew. The kernel adds one that is gone, so this is for a MASTER alone.
     *
     * @return 0, or -errno
     */
    public int renewAddress(AddressRequest address) {
        RouteCodec.renewAddress(requestBytes.clear(), ++sequence, address);
        return exchange(message -> {});
    }

    /**
     * Removes an address.
     *
     * @return 0, or -errno: EADDRNOTAVAIL if it was not there, ENODEV if the interface is gone
     */
    public int removeAddress(int ifindex, IpAddress address, int prefixLength) {
        RouteCodec.removeAddress(requestBytes.clear(), ++sequence, ifindex, address, prefixLength);
        return exchange(message -> {});
    }

    /**
     * Adds a route, marked as ours, before others to the same destination with the same metric.
     *
     * @return 0, or -errno: EEXIST if it was there already
     */
    public int addRoute(RouteEntry route) {
        RoutingCodec.addRoute(requestBytes.clear(), ++sequence, route);
        return exchange(message -> {});
    }

    /**
     * Removes a route of ours.
     *
     * @return 0, or -errno: ESRCH if it was not there
     */
    public int removeRoute(RouteEntry route) {
        RoutingCodec.removeRoute(requestBytes.clear(), ++sequence, route);
        return exchange(message -> {});
    }

    /**
     * Adds a rule, marked as ours.
     *
     * @return 0, or -errno: EEXIST if it was there already
     */
    public int addRule(RuleEntry rule) {
        RoutingCodec.addRule(requestBytes.clear(), ++sequence, rule);
        return exchange(message -> {});
    }

    /**
     * Removes a rule of ours.
     *
     * @return 0, or -errno: ENOENT if it was not there
     */
    public int removeRule(RuleEntry rule) {
        RoutingCodec.removeRule(requestBytes.clear(), ++sequence, rule);
        return exchange(message -> {});
    }

    /**
     * Removes every route and rule that is marked as ours, of this run and of earlier ones.
     *
     * @return how many there were
     */
    public int removeRoutesAndRules() {
        int removed = 0;
        // Rules first: without its table a rule would send packets the wrong way.
        for (IpFamily family : IpFamily.values()) {
            removed += removeOurs(RoutingCodec.RTM_GETRULE, RoutingCodec.RTM_DELRULE, family);
        }
        for (IpFamily family : IpFamily.values()) {
            removed += removeOurs(RoutingCodec.RTM_GETROUTE, RoutingCodec.RTM_DELROUTE, family);
        }
        return removed;
    }

    private int removeOurs(int getType, int removeType, IpFamily family) {
        List<ByteBuffer> ours = new ArrayList<>();
        RoutingCodec.dump(requestBytes.clear(), getType, ++sequence, family);
        // A family that this kernel lacks is refused, and has nothing of ours.
        exchange(message -> {
            if (message instanceof RouteMessage.OursIs found && found.body().remaining() <= RouteCodec.MAX_BODY) {
                ours.add(found.body());
            }
        });
        int removed = 0;
        for (ByteBuffer body : ours) {
            RoutingCodec.removeTold(requestBytes.clear(), removeType, ++sequence, body);
            removed += exchange(message -> {}) == 0 ? 1 : 0;
        }
        return removed;
    }

    /**
     * Hands over one link.
     *
     * @return 0, or -errno: ENODEV if there is none of that name
     */
    public int link(String name, Consumer<? super Link> out) {
        LinkCodec.get(requestBytes.clear(), ++sequence, name);
        return exchange(message -> {
            if (message instanceof RouteMessage.LinkIs(Link link)) {
                out.accept(link);
            }
        });
    }

    /**
     * Makes a macvlan in the mode {@link Link.Macvlan#BRIDGE}; it is down.
     *
     * @param name at most 15 characters
     * @param mac its Ethernet address, 6 bytes
     * @param base the link below
     * @return 0, or -errno: EEXIST if there is a link of that name
     */
    public int addMacvlan(String name, byte[] mac, int base) {
        LinkCodec.addMacvlan(requestBytes.clear(), ++sequence, name, mac, base);
        return exchange(message -> {});
    }

    /**
     * Sets a link up or down.
     *
     * @return 0, or -errno: ENETDOWN for a macvlan whose link below is down
     */
    public int setUp(int ifindex, boolean up) {
        LinkCodec.setUp(requestBytes.clear(), ++sequence, ifindex, up);
        return exchange(message -> {});
    }

    /**
     * Leaves a text with a link, which stays with it for whoever looks later.
     *
     * @return 0, or -errno
     */
    public int setAlias(int ifindex, String alias) {
        LinkCodec.setAlias(requestBytes.clear(), ++sequence, ifindex, alias);
        return exchange(message -> {});
    }

    /**
     * Changes settings of IPv4 on a link; works where /proc/sys can't be written.
     *
     * @return 0, or -errno
     */
    public int setIpv4(int ifindex, Map<Ipv4Conf, Integer> settings) {
        LinkCodec.setIpv4(requestBytes.clear(), ++sequence, ifindex, settings);
        return exchange(message -> {});
    }

    /**
     * Keeps the kernel from making IPv6 addresses from the MAC of a link.
     *
     * @return 0, or -errno: EAFNOSUPPORT if this kernel runs without IPv6
     */
    public int setNoGeneratedAddress(int ifindex) {
        LinkCodec.setNoGeneratedAddress(requestBytes.clear(), ++sequence, ifindex);
        return exchange(message -> {});
    }

    /**
     * Removes a link that was made by software.
     *
     * @return 0, or -errno: ENODEV if it is gone
     */
    public int removeLink(int ifindex) {
        LinkCodec.remove(requestBytes.clear(), ++sequence, ifindex);
        return exchange(message -> {});
    }

    /**
     * Hands over every link of this network namespace.
     *
     * @return 0, or -errno
     */
    public int links(Consumer<? super Link> out) {
        for (int attempt = 1; ; attempt++) {
            RouteCodec.getLinks(requestBytes.clear(), ++sequence);
            int outcome = exchange(message -> {
                if (message instanceof RouteMessage.LinkIs(Link link)) {
                    out.accept(link);
                }
            });
            if (outcome < 0 || consistent || attempt == DUMP_ATTEMPTS) {
                return outcome;
            }
        }
    }

    /**
     * Hands over every address of this network namespace, of both families. One that is there may be told twice, if the
     * table changed meanwhile.
     *
     * @return 0, or -errno
     */
    public int addresses(Consumer<? super HostAddress> out) {
        for (int attempt = 1; ; attempt++) {
            RouteCodec.getAddresses(requestBytes.clear(), ++sequence);
            int outcome = exchange(message -> {
                if (message instanceof RouteMessage.AddressIs(HostAddress address)) {
                    out.accept(address);
                }
            });
            if (outcome < 0 || consistent || attempt == DUMP_ATTEMPTS) {
                return outcome;
            }
        }
    }

    /** A failed result in words: the error's name and meaning, and what the kernel said about it. */
    public String describe(int failure) {
        return Errno.describe(failure) + (lastText.isEmpty() ? "" : ": " + lastText);
    }

    private int exchange(Consumer<? super RouteMessage> out) {
        lastText = "";
        long sent = libc.sendto(fd, request, requestBytes.position(), 0, kernel);
        if (sent < 0) {
            return (int) sent;
        }
        finished = false;
        consistent = true;
        result = 0;
        while (!finished) {
            long received = libc.recv(fd, response, 0);
            if (Errno.EINTR.is(received)) {
                continue;
            }
            if (received < 0) {
                return Errno.EAGAIN.is(received) ? -Errno.ETIMEDOUT.number() : (int) received;
            }
            responseBytes.clear().limit((int) received);
            RouteCodec.read(responseBytes, message -> take(message, out));
        }
        return result;
    }

    private void take(RouteMessage message, Consumer<? super RouteMessage> out) {
        switch (message) {
            case RouteMessage.Answer(int of, int outcome, String text)
            when of == sequence -> {
                finished = true;
                result = outcome;
                lastText = text;
            }
            case RouteMessage.Done(int of, boolean undisturbed)
            when of == sequence -> {
                finished = true;
                consistent &= undisturbed;
            }
            default -> out.accept(message);
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
