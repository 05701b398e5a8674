package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.ConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show must work as it stands there. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern HOCON = Pattern.compile("```hocon\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^(?:sudo )?\\./dev (\\w+)");

    static Stream<String> configurations() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md")),
                    docs.filter(f -> f.toString().endsWith(".md")))
                    .flatMap(file -> HOCON.matcher(read(file)).results().map(block -> block.group(1)))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyConfigurationInTheDocumentsLoads(String block, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("holdfast.conf"), block);

        assertThat(ConfigSource.load(file).config().vrrp().instances()).isNotEmpty();
    }

    @Test
    void everyCommandOfTheReadmeExists() {
        String dev = read(ROOT.resolve("dev"));

        assertThat(SUBCOMMAND.matcher(read(ROOT.resolve("README.md"))).results())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(dev).contains("\n  " + command.group(1) + ")"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
