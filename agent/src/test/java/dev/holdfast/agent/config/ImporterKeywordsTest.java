package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.keepalived.Keywords;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.keepalived.Keywords.Keyword;
import dev.holdfast.agent.config.keepalived.Keywords.Outcome;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No keyword of keepalived is dropped in silence, and the documents say of each what becomes of it. */
class ImporterKeywordsTest {
    /** The keywords of keepalived.conf(5), a line {@code BLOCK KEYWORD} each; of 2.2.7 to 2.4.3. */
    private static final Path MAN_PAGE = Path.of("src/test/resources/keepalived/keywords.txt");

    private static final Path DOCUMENT = Path.of("../docs/keepalived.md");
    private static final String BEGIN = "<!-- keywords: begin -->\n";
    private static final String END = "<!-- keywords: end -->";

    static List<String> keywordsOfTheManPage() throws IOException {
        return Files.readAllLines(MAN_PAGE).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static Keyword keyword(String line) {
        String[] words = line.split(" ", -1);
        Block block = Block.valueOf(words[0]);
        return Keywords.find(block, words[1])
                .orElseThrow(() -> new AssertionError(line + " is in keepalived.conf(5) and not in the table"));
    }

    @Test
    void theTableHoldsTheKeywordsOfTheManPageAndNoOthers() throws IOException {
        assertThat(Keywords.all())
                .extracting(keyword -> keyword.block() + " " + keyword.name())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(keywordsOfTheManPage());
        assertThat(Keywords.all())
                .allSatisfy(keyword -> assertThat(keyword.note()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("keywordsOfTheManPage")
    void eachKeywordIsCarriedOverOrNamedWithItsLine(String line) throws Exception {
        Keyword keyword = keyword(line);

        List<String> named = warnings(configurationWith(keyword)).stream()
                .filter(warning -> warning.position().line() == 6)
                .map(ConfigWarning::message)
                .toList();

        if (keyword.outcome() == Outcome.LEFT_OUT) {
            assertThat(named).anySatisfy(message -> assertThat(message).contains(keyword.name() + ": ", "is left out"));
        }
        assertThat(named)
                .allSatisfy(message -> assertThat(message).doesNotContain("not a known keyword", "does not belong"));
        if (keyword.outcome() != Outcome.LEFT_OUT) {
            assertThat(named).allSatisfy(message -> assertThat(message).doesNotContain("is left out: "));
        }
    }

    /** All warnings, whether the file is good or not: the value will often be wrong. */
    private static List<ConfigWarning> warnings(String text) {
        try {
            return Importer.importText("k.conf", text).warnings();
        } catch (ConfigException e) {
            return e.warnings();
        }
    }

    /** A file with the keyword in line 6, where it belongs. */
    private static String configurationWith(Keyword keyword) {
        String head =
                "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 10.0.0.70/24 }\n";
        String title = keyword.block().title();
        String line = keyword.name() + " x\n";
        return switch (keyword.block()) {
            case TOP -> head + "}\n" + line;
            case VRRP_INSTANCE -> head + "\n" + line + "}\n";
            case AUTHENTICATION, AUTH_HMAC -> head + title + " {\n" + line + "}\n}\n";
            case VRRP_SCRIPT -> head + "} vrrp_script s {\n" + line + "}\n";
            case VRRP_SYNC_GROUP -> head + "} vrrp_sync_group G {\n" + line + "}\n";
            default -> head + "} " + title + " {\n" + line + "}\n";
        };
    }

    /** The table between the marks; {@code -Dgolden.update=true} writes it anew. */
    @Test
    void theDocumentHasTheTable() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        assertThat(begin).isGreaterThan(BEGIN.length());
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table() + document.substring(end));
            return;
        }
        assertThat(document.substring(begin, end)).isEqualTo(table());
    }

    private static String table() {
        StringBuilder text = new StringBuilder();
        for (Block block : Block.values()) {
            // Keywords that share a fate share a row.
            Map<String, List<String>> rows = new LinkedHashMap<>();
            Keywords.all().stream()
                    .filter(keyword -> keyword.block() == block)
                    .forEach(keyword -> rows.computeIfAbsent(
                                    keyword.outcome().phrase() + " | " + keyword.note(), _ -> new ArrayList<>())
                            .add("`" + keyword.name() + "`"));
            String title = block == Block.TOP ? "Outside of blocks" : "In `" + block.title() + "`";
            text.append("### ")
                    .append(title)
                    .append("\n\n| keyword | | what becomes of it, or why not |\n| --- | --- | --- |\n");
            text.append(rows.entrySet().stream()
                    .map(row -> "| " + String.join(" ", row.getValue()) + " | " + row.getKey() + " |\n")
                    .collect(Collectors.joining()));
            text.append("\n");
        }
        return text.toString();
    }
}
