package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import org.junit.jupiter.api.Test;

/** What is told of links, and that nothing is told twice. */
class LinkWatchTest {
    private static final int UP = Link.IFF_UP | Link.IFF_RUNNING | Link.IFF_LOWER_UP;

    private final HostNetwork network = new HostNetwork();
    private final RecordingListener listener = new RecordingListener();
    private final LinkWatch watch = new LinkWatch();

    private void link(int index, String name, int flags) {
        network.accept(new RouteMessage.LinkIs(new Link(index, name, flags, 0)));
        watch.look(network, listener);
    }

    @Test
    void eachStateIsToldOnce() {
        link(2, "eth0", Link.IFF_UP);
        link(2, "eth0", UP);
        link(2, "eth0", UP | 0x1000);
        link(2, "eth0", 0);
        network.accept(new RouteMessage.LinkGone(2));
        watch.look(network, listener);
        watch.look(network, listener);

        assertThat(listener.links).containsExactly("eth0 NO_CARRIER", "eth0 UP", "eth0 DOWN", "eth0 ABSENT");
    }

    @Test
    void aLinkThatIsMadeAgainOrRenamedIsFollowedByItsName() {
        link(2, "eth0", UP);
        network.accept(new RouteMessage.LinkGone(2));
        link(3, "eth0", UP);
        assertThat(listener.links).as("it never was another one").containsExactly("eth0 UP");

        link(3, "lan0", UP);
        assertThat(listener.links).containsExactlyInAnyOrder("eth0 UP", "eth0 ABSENT", "lan0 UP");
    }
}
