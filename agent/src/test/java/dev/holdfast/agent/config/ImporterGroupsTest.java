package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.FaultReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** keepalived's sync groups, and what is general. */
class ImporterGroupsTest {
    private static final String INSTANCES = """
            vrrp_instance VI_1 {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress { 10.0.0.70/24 }
            }
            vrrp_instance VI_2 {
              interface eth1
              virtual_router_id 52
              notify_priority_changes off
              virtual_ipaddress { 10.0.1.70/24 }
            }
            vrrp_script disk {
              script /bin/true
            }
            """;

    private static LoadedConfig load(String more) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", INSTANCES + more);
        LoadedConfig loaded = new ConfigLoader(Map.of(), () -> "host").load("imported", imported.hocon());
        return new LoadedConfig(loaded.config(), imported.warnings(), loaded.positions());
    }

    @Test
    void aSyncGroupIsCarriedOver() throws ConfigException {
        LoadedConfig loaded = load("""
                global_defs {
                  vrrp_startup_delay 5.5
                  vrrp_notify_priority_changes
                }
                vrrp_sync_group G1 {
                  group {
                    VI_1 VI_2
                  }
                  track_script {
                    disk weight -5
                  }
                  track_interface {
                    eth5
                  }
                  notify /bin/any
                  notify_master "/bin/master G1"
                  notify_priority_changes true
                  sync_group_tracking_weight
                }
                """);

        VrrpConfig vrrp = loaded.config().vrrp();
        assertThat(vrrp.groups())
                .containsExactly(new GroupConfig(
                        "G1",
                        List.of("VI_1", "VI_2"),
                        new TrackConfig(
                                List.of(new Tracked("disk", -5, false)), List.of(new Tracked("eth5", 0, false))),
                        new NotifyConfig(
                                List.of(Command.of("/bin/any")),
                                List.of(Command.of("/bin/master", "G1")),
                                List.of(),
                                List.of(),
                                List.of(),
                                true)));
        assertThat(vrrp.startupDelay()).isEqualTo(Duration.ofMillis(5500));
        assertThat(vrrp.instances())
                .extracting(instance -> instance.hooks().priorityChanges())
                .containsExactly(true, false);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void aMemberThatIsNoInstanceIsNamedWithItsLine() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> load("vrrp_sync_group G1 {\n  group {\n    VI_1\n    VI_9\n  }\n}\n"));

        assertThat(refused.faults().getFirst().reason()).isEqualTo(FaultReason.DANGLING_REFERENCE);
        assertThat(refused.faults().getFirst().position().line()).isEqualTo(18);
        assertThat(refused.faults().getFirst().key()).isEqualTo("vrrp_sync_group G1: group");
    }

    @Test
    void aGroupWithoutMembersIsNamed() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load("vrrp_sync_group G1 {\n}\n"));

        assertThat(refused.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.MISSING);
            assertThat(fault.key()).isEqualTo("vrrp_sync_group G1: group");
        });
    }

    @Test
    void aFlagThatIsNeitherOnNorOffIsNamed() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> load("global_defs {\n  vrrp_notify_priority_changes maybe\n}\n"));

        assertThat(refused.faults().getFirst().message())
                .isEqualTo("k.conf:16: global_defs: vrrp_notify_priority_changes = maybe is not understood;"
                        + " accepted: true, on, yes, false, off or no");
    }

    @Test
    void whereKeepalivedWouldIgnoreWeightsTheImportSaysThatTheyCount() throws ConfigException {
        LoadedConfig silent = load("vrrp_sync_group G1 {\ngroup {\nVI_1\n}\n}\n");
        LoadedConfig warned = load("vrrp_sync_group G1 {\ngroup {\nVI_1\n}\ntrack_script {\ndisk weight 5\n}\n}\n");

        assertThat(silent.warnings())
                .extracting(ConfigWarning::message)
                .noneMatch(message -> message.contains("sync_group_tracking_weight"));
        assertThat(warned.warnings())
                .extracting(ConfigWarning::message)
                .singleElement()
                .asString()
                .contains("vrrp_sync_group G1", "sync_group_tracking_weight", "here they count");
    }

    @Test
    void theOwnInterfaceOfAnInstanceHasNoWeight() throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", """
                vrrp_instance VI_3 {
                  interface eth0
                  virtual_router_id 53
                  virtual_ipaddress {
                    10.0.3.70/24
                  }
                  track_interface {
                    eth0 weight 10
                    eth1 weight 20
                  }
                }
                """);

        assertThat(imported.hocon()).contains("weight = 20").doesNotContain("weight = 10");
        assertThat(imported.warnings())
                .extracting(ConfigWarning::message)
                .singleElement()
                .asString()
                .contains("k.conf:8", "followed anyhow");
    }
}
