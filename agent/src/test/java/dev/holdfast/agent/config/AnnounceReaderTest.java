package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.announce.Announcements;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnounceReaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    private static VrrpConfig load(String general, String instance) throws ConfigException {
        return LOADER.load("test.conf", """
                        holdfast.vrrp {
                          announce { %s }
                          instances.VI_1 {
                            interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"]
                            announce { %s }
                          }
                        }
                        """.formatted(general, instance))
                .config()
                .vrrp();
    }

    private static Announcements announcements(String general, String instance) throws ConfigException {
        return load(general, instance).specs().getFirst().announcements();
    }

    private static Announcements imported(String globals, String instance) throws ConfigException {
        return spec(globals, instance).announcements();
    }

    private static InstanceSpec spec(String globals, String instance) throws ConfigException {
        Importer.Imported imported = Importer.importText("keepalived.conf", """
                global_defs {
                %s
                }
                vrrp_instance VI_1 {
                  interface eth0
                  virtual_router_id 51
                  virtual_ipaddress { 10.0.0.70/24 }
                %s
                }
                """.formatted(globals, instance));
        assertThat(imported.warnings()).isEmpty();
        return LOADER.load("imported.conf", imported.hocon())
                .config()
                .vrrp()
                .specs()
                .getFirst();
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        String all = """
                repeat = 3, delay = 7s, spacing = 20ms, lower-priority-repeat = 0, lower-priority-delay = 9s
                refresh = 1m, refresh-repeat = 2, arp-interval = 1ms, na-interval = 2ms
                """;
        Announcements expected = new Announcements(
                3,
                Duration.ofSeconds(7),
                Duration.ofMillis(20),
                0,
                Duration.ofSeconds(9),
                Duration.ofMinutes(1),
                2,
                Duration.ofMillis(1),
                Duration.ofMillis(2));
        assertThat(announcements("", all)).isEqualTo(expected);
        assertThat(announcements(all, "")).isEqualTo(expected);
        assertThat(announcements("", "")).isEqualTo(Announcements.DEFAULT);
        assertThat(load("", "").announcementsPerSecond()).isEqualTo(1000);
        assertThat(load("per-second = 50", "").announcementsPerSecond()).isEqualTo(50);
    }

    @Test
    void anInstanceOverridesKeyByKeyAndARivalIsContradictedAsTheGeneralBlockSays() throws ConfigException {
        assertThat(announcements("repeat = 2, delay = 3s", "repeat = 9"))
                .returns(9, Announcements::repeat)
                .returns(Duration.ofSeconds(3), Announcements::delay)
                .returns(2, Announcements::lowerPriorityRepeat)
                .returns(Duration.ofSeconds(3), Announcements::lowerPriorityDelay);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repeat = 0 | 1..1000
            lower-priority-repeat = -1 | 0..1000
            refresh = 2d | 0s..1d
            spacing = 11s | 0s..10s
            delay = 5 | a time with its unit
            per-second = 9 | 10..100000
            """)
    void whatIsOutOfRangeIsNamedWithWhatIsAccepted(String setting, String accepted) {
        assertThatThrownBy(() -> load(setting, "")).hasMessageContaining(accepted);
    }

    @Test
    void theLimitOfTheHostIsNoKeyOfAnInstance() {
        assertThatThrownBy(() -> load("", "per-second = 50")).hasMessageContaining("per-second");
    }

    @Test
    void keepalivedsKeywordsAreCarriedOver() throws ConfigException {
        Announcements expected = new Announcements(
                2,
                Duration.ofSeconds(10),
                Duration.ofMillis(100),
                0,
                Duration.ofSeconds(11),
                Duration.ofSeconds(60),
                3,
                Duration.ofMillis(500),
                Duration.ofMillis(1));
        assertThat(imported("""
                        vrrp_garp_master_repeat 2
                        vrrp_garp_master_delay 10
                        vrrp_garp_lower_prio_repeat 0
                        vrrp_garp_lower_prio_delay 11
                        vrrp_garp_master_refresh 60
                        vrrp_garp_master_refresh_repeat 3
                        vrrp_garp_interval 0.5
                        vrrp_gna_interval 0.001
                        """, "")).isEqualTo(expected);
        assertThat(imported("""
                        vrrp_garp_interval 0.5
                        vrrp_gna_interval 0.001
                        """, """
                        garp_master_repeat 2
                        garp_master_delay 10
                        garp_lower_prio_repeat 0
                        garp_lower_prio_delay 11
                        garp_master_refresh 60
                        garp_master_refresh_repeat 3
                        """)).isEqualTo(expected);
    }

    @Test
    void minGarpSaysItOnceUnlessSomethingElseIsSaid() throws ConfigException {
        assertThat(imported("vrrp_min_garp", ""))
                .returns(1, Announcements::repeat)
                .returns(Duration.ZERO, Announcements::delay)
                .returns(1, Announcements::lowerPriorityRepeat)
                .returns(Duration.ZERO, Announcements::refresh);
        assertThat(imported("vrrp_min_garp\nvrrp_garp_master_repeat 4", "")).returns(4, Announcements::repeat);
        assertThat(imported("vrrp_min_garp false", "")).isEqualTo(Announcements.DEFAULT);
    }

    @Test
    void anExtraInterfaceIsServedByTheRefresh() throws ConfigException {
        assertThat(imported("", "garp_extra_if all 100")).returns(Duration.ofSeconds(100), Announcements::refresh);
        assertThat(imported("vrrp_garp_extra_if 100", "")).returns(Duration.ofSeconds(100), Announcements::refresh);
        assertThat(imported("", "garp_master_refresh 60\ngarp_extra_if 100"))
                .returns(Duration.ofSeconds(60), Announcements::refresh);
        assertThat(imported("", "garp_extra_if 0")).isEqualTo(Announcements.DEFAULT);
    }

    @Test
    void aGarpGroupGivesItsIntervalsToTheInstancesOnItsInterface() throws ConfigException {
        String groups = """
                }
                garp_group {
                  garp_interval 0.2
                  gna_interval 0.3
                  interface eth0
                }
                garp_group {
                  garp_interval 5
                  interface eth1
                """;
        assertThat(imported("vrrp_garp_interval 1\n" + groups, ""))
                .returns(Duration.ofMillis(200), Announcements::arpInterval)
                .returns(Duration.ofMillis(300), Announcements::naInterval);
    }
}
