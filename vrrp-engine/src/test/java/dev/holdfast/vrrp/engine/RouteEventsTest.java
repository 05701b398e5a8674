package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.netlink.AddressRequest;
import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteEvents;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.wire.IpAddress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel tells of addresses and links, and what is made of it. */
@Timeout(60)
class RouteEventsTest {
    private static final IpAddress VIP = IpAddress.parse("10.77.0.100");

    @Test
    void renewalsAreNotHeardOfAndEverythingElseIs() {
        TestNet.assumePossible();
        try (TestNet net = new TestNet(11)) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            net.threads(11)
                    .newThread(() -> {
                        try {
                            changeAndListen(net);
                            done.complete(null);
                        } catch (Throwable t) {
                            done.completeExceptionally(t);
                        }
                    })
                    .start();
            try {
                done.join();
            } catch (CompletionException e) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    private static void changeAndListen(TestNet net) {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            try (RouteRequests requests = new RouteRequests(libc, arena);
                    RouteRequests renewals = new RouteRequests(libc, arena);
                    RouteEvents events = new RouteEvents(libc, arena)) {
                events.ignoreRenewalsBy(renewals);
                List<Link> links = new ArrayList<>();
                requests.links(links::add);
                int eth0 = links.stream()
                        .filter(link -> link.name().equals("eth0"))
                        .findFirst()
                        .orElseThrow()
                        .index();
                AddressRequest vip = AddressRequest.of(new HostAddress(eth0, VIP, 24, 0, 0, HostAddress.HOLDFAST), 60);

                assertThat(requests.addAddress(vip)).isZero();
                assertThat(heardOfAddresses(events)).as("added").hasSize(1);
                assertThat(renewals.renewAddress(vip)).isZero();
                assertThat(heardOfAddresses(events)).as("renewed").isEmpty();
                assertThat(requests.renewAddress(vip)).isZero();
                assertThat(heardOfAddresses(events))
                        .as("changed by another socket")
                        .hasSize(1);
                net.on(11, "ip addr change 10.77.0.100/24 dev eth0 valid_lft 50 preferred_lft 50");
                assertThat(heardOfAddresses(events))
                        .as("changed by another process")
                        .hasSize(1);
                net.on(11, "ip addr del 10.77.0.100/24 dev eth0");
                assertThat(heardOfAddresses(events)).as("removed").hasSize(1);
                net.on(11, "ip link set eth0 mtu 1400");
                assertThat(heard(events)).as("a link changed").isNotEmpty();
                net.on(11, "ip link add br0 type bridge");
                net.on(11, "ip link set eth0 master br0");
                net.on(11, "ip link set eth0 nomaster");
                assertThat(heard(events))
                        .as("a link that has left a bridge is still there")
                        .isNotEmpty()
                        .doesNotContain(new RouteMessage.LinkGone(eth0));
                net.on(11, "ip link del eth0");
                assertThat(heard(events)).as("a link that is gone").contains(new RouteMessage.LinkGone(eth0));
            }
        }
    }

    /** What has been told of the address; a link that has just come up is told of at any time. */
    private static List<RouteMessage> heardOfAddresses(RouteEvents events) {
        return heard(events).stream()
                .filter(message ->
                        message instanceof RouteMessage.AddressIs || message instanceof RouteMessage.AddressGone)
                .toList();
    }

    private static List<RouteMessage> heard(RouteEvents events) {
        List<RouteMessage> heard = new ArrayList<>();
        assertThat(events.drain(heard::add)).isTrue();
        return heard;
    }
}
