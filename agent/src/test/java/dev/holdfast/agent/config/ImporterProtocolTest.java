package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.ReceiveChecks;
import dev.holdfast.vrrp.engine.Rivals;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** keepalived's lines about how adverts travel and how others are dealt with. */
class ImporterProtocolTest {
    private static LoadedConfig load(String globals, String lines) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", """
                global_defs {
                %s
                }
                vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 51
                virtual_ipaddress { 10.0.0.70/24 }
                %s
                }
                """.formatted(globals, lines));
        // What was imported is good as it stands.
        LoadedConfig loaded = new ConfigLoader(Map.of(), () -> "host").load("imported", imported.hocon());
        return new LoadedConfig(loaded.config(), imported.warnings(), loaded.positions());
    }

    private static InstanceSpec spec(LoadedConfig loaded) {
        return loaded.config().vrrp().specs().getFirst();
    }

    private static Transport multicast(String source, String group) {
        return new Transport.Multicast(
                Optional.ofNullable(source).map(IpAddress::parse),
                Optional.ofNullable(group).map(IpAddress::parse));
    }

    @Test
    void multicastHasItsSourceAndGroup() throws ConfigException {
        LoadedConfig own = load("vrrp_mcast_group4 224.0.0.98", "mcast_src_ip 10.0.0.60\nmcast_dst_ip 224.0.0.99");
        LoadedConfig general = load("vrrp_mcast_group4 224.0.0.98\nvrrp_mcast_group6 ff02::98", "");

        assertThat(spec(own).transport()).isEqualTo(multicast("10.0.0.60", "224.0.0.99"));
        assertThat(spec(general).transport()).isEqualTo(multicast(null, "224.0.0.98"));
        assertThat(own.warnings()).isEmpty();
        assertThat(general.warnings()).isEmpty();
    }

    @Test
    void unicastHasTtlsAndRanges() throws ConfigException {
        LoadedConfig loaded = load("", """
                mcast_src_ip 10.0.0.60
                unicast_peer {
                  10.9.0.61 min_ttl 250 10.9.0.62 max_ttl 64 min_ttl 60
                  10.9.0.63
                }
                unicast_ttl 64
                """);

        assertThat(spec(loaded).transport())
                .isEqualTo(new Transport.Unicast(
                        Optional.of(IpAddress.parse("10.0.0.60")),
                        List.of(
                                new Transport.Peer(IpAddress.parse("10.9.0.61"), 250, 255),
                                new Transport.Peer(IpAddress.parse("10.9.0.62"), 60, 64),
                                new Transport.Peer(IpAddress.parse("10.9.0.63"), 0, 255)),
                        64));
        assertThat(loaded.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unicast_src_ip 10.0.0.60 | unicast_src_ip | 10.0.0.60
            unicast_ttl 64           | unicast_ttl    |
            """)
    void whatUnicastAloneHasIsNamedWithoutPeers(String line, String keyword, String source) throws ConfigException {
        LoadedConfig loaded = load("", line);

        assertThat(spec(loaded).transport()).isEqualTo(multicast(source, null));
        assertThat(loaded.warnings()).extracting(ConfigWarning::key).containsExactly("vrrp_instance VI_1: " + keyword);
    }

    @Test
    void anEmptyListOfPeersStaysUnicast() throws ConfigException {
        assertThat(spec(load("", "unicast_peer {\n}\n")).transport())
                .isEqualTo(new Transport.Unicast(Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                               | ''                         | false | true  | false | false
            vrrp_lower_prio_no_advert        | ''                         | true  | true  | false | false
            vrrp_lower_prio_no_advert        | lower_prio_no_advert off   | false | true  | false | false
            vrrp_higher_prio_send_advert no  | ''                         | false | false | false | false
            ''                               | higher_prio_send_advert no | false | false | false | false
            vrrp_skip_check_adv_addr         | ''                         | false | true  | false | true
            ''                               | skip_check_adv_addr on     | false | true  | false | true
            vrrp_strict                      | ''                         | true  | false | true  | false
            vrrp_strict                      | strict_mode off            | false | true  | false | false
            ''                               | strict_mode                | true  | false | true  | false
            """)
    void conductIsCarriedOver(
            String globals, String line, boolean silent, boolean lastWord, boolean strict, boolean skip)
            throws ConfigException {
        LoadedConfig loaded = load(globals, line);

        assertThat(spec(loaded).rivals()).isEqualTo(new Rivals(silent, lastWord));
        assertThat(spec(loaded).receiveChecks()).isEqualTo(new ReceiveChecks(strict, skip));
        assertThat(loaded.warnings()).isEmpty();
    }

    /** As in the sample that keepalived is installed with. */
    @Test
    void whatStrictForbidsIsResetAndNamedAsKeepalivedDoes() throws ConfigException {
        LoadedConfig loaded = load("vrrp_strict\nvrrp_higher_prio_send_advert", """
                state MASTER
                priority 100
                preempt_delay 5
                authentication {
                  auth_type PASS
                  auth_pass 1111
                }
                """);

        assertThat(spec(loaded).receiveChecks().strict()).isTrue();
        assertThat(spec(loaded).initialState()).isEqualTo(VrrpState.BACKUP);
        assertThat(spec(loaded).preemptDelay()).isEqualTo(Duration.ZERO);
        assertThat(spec(loaded).authentication()).isEqualTo(new Authentication.None());
        assertThat(spec(loaded).rivals()).isEqualTo(new Rivals(true, false));
        assertThat(loaded.warnings())
                .allSatisfy(warning -> assertThat(warning.text()).contains("strict mode"))
                .extracting(ConfigWarning::key)
                .containsExactlyInAnyOrder(
                        "vrrp_instance VI_1",
                        "vrrp_instance VI_1: state",
                        "vrrp_instance VI_1: preempt_delay",
                        "vrrp_instance VI_1: authentication");
    }

    @Test
    void unicastInStrictModeIsAFaultAsInKeepalived() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> load("vrrp_strict", "unicast_peer { 10.0.0.61 }"));

        assertThat(refused.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.CONFLICT);
            assertThat(fault.key()).isEqualTo("vrrp_instance VI_1: unicast_peer");
        });
    }
}
