package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.AddressOptions;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses with options, in HOCON and from a keepalived.conf. */
class AddressReaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    private static String hocon(String addresses) {
        return """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0
                  virtual-router-id = 51
                  addresses = [%s]
                }
                """.formatted(addresses);
    }

    private static List<VipAddress> load(String addresses) throws ConfigException {
        return LOADER.load("test.conf", hocon(addresses))
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .spec()
                .addresses();
    }

    @Test
    void allOptionsArrive() throws ConfigException {
        assertThat(load("""
                {
                  address = "10.0.1.70/24"
                  device = eth1
                  track = false
                  label = "eth1:vip"
                  scope = link
                  broadcast = "10.0.1.255"
                  prefix-route = false
                  deprecated = true
                }"""))
                .containsExactly(VipAddress.parse("10.0.1.70/24")
                        .with(new AddressOptions(
                                Optional.of("eth1"),
                                false,
                                Optional.of("eth1:vip"),
                                253,
                                Optional.of(IpAddress.parse("10.0.1.255")),
                                false,
                                Optional.of(true))));
    }

    @Test
    void anObjectWithoutOptionsIsTheSameAsAString() throws ConfigException {
        assertThat(load("{ address = \"10.0.1.70\", device = eth0, scope = 0 }, \"10.0.1.71/24\""))
                .containsExactly(VipAddress.parse("10.0.1.70/32"), VipAddress.parse("10.0.1.71/24"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.1.70/24, +, 10.0.1.255",
        "10.0.1.70/24, -, 10.0.1.0",
        "10.0.1.70/30, +, 10.0.1.71",
        "10.0.1.70/0, +, 255.255.255.255",
        "10.0.1.70/32, 10.9.9.9, 10.9.9.9"
    })
    void theBroadcastAddressIsGivenOrReckoned(String address, String broadcast, String expected)
            throws ConfigException {
        assertThat(load("{ address = \"" + address + "\", broadcast = \"" + broadcast + "\" }"))
                .singleElement()
                .satisfies(vip -> assertThat(vip.options().broadcast()).contains(IpAddress.parse(expected)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            { device = eth1 }                                  | address   | MISSING
            { address = "10.0.1" }                             | address   | MALFORMED
            { address = "127.0.0.1" }                          | address   | OUT_OF_RANGE
            { address = "10.0.1.70", device = "eth/1" }        | device    | MALFORMED
            { address = "10.0.1.70", track = perhaps }         | track     | MALFORMED
            { address = "10.0.1.70", label = "0123456789abcdef" } | label  | MALFORMED
            { address = "10.0.1.70", scope = galaxy }          | scope     | MALFORMED
            { address = "10.0.1.70", scope = 256 }             | scope     | MALFORMED
            { address = "10.0.1.70", broadcast = "fe80::1" }   | broadcast | MALFORMED
            { address = "10.0.1.70", broadcast = "+" }         | broadcast | CONFLICT
            { address = "fd00::70", label = vip }              | label     | CONFLICT
            { address = "fd00::70", scope = link }             | scope     | CONFLICT
            { address = "fd00::70", broadcast = "+" }          | broadcast | CONFLICT
            { address = "10.0.1.70", brd = "+" }               | brd       | UNKNOWN_KEY
            { address = ["10.0.1.70"] }                        | address   | WRONG_TYPE
            """)
    void aWrongOptionIsNamed(String item, String key, FaultReason reason) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> load("\"10.0.0.70\"], excluded-addresses = [" + item));
        assertThat(refused.faults()).hasSize(1).first().satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("holdfast.vrrp.instances.VI_1.excluded-addresses[0]." + key);
            assertThat(fault.reason()).isEqualTo(reason);
        });
    }

    @Test
    void theSameAddressOnTwoDevicesIsThereTwice() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> load("\"10.0.0.70\", { address = \"10.0.0.70\", device = eth1 }"));
        assertThat(refused.faults()).extracting(Fault::reason).containsExactly(FaultReason.DUPLICATE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            10.0.0.70/24 dev eth0 scope global        | "10.0.0.70/24"
            10.0.0.70/24 dev eth1                     | { address = "10.0.0.70/24", device = eth1 }
            10.0.0.70/24 dev eth1 label eth1:1        | { address = "10.0.0.70/24", device = eth1, label = "eth1:1" }
            10.0.0.70/24 brd 10.0.0.255 scope link    | { address = "10.0.0.70/24", broadcast = "10.0.0.255", scope = link }
            10.0.0.70/24 brd + noprefixroute          | { address = "10.0.0.70/24", broadcast = "+", prefix-route = false }
            10.0.0.70/24 scope 7 -nodad               | { address = "10.0.0.70/24", scope = 7 }
            fd00::70 -nodad preferred_lft forever     | { address = "fd00::70", deprecated = false }
            fd00::70/64 preferred_lft 0               | { address = "fd00::70/64", deprecated = true }
            10.0.0.70 dev eth1 no_track 10.0.0.71     | { address = "10.0.0.70", device = eth1, track = false }, "10.0.0.71"
            """)
    void keepalivedsOptionsAreCarriedOver(String line, String expected) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", """
                vrrp_instance VI_1 {
                  virtual_router_id 51
                  virtual_ipaddress {
                    %s
                  }
                  interface eth0
                }
                """.formatted(line));
        assertThat(imported.warnings()).isEmpty();
        assertThat(LOADER.load("import.conf", imported.hocon())
                        .config()
                        .vrrp()
                        .instances()
                        .getFirst()
                        .spec()
                        .addresses())
                .isEqualTo(load(expected));
    }
}
