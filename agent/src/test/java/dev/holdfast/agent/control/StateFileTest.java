package dev.holdfast.agent.control;

import static dev.holdfast.agent.Fixtures.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    private Path folder;

    private final AtomicReference<String> content = new AtomicReference<>("INSTANCE VI_1 INIT 100\n");

    @Test
    void theFileFollowsTheContent() {
        try (StateFile state = new StateFile(folder, content::get)) {
            await().until(() -> read(folder.resolve("state")).equals("INSTANCE VI_1 INIT 100\n"));
            content.set("INSTANCE VI_1 MASTER 100\n");
            state.changed();
            await().until(() -> read(folder.resolve("state")).equals("INSTANCE VI_1 MASTER 100\n"));
        }
    }

    @Test
    void theLastChangeIsWrittenBeforeTheEnd() {
        StateFile state = new StateFile(folder, content::get);
        content.set("last\n");
        state.changed();
        state.close();
        assertThat(read(folder.resolve("state"))).isEqualTo("last\n");
    }

    @Test
    void aFolderThatRefusesIsTriedAgain() throws Exception {
        // Root may write anywhere: what stands in the way must be no matter of permissions.
        Files.createDirectories(folder.resolve("state/in-the-way"));
        try (StateFile state = new StateFile(folder, content::get, Duration.ofMillis(50))) {
            state.changed();
            await().until(() -> Files.exists(folder.resolve("state.new")));
            Files.delete(folder.resolve("state/in-the-way"));
            Files.delete(folder.resolve("state"));
            await().until(() -> Files.isRegularFile(folder.resolve("state")));
            assertThat(read(folder.resolve("state"))).isEqualTo("INSTANCE VI_1 INIT 100\n");
        }
    }
}
