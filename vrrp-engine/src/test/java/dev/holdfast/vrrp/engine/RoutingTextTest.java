package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes and rules as text, there and back. */
class RoutingTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            default via 10.0.0.1                                     | default via 10.0.0.1
            0.0.0.0/0 gw 10.0.0.1 table 100                          | default via 10.0.0.1 table 100
            src 10.0.0.70 to 10.1.0.0/16 via 10.0.0.1 dev eth1       | 10.1.0.0/16 via 10.0.0.1 dev eth1 src 10.0.0.70
            src 10.0.0.70 10.1.0.0/16 via 10.0.0.1                   | 10.1.0.0/16 via 10.0.0.1 src 10.0.0.70
            10.2.0.0/24 dev eth2 table main scope link               | 10.2.0.0/24 dev eth2 scope link
            10.2.0.9/32 dev eth2 metric 5 mtu 1400 advmss 1300       | 10.2.0.9 dev eth2 metric 5 mtu 1400 advmss 1300
            default via 10.0.0.1 dev eth0 onlink priority 4294967295 | default via 10.0.0.1 dev eth0 metric 4294967295 onlink
            blackhole 10.9.0.0/16 table local                        | blackhole 10.9.0.0/16 table local
            unreachable default table 253                            | unreachable default table default
            prohibit to 10.9.0.0/16                                  | prohibit 10.9.0.0/16
            throw 10.9.0.0/16 table 7                                | throw 10.9.0.0/16 table 7
            default via fe80::1 dev eth0                             | default via fe80::1 dev eth0 inet6
            inet6 to default dev eth0                                | default dev eth0 inet6
            fd00:1::/64 dev eth0 metric 0x10                         | fd00:1::/64 dev eth0 metric 16
            """)
    void aRouteIsReadAndWritten(String text, String canonical) {
        VirtualRoute route = VirtualRoute.parse(text);
        assertThat(route).hasToString(canonical);
        assertThat(VirtualRoute.parse(canonical)).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                          | is not understood
            via 10.0.0.1                                | begins with its destination
            default                                     | needs via ADDRESS or dev INTERFACE
            default via                                 | via needs a value
            default via router                          | not an IPv4 or IPv6 address
            default via fe80::1 src 10.0.0.70           | one family
            10.1.0.1/16 via 10.0.0.1                    | bits set behind its prefix
            10.1.0.0/33 via 10.0.0.1                    | not in 0..32
            fd00::1/64 dev eth0                         | bits set behind its prefix
            fd00:0:0:1::/48 dev eth0                    | bits set behind its prefix
            default via 10.0.0.1 via 10.0.0.2           | via is there twice
            default via 10.0.0.1 table blue             | table: a number
            default via 10.0.0.1 table 0                | main, local, default
            default via 10.0.0.1 metric 4294967296      | 0..4294967295
            default via 10.0.0.1 scope 256              | 0..255
            default via 10.0.0.1 onlink                 | onlink needs
            default via 10.0.0.1 mtu 67                 | 68..65535
            default dev abcdefghijklmnop                | network interface
            default dev ..                              | network interface
            blackhole default via 10.0.0.1              | has no via
            default via 10.0.0.1 nexthop via 10.0.0.2   | nexthop is not understood
            """)
    void aWrongRouteIsRefusedWithWhy(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VirtualRoute.parse(text))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from 10.0.0.70 table 100                          | from 10.0.0.70 table 100 priority 16384
            from 10.0.0.0/24 to 10.1.0.0/16 lookup main       | from 10.0.0.0/24 to 10.1.0.0/16 table main priority 16384
            to 10.1.0.0/16 table 7 preference 39              | from all to 10.1.0.0/16 table 7 priority 39
            fwmark 24/12 iif eth0 oif eth1 table 7            | from all fwmark 0x18/0xc iif eth0 oif eth1 table 7 priority 16384
            from all fwmark 0xffffffff blackhole pref 1       | from all fwmark 0xffffffff blackhole priority 1
            dev eth0 prohibit                                 | from all iif eth0 prohibit priority 16384
            inet6 table 7                                     | from all table 7 priority 16384 inet6
            from fd00::70 unreachable                         | from fd00::70 unreachable priority 16384
            """)
    void aRuleIsReadAndWritten(String text, String canonical) {
        VirtualRule rule = VirtualRule.parse(text);
        assertThat(rule).hasToString(canonical);
        assertThat(VirtualRule.parse(canonical)).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "from 10.0.0.70",
                "from 10.0.0.70/24 table 7",
                "from 10.0.0.70 to fd00::1 table 7",
                "from 10.0.0.70 table 7 table 8",
                "from 10.0.0.70 table 7 blackhole",
                "from 10.0.0.70 goto 40",
                "from 10.0.0.70 table 7 priority 0",
                "fwmark x table 7",
                "fwmark 1/ table 7",
                "table"
            })
    void aWrongRuleIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> VirtualRule.parse(text));
    }
}
