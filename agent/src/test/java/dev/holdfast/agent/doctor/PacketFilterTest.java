package dev.holdfast.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files beside this test are what {@code nft -j list ruleset} and {@code iptables-save} printed of real rules. */
class PacketFilterTest {
    private static final String GROUP = "224.0.0.18";
    private static final String OWN = "10.0.0.60";

    private static Traffic in(String protocol, int port, String interfaceName, String from) {
        boolean six = from.contains(":");
        String to = protocol.equals("vrrp") ? six ? "ff02::12" : GROUP : OWN;
        return new Traffic(
                "it",
                six ? IpFamily.IPV6 : IpFamily.IPV4,
                true,
                Traffic.protocol(protocol),
                port,
                interfaceName,
                List.of(VipAddress.parse(from)),
                List.of(VipAddress.parse(to)));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PacketFilterTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static PacketFilter filter(String file) throws IOException {
        String text = resource(file);
        return file.endsWith(".json")
                ? NftRuleset.read(text, false)
                : IptablesRules.read(text, file.endsWith("ip6tables") ? "ip6tables" : "iptables");
    }

    private static String told(List<Finding> findings) {
        return findings.isEmpty()
                ? "passes"
                : String.join(
                        ",",
                        findings.stream().map(each -> each.complaint().label()).toList());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            firewalld.json,      vrrp, 0,    eth0,  10.0.0.0/24,  firewall-drops
            firewalld.json,      vrrp, 0,    eth0,  fe80::/64,    firewall-drops
            firewalld.json,      tcp,  22,   eth0,  10.0.0.0/24,  passes
            firewalld.json,      tcp,  2377, wlan0, 10.0.0.0/24,  firewall-drops
            rich.json,           vrrp, 0,    eth0,  10.0.0.0/24,  passes
            rich.json,           vrrp, 0,    eth0,  fe80::/64,    passes
            rich.json,           vrrp, 0,    wlan0, 10.1.0.0/24,  firewall-drops
            rich.json,           vrrp, 0,    eth0,  10.1.0.0/24,  firewall-may-drop
            rich.json,           tcp,  2377, wlan0, 10.1.0.0/24,  passes
            rich.json,           udp,  7946, wlan0, 10.1.0.0/24,  passes
            rich.json,           udp,  4789, wlan0, 10.1.0.0/24,  passes
            rich.json,           tcp,  7946, wlan0, 10.0.0.61,    passes
            rich.json,           tcp,  7946, wlan0, 10.0.0.0/24,  firewall-may-drop
            rich.json,           tcp,  7946, wlan0, 10.0.0.62,    firewall-drops
            rich.json,           udp,  53,   wlan0, 10.1.0.0/24,  passes
            rich.json,           udp,  54,   wlan0, 10.1.0.0/24,  firewall-drops
            rich.iptables,       vrrp, 0,    eth0,  10.0.0.0/24,  passes
            rich.iptables,       vrrp, 0,    eth0,  10.0.0.0/16,  firewall-may-drop
            rich.iptables,       vrrp, 0,    eth0,  10.1.0.0/24,  firewall-drops
            rich.iptables,       tcp,  2377, wlan0, 10.1.0.0/24,  passes
            rich.iptables,       tcp,  7946, eth0,  10.0.0.0/24,  passes
            rich.iptables,       udp,  7946, eth0,  10.0.0.0/24,  firewall-drops
            rich.ip6tables,      vrrp, 0,    eth0,  fe80::/64,    firewall-drops
            rich.ip6tables,      tcp,  2377, eth0,  fe80::/64,    passes
            rich-iptables.json,  tcp,  2377, eth0,  10.0.0.0/24,  firewall-may-drop
            """)
    void judges(String file, String protocol, int port, String interfaceName, String from, String expected)
            throws IOException {
        assertThat(told(filter(file).judge(List.of(in(protocol, port, interfaceName, from)))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -p vrrp -j DROP                                                  | firewall-drops
            -p 112 -j REJECT --reject-with icmp-port-unreachable             | firewall-drops
            -d 224.0.0.18/32 -j DROP                                         | firewall-drops
            -d 224.0.0.0/8 -i eth+ -j DROP                                   | firewall-drops
            ! -s 10.0.0.0/24 -j DROP                                         | passes
            -s 10.0.0.99/32 -p vrrp -j DROP                                  | firewall-may-drop
            -p vrrp -m limit --limit 1/sec -j DROP                           | firewall-may-drop
            -p vrrp -m comment --comment "a -j ACCEPT in quotes" -j DROP     | firewall-drops
            -o eth0 -j DROP                                                  | passes
            -i docker0 -j DROP                                               | passes
            -d 172.17.0.2/32 ! -i docker0 -j DROP                            | passes
            -m conntrack --ctstate INVALID -j DROP                           | passes
            -m pkttype --pkt-type multicast -j DROP                          | firewall-may-drop
            -p udp -m udp --dport 4789 -m policy --dir in --pol none -j DROP | passes
            -j LOG                                                           | passes
            """)
    void oneRuleBeforeAnAccept(String rule, String expected) {
        PacketFilter filter = IptablesRules.read("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT " + rule + "\n", "iptables");
        assertThat(told(filter.judge(List.of(in("vrrp", 0, "eth0", "10.0.0.0/24")))))
                .isEqualTo(expected);
    }

    @Test
    void tablesOfIptablesAreLeftToItsOwnProgram() throws IOException {
        PacketFilter filter = NftRuleset.read(resource("rich-iptables.json"), true);
        assertThat(filter.judge(List.of(in("udp", 7946, "eth0", "10.0.0.0/24"))))
                .isEmpty();
    }

    @Test
    void theRemedyIsTheCommandOfWhoeverMadeTheTable() throws IOException {
        Traffic vrrp = in("vrrp", 0, "wlan0", "10.1.0.0/24");
        Traffic port = in("udp", 7946, "wlan0", "10.1.0.0/24");
        assertThat(filter("firewalld.json").judge(List.of(port)))
                .extracting(Finding::remedy)
                .containsExactly("firewall-cmd --permanent --add-port=7946/udp && firewall-cmd --reload");
        assertThat(filter("rich.json").judge(List.of(vrrp)))
                .extracting(Finding::remedy)
                .containsExactly("nft insert rule inet filter input meta l4proto 112 accept");
        assertThat(filter("rich.iptables").judge(List.of(vrrp, port)))
                .extracting(Finding::remedy)
                .containsExactly(
                        "iptables -I INPUT -p 112 -j ACCEPT", "iptables -I INPUT -p udp --dport 7946 -j ACCEPT");
    }

    @Test
    void aChainThatJumpsToItselfEnds() {
        PacketFilter filter =
                IptablesRules.read("*filter\n:INPUT DROP [0:0]\n:A - [0:0]\n-A INPUT -j A\n-A A -j A\n", "iptables");
        assertThat(told(filter.judge(List.of(in("vrrp", 0, "eth0", "10.0.0.0/24")))))
                .isEqualTo("firewall-drops");
    }
}
