package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecCheckTest {
    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(List.of(spec(), spec().vrid(52)), "VI_1: the name is used twice"),
                Arguments.of(List.of(spec(), spec().name("b")), "b: virtual router id 51 is used twice on eth0"),
                Arguments.of(List.of(spec().vrid(0)), "virtual router id must be 1..255"),
                Arguments.of(List.of(spec().priority(0)), "priority must be 1..255"),
                Arguments.of(List.of(spec().priority(256)), "priority must be 1..255"),
                Arguments.of(List.of(spec().v3(Duration.ofMillis(5))), "5000000"),
                Arguments.of(List.of(spec().v3(Duration.ofSeconds(1)).pass("x")), "version 3 has no authentication"),
                Arguments.of(List.of(spec().addresses("fd00::1")), "version 2 carries IPv4 addresses alone"),
                Arguments.of(List.of(spec().unicast("fd00::1")), "must be of the instance's family"),
                Arguments.of(List.of(spec().group("ff02::12")), "is not a multicast group of the instance's family"),
                Arguments.of(List.of(spec().group("10.0.0.1")), "10.0.0.1 is not a multicast group"),
                Arguments.of(List.of(spec().unicast("10.0.0.1", 0, 255, 255)), "the TTL must be 1..255, not 0"),
                Arguments.of(List.of(spec().source("fd00::1")), "must be of the instance's family"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesWhatIsWrong(List<SpecBuilder> specs, String message) {
        assertThatThrownBy(() -> SpecCheck.check(
                        EngineSpec.of(specs.stream().map(SpecBuilder::build).toList())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesEverythingAtOnce() {
        assertThatThrownBy(() -> SpecCheck.check(EngineSpec.of(List.of(
                        spec().vrid(0).build(), spec().vrid(300).name("b").build()))))
                .hasMessageContaining("VI_1")
                .hasMessageContaining("b: ");
    }

    static Stream<Arguments> wrongGroups() {
        return Stream.of(
                Arguments.of(List.of(new GroupSpec("g", List.of())), "group g: it needs at least one member"),
                Arguments.of(List.of(new GroupSpec("g", List.of("x"))), "group g: there is no instance x"),
                Arguments.of(List.of(new GroupSpec("g", List.of("VI_1", "VI_1"))), "VI_1 is a member twice"),
                Arguments.of(
                        List.of(new GroupSpec("g", List.of("VI_1")), new GroupSpec("h", List.of("VI_1"))),
                        "group h: VI_1 is a member twice, or of two groups"),
                Arguments.of(
                        List.of(new GroupSpec("g", List.of("VI_1")), new GroupSpec("g", List.of("b"))),
                        "group g: the name is used twice"));
    }

    @ParameterizedTest
    @MethodSource("wrongGroups")
    void namesWhatIsWrongWithGroups(List<GroupSpec> groups, String message) {
        List<InstanceSpec> instances =
                List.of(spec().build(), spec().name("b").vrid(52).build());
        assertThatThrownBy(() -> SpecCheck.check(new EngineSpec(instances, groups, Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void acceptsOneRouterIdOnTwoInterfacesAndExcludedAddressesOfTheOtherFamily() {
        assertThatCode(() -> SpecCheck.check(EngineSpec.of(List.of(
                        spec().excluded("fd00::70/64").build(),
                        spec().name("b").on("eth1").build()))))
                .doesNotThrowAnyException();
    }
}
