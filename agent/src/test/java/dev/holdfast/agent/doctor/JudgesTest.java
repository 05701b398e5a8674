package dev.holdfast.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.Fixtures;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgesTest {
    /** Holds 10.0.0.70/24 on eth0 with id 51. */
    private static final InstanceSpec SPEC = Fixtures.spec("VI_1", 51, 100);

    private static final Setting SETTING = new Setting(Path.of("/etc/holdfast/holdfast.conf"), true);

    private static List<String> labels(List<Finding> findings) {
        return findings.stream().map(each -> each.complaint().label()).toList();
    }

    private static Overheard advert(String source, int id, int priority, String... addresses) {
        return new Overheard(
                IpAddress.parse(source),
                id,
                priority,
                Set.copyOf(Arrays.stream(addresses).map(IpAddress::parse).toList()));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            eth1, true,  true,  10.0.0.60/24,              interface-missing
            eth0, false, false, 10.0.0.60/24,              interface-down
            eth0, true,  false, 10.0.0.60/24,              no-carrier
            eth0, true,  true,  10.0.1.60/24,              no-address-in-prefix
            eth0, true,  true,  10.0.0.70/24,              no-address-in-prefix
            eth0, true,  true,  10.0.0.60/16,              prefix-mismatch
            eth0, true,  true,  10.0.0.60/24,              ''
            eth0, true,  true,  10.0.0.60/24 10.0.0.70/24, ''
            """)
    void interfaces(String name, boolean up, boolean carrier, String addresses, String expected) {
        NetworkCard card = new NetworkCard(
                2,
                name,
                up,
                carrier,
                Stream.of(addresses.split(" ", -1)).map(VipAddress::parse).toList());
        Set<IpAddress> virtual = Set.of(IpAddress.parse("10.0.0.70"));
        assertThat(String.join(" ", labels(NetworkJudge.card(SPEC, List.of(card), virtual))))
                .isEqualTo(expected);
    }

    @Test
    void anIdIsTakenWhereAnotherRouterAdvertisesOtherAddressesWithIt() {
        assertThat(NetworkJudge.wire(SPEC, List.of(advert("10.0.0.61", 51, 90, "10.0.0.70")), SETTING))
                .isEmpty();
        assertThat(NetworkJudge.wire(SPEC, List.of(advert("10.0.0.1", 50, 90, "10.0.0.99")), SETTING))
                .isEmpty();
        List<Finding> taken = NetworkJudge.wire(
                SPEC,
                List.of(advert("10.0.0.1", 51, 90, "10.0.0.99"), advert("10.0.0.1", 52, 90, "10.0.0.98")),
                SETTING);
        assertThat(labels(taken)).containsExactly("vrid-in-use");
        assertThat(taken.getFirst().text()).contains("10.0.0.1 uses", "10.0.0.99");
        assertThat(taken.getFirst().remedy())
                .isEqualTo("echo 'holdfast.vrrp.instances.VI_1.virtual-router-id = 53' >> /etc/holdfast/holdfast.conf"
                        + " && systemctl reload holdfast   # on all hosts");
    }

    @Test
    void twoWhoAdvertiseTheSameAddressesAreTwoMastersUnlessOneResigns() {
        Overheard one = advert("10.0.0.61", 51, 90, "10.0.0.70");
        assertThat(labels(NetworkJudge.wire(SPEC, List.of(one, advert("10.0.0.62", 51, 80, "10.0.0.70")), SETTING)))
                .containsExactly("two-masters");
        assertThat(NetworkJudge.wire(SPEC, List.of(one, advert("10.0.0.62", 51, 0, "10.0.0.70")), SETTING))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MASTER 100 0 | BACKUP 90 0   | ''
            MASTER 100 0 | BACKUP 90 5   | ''
            MASTER 100 0 | BACKUP 90 -6  | clock-skew
            MASTER 100 0 | MASTER 90 0   | two-masters
            MASTER 100 0 | BACKUP 100 0  | duplicate-priority
            MASTER 100 0 | MASTER 100 90 | clock-skew two-masters duplicate-priority
            """)
    void agents(String a, String b, String expected) throws Exception {
        String all = "{\"agents\": [" + agent("a", a) + "," + agent("b", b)
                + ", {\"address\": \"10.0.0.9\", \"error\": \"connection refused\"}]}";
        assertThat(String.join(" ", labels(AgentsJudge.judge(new ObjectMapper().readTree(all), SETTING))))
                .isEqualTo(expected);
    }

    private static String agent(String node, String told) {
        String[] words = told.split(" ", -1);
        return """
                {"address": "x", "clockSkewSeconds": %s, "status": {"node": "%s", "instances": [
                  {"name": "VI_1", "vrid": 51, "family": "ipv4", "state": "%s", "priority": %s}]}}
                """.formatted(words[2], node, words[0], words[1]);
    }

    @Test
    void theNewPriorityIsOneThatNobodyHas() throws Exception {
        String all = "{\"agents\": [" + agent("a", "MASTER 100 0") + "," + agent("b", "BACKUP 100 0") + ","
                + agent("c", "BACKUP 99 0") + "]}";
        assertThat(AgentsJudge.judge(new ObjectMapper().readTree(all), SETTING))
                .extracting(Finding::remedy)
                .containsExactly("echo 'holdfast.vrrp.instances.VI_1.priorities.b = 98' >> /etc/holdfast/holdfast.conf"
                        + " && systemctl reload holdfast   # on b");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ffffffffffffffff, true,  ''
            803000,           true,  ''
            3000,             true,  real-time-refused
            3000,             false, ''
            2000,             false, capability-missing
            0,                true,  capability-missing capability-missing real-time-refused
            """)
    void capabilities(String set, boolean realTime, String expected) {
        long effective = Long.parseUnsignedLong(set, 16);
        assertThat(String.join(" ", labels(HostJudge.capabilities(effective, realTime))))
                .isEqualTo(expected);
    }

    @Test
    void arpThatIsNeverAnsweredIsComplainedOf() {
        Map<String, String> kernel = Map.of("net.ipv4.conf.all.arp_ignore", "8", "net.ipv4.conf.eth0.arp_ignore", "1");
        assertThat(HostJudge.kernel(SPEC, key -> Optional.ofNullable(kernel.get(key))))
                .extracting(Finding::remedy)
                .containsExactly("sysctl -w net.ipv4.conf.all.arp_ignore=0");
        assertThat(HostJudge.kernel(SPEC, _ -> Optional.of("1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KeepConfiguration=static", " KeepConfiguration = yes "})
    void networkdThatKeepsAddressesIsLeftAlone(String line) {
        String link = "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/10-lan.network\n";
        assertThat(HostJudge.networkd("eth0", link, "[Network]\n" + line + "\n"))
                .isEmpty();
        assertThat(HostJudge.networkd("eth0", link, "[Network]\nDHCP=yes\n# " + line + "\n"))
                .extracting(Finding::remedy)
                .containsExactly("mkdir -p /etc/systemd/network/10-lan.network.d && printf"
                        + " '[Network]\\nKeepConfiguration=static\\n' >"
                        + " /etc/systemd/network/10-lan.network.d/holdfast.conf && networkctl reload");
        assertThat(HostJudge.networkd("eth0", "ADMIN_STATE=unmanaged\n", "")).isEmpty();
    }

    @Test
    void aKeepalivedBesideUsIsComplainedOfWhereItHasOurRouter() {
        assertThat(labels(HostJudge.keepalived(SPEC, List.of(Fixtures.spec("other", 51, 1)))))
                .containsExactly("keepalived-beside");
        assertThat(HostJudge.keepalived(SPEC, List.of(Fixtures.spec("other", 52, 1))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            keepalived,                      /etc/keepalived/keepalived.conf
            keepalived -n -f /a.conf,        /a.conf
            keepalived --use-file=/a.conf,   /a.conf
            keepalived --use-file /a.conf,   /a.conf
            """)
    void keepalivedsConfiguration(String commandLine, Path expected) {
        assertThat(HostFacts.configuration(commandLine.replace(' ', '\0'))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            false, false, false, script-missing
            true,  false, false, script-not-executable
            true,  true,  true,  script-writable-by-others
            true,  true,  false, ''
            """)
    void programs(boolean exists, boolean executable, boolean writable, String expected) {
        assertThat(String.join(
                        " ",
                        labels(ProgramJudge.judge(
                                new ProgramJudge.Program(Path.of("/x"), exists, executable, writable)))))
                .isEqualTo(expected);
    }
}
