package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.http.Feed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterViewTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Scripted source = new Scripted();
    private final ClusterView view = new ClusterView(source);

    /** One other agent, which answers, does not, or holds everybody up. */
    private static final class Scripted implements ClusterView.Source {
        private final AtomicInteger adverts = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile String state = "BACKUP";
        private volatile boolean wedged;
        private volatile boolean hung;
        private volatile String error = "";

        @Override
        public Optional<ObjectNode> own() {
            return wedged ? Optional.empty() : Optional.of(status("a", state));
        }

        @Override
        public Optional<ObjectNode> all() throws InterruptedException {
            asked.incrementAndGet();
            if (hung) {
                gate.await();
            }
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.putArray("agents").addObject().put("address", "this host").set("status", status("a", state));
            ObjectNode other = all.withArray("agents").addObject().put("address", "10.0.0.2");
            if (error.isEmpty()) {
                other.set("status", status("b", "BACKUP"));
            } else {
                other.put("error", error);
            }
            return Optional.of(all);
        }

        private ObjectNode status(String node, String state) {
            ObjectNode status = JsonNodeFactory.instance.objectNode().put("node", node);
            status.putArray("instances")
                    .addObject()
                    .put("state", state)
                    .put("advertsReceived", adverts.incrementAndGet());
            return status;
        }
    }

    @AfterEach
    void close() {
        source.gate.countDown();
        view.close();
    }

    private static JsonNode read(Optional<Feed.Version> version) throws Exception {
        return new ObjectMapper().readTree(version.orElseThrow().json());
    }

    @Test
    void theWholeClusterIsThisAgentAndThoseItAsks() throws Exception {
        JsonNode cluster = read(view.complete(LONG));
        assertThat(cluster.path("complete").asBoolean()).isTrue();
        assertThat(cluster.at("/agents/0/self").asBoolean()).isTrue();
        assertThat(cluster.at("/agents/0/status/node").asText()).isEqualTo("a");
        assertThat(cluster.at("/agents/1/status/node").asText()).isEqualTo("b");
    }

    @Test
    void whatHappensHereIsToldAtOnceEvenWhileAnotherAgentHoldsUpTheAsking() throws Exception {
        source.hung = true;
        Feed.Version first = view.next(0, LONG).orElseThrow();
        source.state = "MASTER";
        view.changed();
        JsonNode cluster = read(view.next(first.number(), LONG));
        assertThat(cluster.at("/agents/0/status/instances/0/state").asText()).isEqualTo("MASTER");
        assertThat(cluster.path("complete").asBoolean()).isFalse();
    }

    @Test
    void countersThatGrowAllTheTimeAreNoNews() throws Exception {
        Feed.Version version = view.complete(LONG).orElseThrow();
        int seen = source.adverts.get();
        assertThat(view.next(version.number(), Duration.ofMillis(2500))).isEmpty();
        assertThat(source.adverts.get()).as("it was looked at").isGreaterThan(seen);
        assertThat(version.json()).doesNotContain("advertsReceived");
    }

    @Test
    void anAgentThatFallsSilentKeepsItsName() throws Exception {
        view.complete(LONG);
        source.error = "connection refused";
        await().atMost(LONG).until(() -> {
            JsonNode other = read(view.complete(LONG)).at("/agents/1");
            return other.path("error").asText().equals("connection refused")
                    && other.path("node").asText().equals("b")
                    && other.path("answeredAt").isTextual();
        });
    }

    @Test
    void anAgentWhoseOwnLoopHangsSaysSo() throws Exception {
        source.wedged = true;
        assertThat(read(view.next(0, LONG)).at("/agents/0/error").asText()).contains("event loop");
    }

    @Test
    void nobodyIsAskedBeforeSomebodyLooksAndNobodyAfterTheEnd() throws Exception {
        assertThat(source.asked).hasValue(0);
        view.complete(LONG);
        assertThat(source.asked.get()).isPositive();
        view.close();
        assertThat(view.next(Long.MAX_VALUE, LONG)).isEmpty();
    }
}
