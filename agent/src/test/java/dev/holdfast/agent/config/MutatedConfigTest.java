package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.report.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file holds: it loads, or it is refused with faults that say where. Nothing else is ever thrown. */
class MutatedConfigTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");
    private static final int PER_SEED = 400;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "\"",
            "'",
            "!",
            "#",
            "\\",
            "\n",
            ",",
            "=",
            "[",
            "]",
            "${",
            "$X",
            "$X=1\n",
            "$Y= \\\n$X \\\n$X\n\n",
            "${Y}${X}",
            "$X=$X$X\n",
            "~LST(X, 1, 2) ",
            "include *\n",
            "@a ",
            "@^a ",
            "\0",
            "é",
            "\uD83D",
            "0",
            "-1",
            "256",
            "99999999999999999999",
            "0.001",
            "1e9",
            "10.0.0.1",
            "fe80::1",
            "/33",
            "include",
            "true",
            "null",
            "vrrp_instance",
            "vrrp_script a",
            "authentication",
            "auth_type PASS",
            "track_script",
            "state MASTER",
            "nopreempt",
            "version 3",
            "virtual_ipaddress_excluded",
            "weight",
            "reverse",
            "priority",
            "notify",
            "\t",
            " ");

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static List<String> texts(Path folder, String suffix) throws IOException {
        List<String> texts = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aMutatedKeepalivedConfIsRefusedOrItsImportLoads(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> originals = texts(Path.of("src/test/resources/keepalived"), ".conf");
        int good = 0;
        for (int i = 0; i < PER_SEED; i++) {
            String text = mutated(originals.get(random.nextInt(originals.size())), random);
            Importer.Imported imported;
            try {
                imported = Importer.importText("k.conf", text);
            } catch (ConfigException e) {
                assertThat(e.faults()).isNotEmpty();
                assertThat(e.faults()).allSatisfy(fault -> {
                    assertThat(fault.position().file()).isEqualTo("k.conf");
                    assertThat(fault.message()).doesNotContain("\n");
                    assertThat(fault.accepted()).isNotBlank();
                });
                continue;
            }
            good++;
            assertLoads(imported.hocon(), text);
        }
        // Else the property would say nothing about what loads.
        assertThat(good).isGreaterThan(PER_SEED / 20);
    }

    private static void assertLoads(String hocon, String original) {
        try {
            LOADER.load("imported", hocon);
        } catch (ConfigException e) {
            throw new AssertionError("imported from:\n" + original + "\nas:\n" + hocon, e);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mutatedHoconLoadsOrIsRefused(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> originals = new ArrayList<>(texts(Path.of("src/test/resources/config"), ".conf"));
        originals.addAll(texts(Path.of("src/test/resources/keepalived/golden"), ".hocon"));
        for (int i = 0; i < PER_SEED; i++) {
            refusedOrLoaded(mutated(originals.get(random.nextInt(originals.size())), random));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesAreRefusedOrLoaded(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < PER_SEED; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String text = ConfigText.decode(bytes);
            refusedOrLoaded(text);
            try {
                assertLoads(Importer.importText("k.conf", text).hocon(), text);
            } catch (ConfigException e) {
                assertThat(e.faults()).isNotEmpty();
            }
        }
    }

    private static void refusedOrLoaded(String text) {
        try {
            assertThat(LOADER.load("h.conf", text).config()).isNotNull();
        } catch (ConfigException e) {
            assertThat(e.faults()).isNotEmpty();
            assertThat(e.faults())
                    .allSatisfy(fault ->
                            assertThat(fault.message()).startsWith("h.conf").doesNotContain("\n"));
        }
    }

    private static String mutated(String original, Random random) {
        StringBuilder text = new StringBuilder(original);
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations && text.length() > 0; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(12)));
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.setCharAt(at, (char) random.nextInt(128));
                case 3 -> swapLines(text, random);
                case 4 -> {
                    String line = line(text, random);
                    text.insert(at, line);
                }
                default -> {
                    int wordEnd = at;
                    while (wordEnd < text.length() && !Character.isWhitespace(text.charAt(wordEnd))) {
                        wordEnd++;
                    }
                    text.replace(at, wordEnd, PIECES.get(random.nextInt(PIECES.size())));
                }
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String line(StringBuilder text, Random random) {
        String[] lines = text.toString().split("\n", -1);
        return lines[random.nextInt(lines.length)] + "\n";
    }

    private static void swapLines(StringBuilder text, Random random) {
        String[] lines = text.toString().split("\n", -1);
        int a = random.nextInt(lines.length);
        int b = random.nextInt(lines.length);
        String line = lines[a];
        lines[a] = lines[b];
        lines[b] = line;
        text.setLength(0);
        text.append(String.join("\n", lines));
    }
}
