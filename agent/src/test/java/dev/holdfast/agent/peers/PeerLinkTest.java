package dev.holdfast.agent.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.config.PeersConfig;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.peer.ClusterSecret;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three agents on loopback, as healing sees them through the port. */
@Timeout(120)
class PeerLinkTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final ClusterSecret SECRET = ClusterSecret.parse("a secret that is long enough for tests");
    private static final ClusterSecret OTHER = ClusterSecret.parse("another secret, long enough for the tests");
    private static final Endpoint MANAGER = new Endpoint("10.0.0.1", 2377);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final List<PeerLink> links = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        // All at the same time, or two of them may have the same port.
        try (ServerSocket a = new ServerSocket(0, 1, HERE);
                ServerSocket b = new ServerSocket(0, 1, HERE);
                ServerSocket c = new ServerSocket(0, 1, HERE)) {
            for (ServerSocket free : List.of(a, b, c)) {
                addresses.add(new InetSocketAddress(HERE, free.getLocalPort()));
            }
        }
        NAMES.forEach(name -> links.add(link(name)));
        for (int i = 0; i < NAMES.size(); i++) {
            apply(i, SECRET);
        }
    }

    @AfterEach
    void close() {
        links.forEach(PeerLink::close);
    }

    private static AgentReport report(String name) {
        return new AgentReport(name, name.equals("a"), SwarmState.NO_LEADER, 5, "", "", "", "", Lineage.NONE, true);
    }

    private static PeerLink link(String name) {
        return new PeerLink(
                new OwnAnswers(
                        () -> report(name),
                        () -> Set.of(MANAGER),
                        manager -> name.equals("b"),
                        new AnswersByKind(Map.of())),
                () -> report(name),
                () -> Set.of(HERE),
                Set::of);
    }

    private void apply(int index, ClusterSecret... secrets) {
        links.get(index)
                .apply(
                        NAMES.get(index),
                        new PeersConfig(addresses.get(index), List.of(secrets), addresses),
                        List.of(),
                        Set.of());
    }

    private static void awaitHeard(PeerLink link, String... names) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(link.heard().stream()
                                .map(heard -> heard.report().agent()))
                        .containsExactly(names));
    }

    @Test
    void eachHearsTheOthersAndCountsAllThree() {
        awaitHeard(links.get(0), "b", "c");
        awaitHeard(links.get(1), "a", "c");
        awaitHeard(links.get(2), "a", "b");
        for (PeerLink link : links) {
            assertThat(link.configured()).isEqualTo(3);
            assertThat(NAMES.stream().filter(link::counts)).hasSize(2);
            assertThat(link.counts("stranger")).isFalse();
        }
        assertThat(links.get(1).heard().getFirst().report()).isEqualTo(report("a"));
        long first = links.get(1).heard().getFirst().atNanos();
        await().atMost(SOON).until(() -> links.get(1).heard().getFirst().atNanos() - first > 0);
    }

    @Test
    void aManagerIsTriedForOthersAndNothingElseIs() {
        awaitHeard(links.get(0), "b", "c");
        PeerLink a = links.get(0);
        assertThat(a.ask("b", new PeerRequest.Reach(MANAGER), SOON)).isEqualTo(new PeerReply.Reached(true));
        assertThat(a.ask("c", new PeerRequest.Reach(MANAGER), SOON)).isEqualTo(new PeerReply.Reached(false));
        assertThat(a.ask("b", new PeerRequest.Reach(new Endpoint("10.0.0.1", 22)), SOON))
                .isInstanceOfSatisfying(
                        PeerReply.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(OwnAnswers.NOT_A_MANAGER));
        assertThat(a.ask("nobody", new PeerRequest.Reach(MANAGER), SOON)).isInstanceOf(PeerReply.NoAnswer.class);
        assertThat(a.status().requests().get("reach"))
                .isEqualTo(Map.of("answered", 2L, "refused", 1L, "no-answer", 1L));
    }

    @Test
    void nobodyReportsForAnother() {
        awaitHeard(links.get(0), "b", "c");
        assertThat(links.get(0).ask("b", new PeerRequest.Report(report("c")), SOON))
                .isInstanceOfSatisfying(
                        PeerReply.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(PeerRefusal.BAD_NAME.label()));
        assertThat(links.get(1).status().refused().get(PeerRefusal.BAD_NAME)).isOne();
    }

    @Test
    void aReloadWithAnotherSecretCutsOffAndWithoutOneEndsTheChannel() {
        awaitHeard(links.get(0), "b", "c");
        apply(2, OTHER);
        await().atMost(SOON)
                .until(() -> links.get(0).status().refused().get(PeerRefusal.WRONG_SECRET) > 0
                        && links.get(0).status().connected() == 1);
        assertThat(links.get(0).status().toString()).doesNotContain("secret that", "another secret,");
        assertThat(links.get(0).configured()).isEqualTo(3);

        apply(2, OTHER, SECRET);
        apply(0, SECRET, OTHER);
        apply(1, SECRET, OTHER);
        await().atMost(SOON).until(() -> links.get(0).status().connected() == 2);

        apply(2);
        await().atMost(SOON).until(() -> links.get(0).status().connected() == 1);
        assertThat(links.get(2).status()).isEqualTo(PeersStatus.OFF);
        assertThat(links.get(2).configured()).isZero();
        assertThat(links.get(2).ask("a", new PeerRequest.Reach(MANAGER), SOON))
                .isEqualTo(Peers.NONE.ask("a", new PeerRequest.Reach(MANAGER), SOON));
    }

    @Test
    void whoeverIsGoneIsShownAsGoneButWasHeard() {
        awaitHeard(links.get(0), "b", "c");
        links.get(2).close();
        await().atMost(SOON)
                .until(() -> links.get(0).status().peers().stream()
                        .anyMatch(peer -> peer.name().equals("c")
                                && !peer.connected()
                                && !peer.reason().isEmpty()));
        assertThat(links.get(0).status().peers())
                .filteredOn(peer -> peer.name().equals("b"))
                .singleElement()
                .satisfies(peer -> {
                    assertThat(peer.connected()).isTrue();
                    assertThat(peer.counts()).isTrue();
                    assertThat(peer.swarmState()).isEqualTo("NO_LEADER");
                });
        assertThat(links.get(0).configured()).isEqualTo(3);
    }
}
