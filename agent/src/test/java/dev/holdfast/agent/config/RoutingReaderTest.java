package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Routing;
import dev.holdfast.vrrp.engine.VirtualRoute;
import dev.holdfast.vrrp.engine.VirtualRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes and rules, in HOCON and from a keepalived.conf. */
class RoutingReaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    private static InstanceSpec load(String text) throws ConfigException {
        return LOADER.load("test.conf", text)
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .spec();
    }

    private static String hocon(String lines) {
        return """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0
                  virtual-router-id = 51
                  addresses = ["10.0.0.70"]
                  %s
                }
                """.formatted(lines);
    }

    private static String keepalived(String lines) {
        return """
                vrrp_instance VI_1 {
                  interface eth0
                  virtual_router_id 51
                  virtual_ipaddress { 10.0.0.70 }
                  %s
                }
                """.formatted(lines.replace(";", "\n"));
    }

    @Test
    void theyArriveInTheirOrder() throws ConfigException {
        InstanceSpec spec = load(hocon("""
                routes = ["default via 10.0.0.1 table 100", "blackhole 10.1.0.0/16"]
                rules = ["from 10.0.0.70 table 100", "to 10.2.0.0/16 prohibit"]
                promote-secondaries = yes
                """));
        assertThat(spec.routing())
                .isEqualTo(new Routing(
                        List.of(
                                VirtualRoute.parse("default via 10.0.0.1 table 100"),
                                VirtualRoute.parse("blackhole 10.1.0.0/16")),
                        List.of(
                                VirtualRule.parse("from 10.0.0.70 table 100"),
                                VirtualRule.parse("to 10.2.0.0/16 prohibit"))));
        assertThat(spec.promoteSecondaries()).isTrue();
        assertThat(load(hocon("")).routing()).isEqualTo(Routing.NONE);
        assertThat(load(hocon("")).promoteSecondaries()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            routes = ["default"]                  | routes[0] | OUT_OF_RANGE | needs via ADDRESS or dev INTERFACE
            routes = ["10.0.0.1/8 dev eth0"]      | routes[0] | OUT_OF_RANGE | bits set behind its prefix
            routes = [{ via = "10.0.0.1" }]       | routes[0] | WRONG_TYPE   | a list of routes
            routes = "default via 10.0.0.1"       | routes    | WRONG_TYPE   | a list of routes
            rules = ["from 10.0.0.70"]            | rules[0]  | OUT_OF_RANGE | needs table TABLE
            rules = [""]                          | rules[0]  | OUT_OF_RANGE | is not understood
            """)
    void aWrongOneIsNamedWithWhy(String line, String key, FaultReason reason, String why) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(hocon(line)));
        assertThat(refused.faults()).hasSize(1).first().satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("holdfast.vrrp.instances.VI_1." + key);
            assertThat(fault.reason()).isEqualTo(reason);
            assertThat(fault.accepted()).contains(why);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            virtual_routes {;0.0.0.0/0 gw 10.0.0.1 table 100;blackhole 10.1.0.0/16;} | routes = ["default via 10.0.0.1 table 100", "blackhole 10.1.0.0/16"]
            virtual_routes {;src 10.0.0.70 to 10.1.0.0/16 via 10.0.0.1 dev eth1;}    | routes = ["10.1.0.0/16 via 10.0.0.1 dev eth1 src 10.0.0.70"]
            virtual_routes {;default via fe80::1 dev eth0;}                          | routes = ["default via fe80::1 dev eth0"]
            virtual_rules {;from 10.0.0.0/24 table 1;}                               | rules = ["from 10.0.0.0/24 table 1"]
            virtual_rules {;from 10.0.0.0/24 to 10.2.0.0/26 table 7 iif p33p1 oif wlan0 fwmark 24/12 preference 39;} | rules = ["from 10.0.0.0/24 to 10.2.0.0/26 fwmark 0x18/0xc iif p33p1 oif wlan0 table 7 priority 39"]
            promote_secondaries                                                      | promote-secondaries = true
            """)
    void keepalivedsAreCarriedOver(String lines, String expected) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", keepalived(lines));
        assertThat(imported.warnings()).isEmpty();
        assertThat(load(imported.hocon())).isEqualTo(load(hocon(expected)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 no_track;}        | no_track has no counterpart       | 1
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 hoplimit lock 9;} | the option hoplimit               | 1
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 mtu lock 1400;}   | lock has no counterpart           | 1
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 append;}          | append has no counterpart         | 1
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 or 10.0.0.2;}     | left out: or is not understood    | 0
            virtual_routes {;10.1.0.0/16 nexthop via 10.0.0.2;}         | left out: nexthop is not          | 0
            virtual_routes {;10.1.0.0/16 via 10.0.0.1 table blue;}      | left out: table: a number         | 0
            virtual_rules {;from 10.1.0.0/16 table 1 goto 40;}          | left out: goto is not understood  | 0
            virtual_rules {;from 10.1.0.0/16 table 1 realms 3/4;}       | the option realms                 | 1
            virtual_rules {;from 10.1.0.0/16 table 1 no_track;}         | no_track has no counterpart       | 1
            """)
    void whatHasNoCounterpartIsNamedWithItsLine(String lines, String why, int kept) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", keepalived(lines));
        assertThat(imported.warnings())
                .hasSize(1)
                .first()
                .returns(WarningReason.NOT_CARRIED_OVER, ConfigWarning::reason)
                .satisfies(warning -> {
                    assertThat(warning.position().line()).isEqualTo(6);
                    assertThat(warning.text()).contains(why);
                });
        Routing routing = load(imported.hocon()).routing();
        assertThat(routing.routes().size() + routing.rules().size()).isEqualTo(kept);
    }
}
