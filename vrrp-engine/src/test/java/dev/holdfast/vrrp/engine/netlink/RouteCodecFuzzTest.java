package dev.holdfast.vrrp.engine.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.vrrp.wire.IpFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes out of a netlink socket: it is read within its limits, and what it says of an address can be asked for. */
@Tag("fuzz")
@Timeout(10)
class RouteCodecFuzzTest {
    private static final int SHORTEST_MESSAGE = 16;

    static Stream<byte[]> recordings() {
        return RouteCodecTest.RECORDED.values().stream();
    }

    @MethodSource("recordings")
    @FuzzTest
    void anyBytesAreReadWithinTheirLimit(byte[] bytes) {
        ByteBuffer exact = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        List<RouteMessage> messages = new ArrayList<>();
        boolean complete = RouteCodec.read(exact, messages::add);

        assertThat(exact.limit()).isEqualTo(bytes.length);
        assertThat(complete).isNotEqualTo(exact.hasRemaining());
        assertThat(messages.size()).isLessThanOrEqualTo(bytes.length / SHORTEST_MESSAGE);
        whatSurroundsThemDoesNotMatter(bytes, complete, messages);
        for (RouteMessage message : messages) {
            switch (message) {
                case RouteMessage.AddressIs(HostAddress address) -> readsBack(address);
                case RouteMessage.AddressGone(HostAddress address, int _) -> readsBack(address);
                case RouteMessage.LinkIs(Link link) -> {
                    assertThat(link.mac() >>> 48).isZero();
                    assertThat(link.macBytes()).hasSize(6);
                    assertThat(link.name()).doesNotContain("\0");
                }
                case RouteMessage.Answer(int _, int _, String text) ->
                    assertThat(text).doesNotContain("\0");
                case RouteMessage.OursIs(boolean _, ByteBuffer body) ->
                    assertThat(body.remaining()).isGreaterThanOrEqualTo(12);
                case RouteMessage.LinkGone _, RouteMessage.Done _ -> {}
            }
        }
    }

    private static void whatSurroundsThemDoesNotMatter(byte[] bytes, boolean complete, List<RouteMessage> expected) {
        for (int filling : new int[] {0x00, 0xFF}) {
            ByteBuffer larger = ByteBuffer.allocateDirect(bytes.length + 64);
            while (larger.hasRemaining()) {
                larger.put((byte) filling);
            }
            larger.put(8, bytes).limit(8 + bytes.length).position(8);
            List<RouteMessage> messages = new ArrayList<>();
            assertThat(RouteCodec.read(larger, messages::add)).isEqualTo(complete);
            assertThat(messages).isEqualTo(expected);
        }
    }

    /** A request to put the address there says the same of it, apart from what is the kernel's to say. */
    private static void readsBack(HostAddress address) {
        assertThat(address.address().family()).isIn((Object[]) IpFamily.values());
        ByteBuffer request = ByteBuffer.allocate(RouteCodec.MAX_REQUEST);
        RouteCodec.addAddress(request, 1, AddressRequest.of(address, 4));
        List<RouteMessage> messages = new ArrayList<>();
        assertThat(RouteCodec.read(request.flip(), messages::add)).isTrue();
        assertThat(messages)
                .singleElement()
                .isInstanceOfSatisfying(
                        RouteMessage.AddressIs.class,
                        added -> assertThat(added.address().sameEntry(address)).isTrue());
    }
}
