package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.WarningReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files, processes and the FIFO of a keepalived.conf. */
class ImporterTrackersTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "host");

    private static Importer.Imported imported(String text) throws ConfigException {
        return Importer.importText("k.conf", text);
    }

    private static VrrpConfig load(Importer.Imported imported) throws ConfigException {
        return LOADER.load("f.conf", imported.hocon()).config().vrrp();
    }

    @Test
    void filesAndProcessesAreTrackedAsThere() throws ConfigException {
        Importer.Imported imported = imported("""
                global_defs {
                    vrrp_notify_fifo /run/vrrp.fifo
                }
                track_file drain {
                    file "/run/drain file"
                    weight -2 reverse
                    init_file 7 overwrite
                }
                vrrp_track_file old {
                    file /run/old
                    init_file
                }
                vrrp_track_process lb {
                    process "/usr/sbin/a b" -f "c d"
                    param_match partial
                    quorum 2
                    quorum_max 4
                    fork_delay 0.5
                    terminate_delay 2
                    full_command
                    weight 5 reverse
                }
                vrrp_track_process plain {
                    process haproxy
                    delay 1
                }
                vrrp_instance VI_1 {
                    interface eth0
                    virtual_router_id 51
                    virtual_ipaddress {
                        10.0.0.70/24
                    }
                    track_file {
                        drain
                        old weight 3 reverse
                    }
                    track_process {
                        lb weight -10
                        plain
                    }
                }
                """);

        VrrpConfig vrrp = load(imported);

        assertThat(imported.warnings()).isEmpty();
        assertThat(vrrp.fifo()).contains(Path.of("/run/vrrp.fifo"));
        TrackConfig track = vrrp.instances().getFirst().track();
        assertThat(track.of(TrackerKind.FILE))
                .containsExactly(new Tracked("drain", -2, true), new Tracked("old", 3, true));
        assertThat(track.of(TrackerKind.PROCESS))
                .as("a process that names no weight is a fault while it is down")
                .containsExactly(new Tracked("lb", -10, true), new Tracked("plain", 0, false));
        assertThat(imported.hocon())
                .contains("file = \"/run/drain file\"", "init-value = 7", "overwrite = true", "init-value = 0")
                .contains("process = [\"/usr/sbin/a b\", \"-f\", \"c d\"]", "param-match = partial")
                .contains("quorum = 2", "quorum-max = 4", "fork-delay = 500ms", "terminate-delay = 2s");
    }

    @Test
    void oneOfTwoFifosCounts() throws ConfigException {
        Importer.Imported imported = imported("""
                global_defs {
                    vrrp_notify_fifo /run/a
                    notify_fifo /run/b
                }
                """);

        assertThat(load(imported).fifo()).contains(Path.of("/run/a"));
        assertThat(imported.warnings())
                .extracting(ConfigWarning::reason)
                .isEqualTo(List.of(WarningReason.NO_INSTANCES, WarningReason.NOT_CARRIED_OVER));
    }
}
