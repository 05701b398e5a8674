package dev.holdfast.agent.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.peers.PeerCodec.UnreadableException;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Standing;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one agent writes another one reads, and what nobody wrote is told from it. */
class PeerCodecTest {
    private static final AgentReport REPORT = new AgentReport(
            "cube01",
            true,
            SwarmState.NO_LEADER,
            45_000,
            "node",
            "10.0.0.1",
            "cluster",
            "leader ✓",
            new Lineage(2, 34_567),
            true);

    static Stream<PeerRequest> requests() {
        return Stream.of(
                new PeerRequest.Report(REPORT),
                new PeerRequest.Report(new AgentReport("b", false, null, 0, "", "", "", "", Lineage.NONE, false)),
                new PeerRequest.Reach(new Endpoint("fd00::1", 2377)),
                new PeerRequest.Promise("book", 8, 6, "node", "", new Lineage(3, 99), 5),
                new PeerRequest.Release("book", 6, 8),
                new PeerRequest.Heal(),
                new PeerRequest.Standing("node"),
                new PeerRequest.Tokens("cluster", ""),
                new PeerRequest.Inventory(),
                new PeerRequest.Bootstrap("nonce", List.of("a", "b"), true));
    }

    static Stream<PeerReply> replies() {
        return Stream.of(
                new PeerReply.Report(REPORT),
                new PeerReply.Reached(true),
                new PeerReply.Promised(8, "node", true),
                new PeerReply.NotPromised("stale-copy", "", 9),
                new PeerReply.Done("no leader"),
                new PeerReply.Standing("cluster", new Standing(Standing.Kind.LIMBO, false)),
                new PeerReply.Tokens(new Secret("S"), true, List.of(new Endpoint("10.0.0.1", 2377))),
                new PeerReply.Inventory("cluster", Inventory.EMPTY),
                new PeerReply.Yielded("nonce"),
                new PeerReply.Inventory(
                        "cluster", new Inventory(List.of(new Inventory.Item("service", "id", "web", "f", "")))),
                new PeerReply.Refused("not-a-manager", "no \"manager\"\n"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestArrivesAsItWasSent(PeerRequest request) throws Exception {
        assertThat(PeerCodec.request(PeerCodec.encode(request))).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyArrivesAsItWasSent(PeerReply reply) throws Exception {
        assertThat(PeerCodec.reply(PeerCodec.encode(reply))).isEqualTo(reply);
    }

    /** Whoever adds a kind of message adds nothing here, but may use no component that can't travel. */
    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindIsMadeOfWhatCanTravel(Class<?> kind) {
        assertThat(kind).isRecord();
        for (RecordComponent component : kind.getRecordComponents()) {
            Class<?> type = component.getType();
            if (type.isRecord()) {
                everyKindIsMadeOfWhatCanTravel(type);
            } else {
                assertThat(type.isPrimitive() || type.isEnum() || type == String.class || type == List.class)
                        .as("%s %s", type, component)
                        .isTrue();
            }
        }
    }

    static Stream<Class<?>> kinds() {
        return Stream.of(PeerRequest.class, PeerReply.class)
                .flatMap(messages -> Arrays.stream(messages.getPermittedSubclasses()));
    }

    @Test
    void noAnswerIsNeverSent() {
        assertThatThrownBy(() -> PeerCodec.encode(new PeerReply.NoAnswer("")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(refusal("{\"type\":\"NoAnswer\",\"body\":{\"detail\":\"\"}}", true))
                .isEqualTo(PeerRefusal.UNKNOWN_REQUEST);
    }

    @Test
    void whatANewerVersionAddsIsPassedOver() throws Exception {
        assertThat(PeerCodec.request("""
                        {"type":"Reach","new":1,"body":{"manager":{"host":"10.0.0.1","port":2377,"more":[{}]},"extra":null}}""")).isEqualTo(new PeerRequest.Reach(new Endpoint("10.0.0.1", 2377)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', nullValues = "-", textBlock = """
            {}                                                                              | MALFORMED
            []                                                                              | MALFORMED
            7                                                                               | MALFORMED
            null                                                                            | MALFORMED
            {"type":"Reach"}                                                                | MALFORMED
            {"type":7,"body":{}}                                                            | MALFORMED
            {"type":"Reach","body":[]}                                                      | MALFORMED
            {"type":"Reach","body":{}}                                                      | MALFORMED
            {"type":"Reach","body":{"manager":null}}                                        | MALFORMED
            {"type":"Reach","body":{"manager":"10.0.0.1:2377"}}                             | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a"}}}                                | MALFORMED
            {"type":"Reach","body":{"manager":{"host":null,"port":1}}}                      | MALFORMED
            {"type":"Reach","body":{"manager":{"host":7,"port":1}}}                         | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","port":"1"}}}                     | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","port":1.5}}}                     | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","port":0}}}                       | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","port":99999999999}}}             | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","host":"b","port":1}}}            | MALFORMED
            {"type":"Reach","body":{"manager":{"host":"a","port":1}}} {}                    | MALFORMED
            {"type":"java.lang.Runtime","body":{}}                                          | UNKNOWN_REQUEST
            {"type":"Reached","body":{"answers":true}}                                      | UNKNOWN_REQUEST
            """)
    void whatIsNoRequestIsToldApart(String text, PeerRefusal refusal) {
        assertThat(refusal(text, false)).isEqualTo(refusal);
    }

    @Test
    void aReportWithAnUnknownStateOrWithoutAFieldIsMalformed() {
        String good = PeerCodec.encode(new PeerRequest.Report(REPORT));
        for (Map.Entry<String, String> change : Map.of(
                        "\"NO_LEADER\"", "\"SOMETHING\"",
                        "\"NO_LEADER\",", "3,",
                        "\"epoch\":2", "\"epoch\":-2",
                        "\"master\":true,", "",
                        "\"master\":true", "\"master\":null",
                        "\"master\":true,\"", "\"master\":\"true\",\"")
                .entrySet()) {
            String bad = good.replace(change.getKey(), change.getValue());
            assertThat(bad).isNotEqualTo(good);
            assertThat(refusal(bad, false)).as(bad).isEqualTo(PeerRefusal.MALFORMED);
        }
    }

    @Test
    void deepNestingIsMalformedAndNoStackOverflow() {
        assertThat(refusal("[".repeat(60_000), false)).isEqualTo(PeerRefusal.MALFORMED);
        assertThat(refusal("{\"type\":\"Reach\",\"body\":" + "{\"a\":".repeat(5000), false))
                .isEqualTo(PeerRefusal.MALFORMED);
    }

    /** Whatever one changes in a message: it is read as some message, or refused for a named reason, and nothing else happens. */
    @Test
    void mutatedMessagesAreReadOrRefused() {
        Random random = new Random(11);
        List<String> seeds = Stream.<String>concat(
                        requests().map(PeerCodec::encode), replies().map(PeerCodec::encode))
                .toList();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int n = 1 + random.nextInt(3); n > 0 && !text.isEmpty(); n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, "{}[]\",:0-9.eE\\\0 x".charAt(random.nextInt(17)));
                    case 1 -> text.deleteCharAt(at);
                    case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(12))));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            refused += (int) Stream.of(false, true)
                    .map(reply -> outcome(text.toString(), reply))
                    .flatMap(Collection::stream)
                    .peek(why -> assertThat(why).isIn(PeerRefusal.MALFORMED, PeerRefusal.UNKNOWN_REQUEST))
                    .count();
        }
        assertThat(refused).isGreaterThan(20_000);
    }

    private static List<PeerRefusal> outcome(String text, boolean reply) {
        try {
            Object _ = reply ? PeerCodec.reply(text) : PeerCodec.request(text);
            return List.of();
        } catch (UnreadableException e) {
            return List.of(e.refusal());
        }
    }

    private static PeerRefusal refusal(String text, boolean reply) {
        UnreadableException e = catchThrowableOfType(UnreadableException.class, () -> {
            Object _ = reply ? PeerCodec.reply(text) : PeerCodec.request(text);
        });
        assertThat(e).as(text).isNotNull();
        assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("\n");
        return e.refusal();
    }

    @Test
    void aTokenIsNotQuotedByWhoeverCannotReadIt() {
        for (String token : List.of("\"SWMTKN-1-x\"", "{\"reveal\":[\"SWMTKN-1-x\"]}", "{\"SWMTKN-1-x\":1}")) {
            String text = "{\"type\":\"Tokens\",\"body\":{\"token\":" + token + ",\"manager\":true,\"managers\":[]}}";
            UnreadableException refused = catchThrowableOfType(UnreadableException.class, () -> PeerCodec.reply(text));
            assertThat(refused).as(token).isNotNull();
            assertThat(refused.toString()).doesNotContain("SWMTKN");
        }
    }
}
