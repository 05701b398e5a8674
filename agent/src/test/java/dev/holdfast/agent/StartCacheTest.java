package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent says of its AOT cache. */
class StartCacheTest {
    @TempDir
    Path lib;

    @Test
    void aCacheThatIsThereAndNotUsedIsNamed() throws IOException {
        Files.createFile(lib.resolve("holdfast.aot"));

        assertThat(StartCache.complaint(lib, "mixed mode, emulated-client"))
                .hasValueSatisfying(text -> assertThat(text).contains("cp -a").contains(lib.toString()));
    }

    @Test
    void aCacheThatIsUsedNeedsNoWord() throws IOException {
        Files.createFile(lib.resolve("holdfast.aot"));

        assertThat(StartCache.complaint(lib, "mixed mode, emulated-client, sharing"))
                .isEmpty();
    }

    @Test
    void neitherDoesOneThatIsNotThere() {
        assertThat(StartCache.complaint(lib, "mixed mode")).isEmpty();
    }
}
