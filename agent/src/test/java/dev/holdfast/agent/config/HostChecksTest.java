package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.WarningReason;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostChecksTest {
    private static final String CONFIG = """
            holdfast {
              vrrp.instances.VI_1 {
                interface = eth0
                virtual-router-id = 51
                addresses = ["10.0.0.70/24"]
                unicast { source = "10.0.0.60", peers = ["10.0.0.61"] }
                track.interfaces = [eth1]
                track.scripts = [check]
                notify.any = ["/etc/holdfast/notify.sh"]
              }
              vrrp.scripts.check {
                command = ["/bin/sh", "/opt/check.sh"]
                user = checker
              }
              swarm.advertise-address = "10.0.0.60"
            }
            """;

    /** A host that has what is named. */
    private record FakeHost(
            Set<String> interfaces,
            Set<String> addresses,
            Set<String> users,
            Map<Path, String> programs,
            Set<Path> data)
            implements Host {
        @Override
        public boolean hasInterface(String name) {
            return interfaces.contains(name);
        }

        @Override
        public boolean hasAddress(InetAddress address) {
            return addresses.contains(address.getHostAddress());
        }

        @Override
        public boolean hasUser(String name) {
            return users.contains(name);
        }

        @Override
        public boolean hasFile(Path path) {
            return programs.containsKey(path) || data.contains(path);
        }

        @Override
        public boolean hasDirectory(Path path) {
            return path.equals(Path.of("/etc/holdfast/notify.d"));
        }

        @Override
        public boolean canExecute(Path path) {
            return programs.containsKey(path);
        }

        @Override
        public Optional<String> beginningOf(Path path) {
            return Optional.ofNullable(programs.get(path));
        }
    }

    private static LoadedConfig loaded() throws ConfigException {
        return new ConfigLoader(Map.of(), () -> "h").load("test.conf", CONFIG);
    }

    @Test
    void aHostThatHasEverythingIsNotWarnedAbout() throws ConfigException {
        Host host = new FakeHost(
                Set.of("eth0", "eth1"),
                Set.of("10.0.0.60"),
                Set.of("checker"),
                Map.of(Path.of("/bin/sh"), "", Path.of("/etc/holdfast/notify.sh"), "#!/bin/sh"),
                Set.of());

        assertThat(HostChecks.of(loaded(), host)).isEmpty();
    }

    @Test
    void whatTheHostLacksIsAWarningWithItsLine() throws ConfigException {
        Host host = new FakeHost(Set.of(), Set.of(), Set.of(), Map.of(), Set.of(Path.of("/etc/holdfast/notify.sh")));

        assertThat(HostChecks.of(loaded(), host))
                .extracting(warning -> warning.position().line() + " " + warning.reason())
                .containsExactly(
                        "3 INTERFACE_MISSING",
                        "6 ADDRESS_MISSING",
                        "7 INTERFACE_MISSING",
                        "9 SCRIPT_NOT_EXECUTABLE",
                        "12 SCRIPT_MISSING",
                        "13 USER_MISSING",
                        "15 ADDRESS_MISSING");
    }

    @Test
    void aDirectoryOfHooksIsNoMissingScript() throws ConfigException {
        LoadedConfig loaded = new ConfigLoader(Map.of(), () -> "this-host").load("test.conf", """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0
                  virtual-router-id = 51
                  addresses = ["10.0.0.70/24"]
                  notify { any = [/etc/holdfast/notify.d], master = [/etc/holdfast/other.d] }
                }
                """);
        Host host = new FakeHost(Set.of("eth0"), Set.of(), Set.of(), Map.of(), Set.of());

        assertThat(HostChecks.of(loaded, host))
                .extracting(ConfigWarning::key)
                .containsExactly("holdfast.vrrp.instances.VI_1.notify.master[0]");
    }

    @Test
    void aHookThatForcesANewSwarmIsWarnedAbout() throws ConfigException {
        Host host = new FakeHost(
                Set.of("eth0", "eth1"),
                Set.of("10.0.0.60"),
                Set.of("checker"),
                Map.of(
                        Path.of("/bin/sh"),
                        "",
                        Path.of("/etc/holdfast/notify.sh"),
                        "#!/bin/bash\ndocker swarm init \\\n  --force-new-cluster"),
                Set.of());

        List<ConfigWarning> warnings = HostChecks.of(loaded(), host);

        assertThat(warnings).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(WarningReason.SCRIPT_FORCES_SWARM);
            assertThat(warning.key()).isEqualTo("holdfast.vrrp.instances.VI_1.notify.any[0]");
        });
    }

    @Test
    void thisHostHasALoopbackAndAShellAndRoot() {
        Host host = Host.ofThisHost();

        assertThat(host.hasInterface("lo")).isTrue();
        assertThat(host.hasInterface("no-such-if0")).isFalse();
        assertThat(host.hasUser("root")).isTrue();
        assertThat(host.hasUser("no-such-user")).isFalse();
        assertThat(host.hasFile(Path.of("/bin/sh"))).isTrue();
        assertThat(host.hasFile(Path.of("/bin"))).isFalse();
        assertThat(host.canExecute(Path.of("/bin/sh"))).isTrue();
        assertThat(host.beginningOf(Path.of("/dev/zero"))).isEmpty();
        assertThat(host.hasAddress(InetAddress.ofLiteral("192.0.2.1"))).isFalse();
    }
}
