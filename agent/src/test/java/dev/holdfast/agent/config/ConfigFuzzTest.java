package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a configuration file holds, in either notation: it loads, or it is refused with faults that say where, and both in
 * bounded time.
 */
@Tag("fuzz")
@Timeout(10)
class ConfigFuzzTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    @TempDir
    private static Path folder;

    private static Stream<byte[]> files(String folder, String suffix) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(Path.of("src/test/resources", folder))) {
            for (Path file :
                    found.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
                files.add(Files.readAllBytes(file));
            }
        }
        return files.stream();
    }

    static Stream<byte[]> keepalivedConfs() throws IOException {
        return files("keepalived", ".conf");
    }

    @MethodSource("keepalivedConfs")
    @FuzzTest
    void aKeepalivedConfIsRefusedOrItsImportLoads(byte[] bytes) {
        String text = ConfigText.decode(bytes);
        Importer.Imported imported;
        try {
            imported = Importer.importText("k.conf", text);
        } catch (ConfigException e) {
            assertSaysWhere(e, "k.conf");
            return;
        }
        assertThat(imported.warnings())
                .allSatisfy(warning -> assertThat(warning.toString()).doesNotContain("\n"));
        loads(imported.hocon());
    }

    private static void loads(String hocon) {
        try {
            LOADER.load("imported", hocon);
        } catch (ConfigException e) {
            throw new AssertionError("imported as:\n" + hocon, e);
        }
    }

    static Stream<byte[]> hocons() throws IOException {
        return Stream.concat(files("config", ".conf"), files("keepalived/golden", ".hocon"));
    }

    @MethodSource("hocons")
    @FuzzTest
    void hoconLoadsOrIsRefused(byte[] bytes) {
        String text = ConfigText.decode(bytes);
        try {
            LoadedConfig loaded = LOADER.load("h.conf", text);
            assertThat(loaded.warnings())
                    .allSatisfy(warning -> assertThat(warning.position().file()).isEqualTo("h.conf"));
        } catch (ConfigException e) {
            assertSaysWhere(e, "h.conf");
        }
    }

    private static void assertSaysWhere(ConfigException e, String file) {
        assertThat(e.faults()).isNotEmpty();
        for (Fault fault : e.faults()) {
            assertThat(fault.position().file()).isEqualTo(file);
            assertThat(fault.message()).doesNotContain("\n");
            assertThat(fault.accepted()).isNotBlank();
        }
    }

    /** Files of one folder that include each other by patterns, define variables by each other and use them. */
    @FuzzTest
    void filesThatIncludeEachOtherAreReadInBoundedTime(FuzzedDataProvider data) {
        for (int file = 0; file < 4; file++) {
            write(folder.resolve(file + ".conf"), Statements.lines(data));
        }
        try {
            loads(Importer.importFile(folder.resolve("0.conf"), "a").hocon());
        } catch (ConfigException e) {
            assertThat(e.faults()).isNotEmpty();
            assertThat(e.faults())
                    .allSatisfy(fault ->
                            assertThat(Path.of(fault.position().file())).hasParent(folder));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of a keepalived.conf that lead elsewhere. */
    private static final class Statements {
        private static final String[] NAMES = {"$A", "$B", "${A}", "${B}", "${_PWD}", "${_INSTANCE}"};
        private static final String[] KEYWORDS = {
            "include",
            "includer",
            "includem",
            "includew",
            "includeb",
            "includea",
            "vrrp_instance",
            "vrrp_script",
            "priority"
        };
        private static final String[] PATTERNS = {
            "*", "?", ".conf", "0", "1", "2", "3", "[0-3]", "[!0]", "{", "}", ",", "{0,1,2,3}", "{,}", "./", "\""
        };
        private static final String[] ENDS = {"\n", "\n", "\n", " \\\n", "\n\n", " {\n", "}\n"};

        static String lines(FuzzedDataProvider data) {
            StringBuilder text = new StringBuilder();
            int lines = data.consumeInt(0, 24);
            for (int i = 0; i < lines; i++) {
                switch (data.consumeInt(0, 5)) {
                    case 0 -> text.append(data.pickValue(KEYWORDS)).append(' ');
                    case 1 -> text.append(data.consumeBoolean() ? "$A=" : "$B=");
                    case 2 -> text.append(data.consumeBoolean() ? "@a " : "@^a ");
                    default -> {}
                }
                int words = data.consumeInt(0, 12);
                for (int word = 0; word < words; word++) {
                    text.append(data.pickValue(data.consumeBoolean() ? NAMES : PATTERNS));
                    text.append(data.consumeBoolean() ? " " : "");
                }
                text.append(data.pickValue(ENDS));
            }
            return text.toString();
        }
    }
}
