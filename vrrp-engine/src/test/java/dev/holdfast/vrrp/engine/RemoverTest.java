package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoverTest {
    @TempDir
    private Path root;

    @Test
    void aRunningProcessIsNamedAndOneThatEndedByItsNumber() throws IOException {
        Files.writeString(Files.createDirectories(root.resolve("proc/77")).resolve("comm"), "systemd-network\n");
        assertThat(new Remover(root).describe(77)).isEqualTo(", removed by systemd-network (process 77)");
        assertThat(new Remover(root).describe(78)).isEqualTo(", removed by process 78, which has ended");
    }

    @Test
    void withoutANumberTheUsualSuspectsThatRunAreNamed() throws IOException {
        assertThat(new Remover(root).describe(0)).isEmpty();
        Files.createDirectories(root.resolve("run/NetworkManager/devices"));
        assertThat(new Remover(root).describe(0)).contains("NetworkManager").doesNotContain("networkd");
        assertThat(new Remover(root).describe(-4097)).contains("NetworkManager");
    }
}
