package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdvertFilterTest {
    private static final IpAddress SENDER = IpAddress.parse("10.77.0.12");

    static Stream<Arguments> pairs() {
        Duration tenth = Duration.ofMillis(100);
        return Stream.of(
                Arguments.of("the same", spec(), spec(), null),
                Arguments.of("the same password", spec().pass("secret"), spec().pass("secret"), null),
                Arguments.of("the same first eight bytes", spec().pass("12345678a"), spec().pass("12345678b"), null),
                Arguments.of("another version", spec(), spec().v3(Duration.ofSeconds(1)), RejectReason.VERSION),
                Arguments.of("a password too much", spec(), spec().pass("secret"), RejectReason.AUTH_TYPE),
                Arguments.of("no password", spec().pass("secret"), spec(), RejectReason.AUTH_TYPE),
                Arguments.of("a wrong password", spec().pass("secret"), spec().pass("Secret"), RejectReason.AUTH_DATA),
                Arguments.of("another interval, version 2", spec(), interval(spec(), 2), RejectReason.ADVERT_INTERVAL),
                Arguments.of("another interval, version 3", spec().v3(tenth), spec().v3(tenth.multipliedBy(2)), null),
                Arguments.of("a peer", spec().unicast("10.77.0.13", "10.77.0.12"), spec(), null),
                Arguments.of("no peer", spec().unicast("10.77.0.13"), spec(), RejectReason.UNKNOWN_PEER),
                Arguments.of("no peers at all", spec().unicast(), spec(), RejectReason.UNKNOWN_PEER),
                Arguments.of("other addresses", spec(), spec().addresses("10.77.0.200"), null),
                Arguments.of(
                        "other addresses, strict",
                        spec().checks(true, false),
                        spec().addresses("10.77.0.200"),
                        RejectReason.ADDRESS_LIST),
                Arguments.of("the same addresses, strict", spec().checks(true, false), spec(), null));
    }

    private static SpecBuilder interval(SpecBuilder spec, int seconds) {
        spec.advertInterval = Duration.ofSeconds(seconds);
        return spec;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void refusesWhatDoesNotFitTheConfiguration(
            String name, SpecBuilder receiver, SpecBuilder sender, RejectReason expected) {
        AdvertisementReader reader = new AdvertisementReader();
        ByteBuffer bytes = ByteBuffer.allocate(64);
        AdvertisementCodec.encode(
                AdvertSender.advertisement(sender.build(), 100), SENDER, AdvertisementCodec.GROUP_IPV4, bytes);
        assertThat(reader.read(bytes.flip(), IpFamily.IPV4, 0, SENDER.low(), 0, AdvertisementCodec.GROUP_IPV4.low()))
                .isNull();
        AdvertFilter filter = new AdvertFilter(receiver.build());
        assertThat(filter.check(reader, IpFamily.IPV4, 0, SENDER.low(), false)).isEqualTo(expected);
        assertThat(filter.addressesAgree(reader)).isEqualTo(!name.startsWith("other addresses"));
    }

    @ParameterizedTest
    @CsvSource({"false, false, true", "false, true, true", "true, false, true", "true, true, false"})
    void theAddressesOfAKnownSenderAreLeftOutWhereThatIsWanted(boolean skip, boolean known, boolean compared) {
        AdvertFilter filter = new AdvertFilter(spec().checks(false, skip).build());

        assertThat(filter.comparesAddresses(known)).isEqualTo(compared);
    }

    static Stream<Arguments> ways() {
        SpecBuilder multicast = spec();
        SpecBuilder strict = spec().checks(true, false);
        SpecBuilder ownGroup = spec().group("224.0.0.99");
        SpecBuilder routed = spec().unicast("10.77.0.12", 255, 250, 254);
        return Stream.of(
                Arguments.of(multicast, "224.0.0.18", 255, null),
                Arguments.of(multicast, "224.0.0.18", 254, RejectReason.TTL),
                Arguments.of(multicast, "224.0.0.99", 255, RejectReason.DESTINATION),
                Arguments.of(multicast, "10.77.0.11", 255, null),
                Arguments.of(strict, "224.0.0.18", 255, null),
                Arguments.of(strict, "10.77.0.11", 255, RejectReason.DESTINATION),
                Arguments.of(ownGroup, "224.0.0.99", 255, null),
                Arguments.of(ownGroup, "224.0.0.18", 255, RejectReason.DESTINATION),
                Arguments.of(spec().unicast("10.77.0.12"), "10.77.0.11", 255, null),
                Arguments.of(spec().unicast("10.77.0.12"), "10.77.0.11", 254, RejectReason.TTL),
                Arguments.of(routed, "10.77.0.11", 255, RejectReason.TTL),
                Arguments.of(routed, "10.77.0.11", 254, null),
                Arguments.of(routed, "10.77.0.11", 250, null),
                Arguments.of(routed, "10.77.0.11", 249, RejectReason.TTL),
                // A stranger gets no benefit of anybody's range.
                Arguments.of(spec().unicast("10.77.0.13", 255, 1, 255), "10.77.0.11", 200, RejectReason.TTL));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesWhatCameAnotherWay(SpecBuilder receiver, String destination, int ttl, RejectReason expected) {
        AdvertFilter filter = new AdvertFilter(receiver.build());
        long to = IpAddress.parse(destination).low();

        assertThat(filter.checkPath(IpFamily.IPV4, 0, SENDER.low(), 0, to, ttl)).isEqualTo(expected);
    }
}
