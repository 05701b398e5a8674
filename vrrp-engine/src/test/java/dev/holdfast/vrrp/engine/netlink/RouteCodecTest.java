package dev.holdfast.vrrp.engine.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against bytes that a kernel has sent, and against bytes that none ever would. */
class RouteCodecTest {
    /** The netlink port of the process whose removal was recorded. */
    private static final int PORT = 0x461e;

    static final Map<String, byte[]> RECORDED = recorded();

    private static Map<String, byte[]> recorded() {
        try (var in = Objects.requireNonNull(RouteCodecTest.class.getResourceAsStream("/netlink/recorded.txt"))) {
            Map<String, byte[]> byName = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> byName.put(
                            line.substring(0, line.indexOf(' ')),
                            HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1))));
            return byName;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<RouteMessage> read(byte[] bytes) {
        List<RouteMessage> messages = new ArrayList<>();
        assertThat(RouteCodec.read(ByteBuffer.wrap(bytes), messages::add)).isTrue();
        return messages;
    }

    private static HostAddress address(int ifindex, String address, int prefixLength, int flags, int scope) {
        return new HostAddress(ifindex, IpAddress.parse(address), prefixLength, flags, scope, 0);
    }

    static Stream<Arguments> recordings() {
        int permanent = 0x80;
        return Stream.of(
                Arguments.of("address-added", new RouteMessage.AddressIs(address(3, "10.77.0.1", 24, permanent, 0))),
                Arguments.of(
                        "address-removed",
                        new RouteMessage.AddressGone(address(3, "10.77.0.1", 24, permanent, 0), PORT)),
                Arguments.of(
                        "ipv6-address-added",
                        new RouteMessage.AddressIs(address(3, "fd00::1", 64, permanent | HostAddress.IFA_F_NODAD, 0))),
                Arguments.of("point-to-point", new RouteMessage.AddressIs(address(2, "10.0.0.1", 32, permanent, 0))),
                Arguments.of(
                        "link-not-running-yet", new RouteMessage.LinkIs(new Link(2, "e1", 0x11003, 0x020000000002L))),
                Arguments.of("link-up", new RouteMessage.LinkIs(new Link(2, "e1", 0x11043, 0x020000000002L))),
                Arguments.of("link-e0-running", new RouteMessage.LinkIs(new Link(3, "e0", 0x11043, 0x020000000001L))),
                Arguments.of("added", new RouteMessage.Answer(7, 0, "")),
                Arguments.of("exists", new RouteMessage.Answer(7, -17, "ipv4: Address already assigned")),
                Arguments.of("not-there", new RouteMessage.Answer(7, -99, "ipv4: Address not found")),
                Arguments.of("no-device", new RouteMessage.Answer(7, -19, "ipv4: Device not found")),
                Arguments.of("dump-done", new RouteMessage.Done(9, true)));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void readsWhatAKernelSent(String name, RouteMessage expected) {
        assertThat(read(RECORDED.get(name))).containsExactly(expected);
    }

    @Test
    void readsEveryMessageOfADump() {
        assertThat(read(RECORDED.get("dump")))
                .containsExactly(
                        new RouteMessage.AddressIs(address(1, "127.0.0.1", 8, 0x80, 254)),
                        new RouteMessage.AddressIs(address(2, "10.0.0.1", 32, 0x80, 0)),
                        new RouteMessage.AddressIs(address(3, "10.77.0.100", 24, 0x80, 0)));
    }

    @Test
    void tellsALinkWithACarrierFromOneWithout() {
        assertThat(new Link(2, "e1", 0x11003, 0)).returns(true, Link::isUp).returns(false, Link::hasCarrier);
        assertThat(new Link(2, "e1", 0x11043, 0)).returns(true, Link::isUp).returns(true, Link::hasCarrier);
        assertThat(new Link(2, "e1", 0x1002, 0x020000000102L).macBytes()).containsExactly(2, 0, 0, 0, 1, 2);
    }

    @Test
    void aDumpThatWasDisturbedSaysSo() {
        byte[] bytes = RECORDED.get("dump-done").clone();
        bytes[6] |= 0x10;
        assertThat(read(bytes)).containsExactly(new RouteMessage.Done(9, false));
    }

    @Test
    void aRequestReadsBackAsWhatItAsksFor() {
        ByteBuffer out = ByteBuffer.allocate(2 * RouteCodec.MAX_REQUEST);
        RouteCodec.addAddress(out, 5, AddressRequest.of(address(3, "10.77.0.100", 24, 0, 0), 0));
        RouteCodec.removeAddress(out, 6, 4, IpAddress.parse("fd00::70"), 128);
        List<RouteMessage> messages = new ArrayList<>();
        assertThat(RouteCodec.read(out.flip(), messages::add)).isTrue();
        assertThat(messages)
                .containsExactly(
                        new RouteMessage.AddressIs(
                                new HostAddress(3, IpAddress.parse("10.77.0.100"), 24, 0, 0, HostAddress.HOLDFAST)),
                        new RouteMessage.AddressGone(
                                new HostAddress(4, IpAddress.parse("fd00::70"), 128, HostAddress.IFA_F_NODAD, 0, 0),
                                0));
    }

    @Test
    void aLifetimeIsPreferredAndValidAlikeAndForEverIsAllOnes() {
        ByteBuffer out = ByteBuffer.allocate(RouteCodec.MAX_REQUEST);
        RouteCodec.renewAddress(out, 5, AddressRequest.of(address(3, "fd00::70", 128, 0, 0), 4));
        // struct ifa_cacheinfo is last: preferred, valid, created, updated.
        assertThat(out.getInt(out.position() - 16)).isEqualTo(4);
        assertThat(out.getInt(out.position() - 12)).isEqualTo(4);
        out.clear();
        RouteCodec.addAddress(out, 5, AddressRequest.of(address(3, "10.77.0.100", 24, 0, 0), 0));
        assertThat(out.getInt(out.position() - 16)).isEqualTo(-1);
        assertThat(out.getInt(out.position() - 12)).isEqualTo(-1);
    }

    @Test
    void aTypeThatDoesNotMatterIsPassedOver() {
        byte[] route = RECORDED.get("address-added").clone();
        route[4] = 24;
        assertThat(read(route)).isEmpty();
    }

    @Test
    void everyCutOffMessageIsNoticed() {
        byte[] whole = RECORDED.get("address-added");
        for (int length = 1; length < whole.length; length++) {
            List<RouteMessage> messages = new ArrayList<>();
            assertThat(RouteCodec.read(ByteBuffer.wrap(whole, 0, length), messages::add))
                    .as("cut after %d bytes", length)
                    .isFalse();
            assertThat(messages).isEmpty();
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void garbageNeverThrows(int seed) {
        Random random = new Random(seed);
        List<byte[]> seedBytes = List.copyOf(RECORDED.values());
        for (int i = 0; i < 400; i++) {
            byte[] bytes = seedBytes.get(random.nextInt(seedBytes.size())).clone();
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (int flips = random.nextInt(8); flips >= 0 && bytes.length > 0; flips--) {
                // Lengths and types stand in the first bytes; that is where lies do harm.
                int at = random.nextBoolean()
                        ? random.nextInt(Math.min(48, bytes.length))
                        : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt();
            }
            RouteCodec.read(ByteBuffer.wrap(bytes), message -> {});
        }
    }
}
