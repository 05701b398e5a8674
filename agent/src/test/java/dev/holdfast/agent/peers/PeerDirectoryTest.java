package dev.holdfast.agent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.PeersConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many agents there are must come out the same everywhere, and never too small. */
class PeerDirectoryTest {
    private static final Set<InetAddress> SELF = Set.of(ip("10.0.0.1"), ip("fd00::1"));

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private static InetSocketAddress at(String literal) {
        return new InetSocketAddress(ip(literal), PeersConfig.PORT);
    }

    private static List<InetAddress> ips(String... literals) {
        return Arrays.stream(literals).map(PeerDirectoryTest::ip).toList();
    }

    private static PeerDirectory directory(List<InetAddress> unicast, List<InetAddress> swarm, String... agents) {
        PeersConfig config = new PeersConfig(
                at("0.0.0.0"),
                List.of(),
                Arrays.stream(agents).map(PeerDirectoryTest::at).toList());
        return PeerDirectory.of(config, unicast, swarm, address -> SELF.contains(address.getAddress()));
    }

    @Test
    void theListCountsWithThisAgentOnItOnce() {
        PeerDirectory found = directory(List.of(), List.of(), "10.0.0.1", "10.0.0.2", "10.0.0.3");
        assertThat(found.configured()).isEqualTo(3);
        assertThat(found.counting()).containsExactlyInAnyOrder(at("10.0.0.2"), at("10.0.0.3"));
        assertThat(found.own()).contains(at("10.0.0.1"));
    }

    @Test
    void whoeverIsNotOnItsOwnListCountsItselfAllTheSame() {
        PeerDirectory found = directory(List.of(), List.of(), "10.0.0.2", "10.0.0.3");
        assertThat(found.configured()).isEqualTo(3);
        assertThat(found.own()).isEmpty();
    }

    @Test
    void whoeverIsFoundIsAskedButDoesNotCount() {
        PeerDirectory found =
                directory(ips("10.0.0.2"), ips("10.0.0.2", "10.0.0.1", "10.0.0.4"), "10.0.0.1", "10.0.0.2", "10.0.0.3");
        assertThat(found.configured()).isEqualTo(3);
        assertThat(found.found()).containsExactly(at("10.0.0.4"));
        assertThat(found.all()).containsExactlyInAnyOrder(at("10.0.0.2"), at("10.0.0.3"), at("10.0.0.4"));
    }

    @Test
    void withoutAListUnicastPeersCountOncePerHost() {
        PeerDirectory found = directory(ips("10.0.0.2", "10.0.0.3", "fd00::2", "fd00::3"), ips("10.0.0.9"));
        assertThat(found.configured()).isEqualTo(3);
        assertThat(found.counting()).containsExactlyInAnyOrder(at("10.0.0.2"), at("10.0.0.3"));
        assertThat(directory(ips("fd00::2"), List.of()).configured()).isEqualTo(2);
    }

    @Test
    void withNeitherNobodyCountsWhoeverIsFound() {
        PeerDirectory found = directory(List.of(), ips("10.0.0.2"));
        assertThat(found.configured()).isZero();
        assertThat(found.counting()).isEmpty();
        assertThat(found.all()).containsExactly(at("10.0.0.2"));
    }
}
