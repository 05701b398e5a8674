package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.managers.KeepMode;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.swarm.managers.RejoinMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The managers, and the key of a locked Swarm, which is no part of the configuration file and never shown. */
class ManagersReaderTest {
    private static final String KEY = "SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8";

    @TempDir
    Path folder;

    private static ManagersConfig load(Map<String, String> environment, String text) throws ConfigException {
        return new ConfigLoader(environment, () -> "host")
                .load("f", "holdfast.swarm { " + text + " }")
                .config()
                .managers();
    }

    private static Fault refused(String text) {
        return catchThrowableOfType(ConfigException.class, () -> load(Map.of(), text))
                .faults()
                .getFirst();
    }

    private Path keyFile(String content, String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        assertThat(load(Map.of(), "")).isEqualTo(ManagersConfig.defaults());
    }

    @Test
    void allOfItIsRead() throws Exception {
        Path file = keyFile(KEY + "\n", "rw-------");
        assertThat(load(
                        Map.of(),
                        "managers { target = 5, mode = observe, dead-after = 90s }, heal.rejoin = force, bootstrap = true, unlock-key.file = \""
                                + file + "\""))
                .isEqualTo(new ManagersConfig(
                        5, KeepMode.OBSERVE, Duration.ofSeconds(90), RejoinMode.FORCE, new Secret(KEY), true));
    }

    @Test
    void aCredentialIsFoundWhereSystemdPutsIt() throws Exception {
        Files.writeString(folder.resolve("swarm-key"), KEY);
        assertThat(load(Map.of("CREDENTIALS_DIRECTORY", folder.toString()), "unlock-key.credential = swarm-key")
                        .unlockKey())
                .isEqualTo(new Secret(KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void aFileThatOthersMayReadIsRefused(String mode) throws Exception {
        Path file = keyFile(KEY, mode);
        Fault fault = refused("unlock-key.file = \"" + file + "\"");
        assertThat(fault.reason()).isEqualTo(FaultReason.UNREADABLE);
        assertThat(fault.accepted()).contains("chmod 600");
        assertThat(fault.message()).contains("unlock-key.file").doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "SWMTKN-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8", "SWMKEY-1-short"})
    void whatIsNoKeyIsRefusedWithoutBeingShown(String content) throws Exception {
        Path file = keyFile(content, "rw-------");
        Fault fault = refused("unlock-key.file = \"" + file + "\"");
        assertThat(fault.accepted()).contains("docker swarm unlock-key -q");
        assertThat(content.isEmpty() ? "" : fault.message()).doesNotContain(content.isEmpty() ? "\0" : content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unlock-key {}", "unlock-key { file = \"/a\", credential = b }"})
    void oneSourceIsNeeded(String text) {
        assertThat(refused(text).accepted()).isEqualTo("one of file and credential");
    }

    @Test
    void aKeyInTheFileItselfIsRefusedWithoutBeingShown() {
        Fault fault = refused("unlock-key = \"" + KEY + "\"");
        assertThat(fault.message()).contains("unlock-key").doesNotContain(KEY);
    }
}
