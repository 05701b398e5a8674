package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.GroupSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupReaderTest {
    private static final String INSTANCES = """
            holdfast.vrrp {
              instances.VI_1 {
                interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"]
                track { scripts = [{ name = disk, weight = -10 }], interfaces = [eth5] }
              }
              instances.VI_2 { interface = eth1, virtual-router-id = 52, addresses = ["10.0.1.70/24"] }
              instances.VI_3 { interface = eth1, virtual-router-id = 53, priority = 90, addresses = ["10.0.1.71/24"] }
              scripts.disk.command = "/bin/true"
            }
            """;

    private static LoadedConfig load(String more) throws ConfigException {
        return new ConfigLoader(Map.of(), () -> "host").load("test.conf", INSTANCES + more);
    }

    @Test
    void aGroupHasMembersHooksAndWhatAllOfThemTrack() throws ConfigException {
        VrrpConfig vrrp = load("""
                        holdfast.vrrp {
                          startup-delay = 5s
                          groups.G1 {
                            members = [VI_2, VI_1]
                            track { scripts = [disk], interfaces = [{ name = eth6, weight = 5 }] }
                            notify { master = ["/bin/m"] }
                            notify-priority-changes = true
                          }
                        }
                        """).config().vrrp();

        assertThat(vrrp.engineSpec().groups()).containsExactly(new GroupSpec("G1", List.of("VI_2", "VI_1")));
        assertThat(vrrp.engineSpec().startupDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(vrrp.groups().getFirst().hooks().master()).containsExactly(Command.of("/bin/m"));
        List<InstanceConfig> grouped = vrrp.groupedInstances();
        // Its own weight counts where both name a script.
        assertThat(grouped.get(0).track().scripts()).containsExactly(new Tracked("disk", -10, false));
        assertThat(grouped.get(0).track().interfaces())
                .containsExactly(new Tracked("eth5", 0, false), new Tracked("eth6", 5, false));
        assertThat(grouped.get(1).track().scripts()).containsExactly(new Tracked("disk", 0, false));
        assertThat(grouped.get(1).hooks().priorityChanges()).isTrue();
        assertThat(grouped.get(2)).isEqualTo(vrrp.instances().get(2));
        assertThat(vrrp.instances().get(1).track()).isEqualTo(TrackConfig.NONE);
    }

    @Test
    void membersOfDifferentPrioritiesAreWarnedOf() throws ConfigException {
        assertThat(load("holdfast.vrrp.groups.G1.members = [VI_1, VI_3]").warnings())
                .extracting(ConfigWarning::reason)
                .containsExactly(WarningReason.GROUP_PRIORITIES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            G1 {}                                                 | MISSING            | groups.G1.members
            G1.members = []                                       | OUT_OF_RANGE       | groups.G1.members
            G1.members = [VI_1, VI_9]                             | DANGLING_REFERENCE | groups.G1.members[1]
            G1.members = [VI_1, VI_1]                             | DUPLICATE          | groups.G1.members[1]
            { G1.members = [VI_1], G2.members = [VI_2, VI_1] }    | DUPLICATE          | groups.G2.members[1]
            G1 { members = [VI_1], track.scripts = [none] }       | DANGLING_REFERENCE | groups.G1.track.scripts[0]
            G1 { members = [VI_1], member = [VI_2] }              | UNKNOWN_KEY        | groups.G1.member
            "a b".members = [VI_1]                                | MALFORMED          | groups."a b"
            """)
    void whatIsWrongIsNamed(String groups, FaultReason reason, String key) {
        String text = groups.startsWith("{") ? "holdfast.vrrp.groups " + groups : "holdfast.vrrp.groups." + groups;
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(text));

        assertThat(refused.faults()).hasSize(1);
        assertThat(refused.faults().getFirst().reason()).isEqualTo(reason);
        assertThat(refused.faults().getFirst().key()).isEqualTo("holdfast.vrrp." + key);
    }
}
