package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped is what the documents say is shipped. */
@Tag("e2e")
class ImageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path IMAGE = AgentProcess.executable().getParent().getParent();
    private static final Pattern VERSION = Pattern.compile("-\\d[^-]*(-jre)?\\.jar$|\\.jar$");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9-]+)`");
    private static final Set<String> OURS =
            Set.of("holdfast", "vrrp-core", "vrrp-engine", "swarm-heal", "peer-channel");

    private static Set<String> jars() throws IOException {
        try (Stream<Path> files = Files.list(IMAGE.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .map(name -> VERSION.matcher(name).replaceFirst(""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void eachJarHasItsReasonInTheDesignAndEachReasonItsJar() throws IOException {
        String design = Files.readString(ROOT.resolve("docs/design.md"));
        String table = design.substring(design.indexOf("| jars | why they are there |"));
        Set<String> named = table.lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> NAME.matcher(cell).results().map(name -> name.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(jars()).isEqualTo(named);
    }

    @Test
    void theNoticesNameAllThatIsNotOurs() throws IOException {
        String notices = Files.readString(IMAGE.resolve("THIRD-PARTY-NOTICES"));

        assertThat(jars())
                .allSatisfy(jar -> assertThat(OURS.contains(jar)
                                || Pattern.compile("(^|[ ,])" + jar + "([ ,]|$)", Pattern.MULTILINE)
                                        .matcher(notices)
                                        .find())
                        .as("%s is named in THIRD-PARTY-NOTICES", jar)
                        .isTrue());
        assertThat(IMAGE.resolve("LICENSE")).hasSameTextualContentAs(ROOT.resolve("LICENSE"));
        assertThat(IMAGE.resolve("runtime/legal")).isDirectory();
    }

    @Test
    void theBillOfMaterialsListsTheSameJarsAndTellsNothingOfTheBuildMachine() throws IOException {
        String text = Files.readString(IMAGE.resolve("sbom.cdx.json"));
        JsonNode bill = new ObjectMapper().readTree(text);
        Set<String> listed = new TreeSet<>(Set.of("holdfast"));
        bill.path("components")
                .forEach(component -> listed.add(component.path("name").asText()));
        // Its library lies beside the jars.
        listed.remove("netty-transport-native-epoll");

        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(listed).isEqualTo(jars());
        assertThat(text).doesNotContain(ROOT.toString());
    }

    /** It is 143 MB with the JDKs that it was built with. Debian's would bring 700 MB of symbols for debuggers. */
    @Test
    void itIsNoLargerThanItsJavaAndItsJars() throws IOException {
        try (Stream<Path> files = Files.walk(IMAGE)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(bytes).isBetween(50_000_000L, 200_000_000L);
        }
    }

    /** The rest of two builds is compared by {@code ./dev reproducible}. */
    @Test
    void itsStartCacheIsTheSameFromAnotherFolderInAnotherLanguageOnOtherProcessors(@TempDir Path folder)
            throws IOException {
        assumeTrue(
                Command.run("sh", "-c", "setarch -R unshare --user --map-root-user --mount mount -t tmpfs tmpfs /mnt")
                        .ok(),
                "memory must have random places here, and nothing may be mounted");
        Path copy = folder.resolve("elsewhere/holdfast");
        Files.createDirectories(copy.getParent());
        Command.run("cp", "-a", IMAGE.toString(), copy.toString()).orThrow();
        Path cache = copy.resolve("lib/holdfast.aot");
        long built = Files.getLastModifiedTime(cache).to(TimeUnit.SECONDS);
        Files.delete(cache);

        String allowed = Command.run("sh", "-c", "grep Cpus_allowed_list /proc/self/status")
                .orThrow()
                .out()
                .strip();
        Command.run(
                        "env",
                        "SOURCE_DATE_EPOCH=" + built,
                        "LC_ALL=C",
                        "taskset",
                        "--cpu-list",
                        allowed.replaceFirst(".*[^0-9]", ""),
                        ROOT.resolve("agent/src/image/cache").toString(),
                        copy.toString(),
                        ROOT.resolve("agent/src/image/classes").toString())
                .orThrow();

        assertThat(Command.run(
                                "sh",
                                "-c",
                                "cmp -l " + cache + " " + IMAGE.resolve("lib/holdfast.aot") + " 2>&1 | head -20")
                        .out())
                .as("the places that differ, and the bytes there")
                .isEmpty();
    }

    /** Code moves on, and the list of what its start loads is only as new as the last {@code ./dev classes}. */
    @Test
    void aStartFindsAlmostAllOfItsClassesInTheStartCache() throws IOException {
        try (Lab lab = Lab.create("image")) {
            Host host = lab.host("node");
            Path loaded = host.folder().resolve("loaded");
            AgentProcess agent = AgentProcess.start(
                    host,
                    Router.of(Router.Mode.V3_FAST, 200).holdfast(host),
                    new AgentProcess.Surroundings(
                            List.of(), List.of("HOLDFAST_JAVA_OPTS=-Xlog:class+load=info:file=" + loaded)));
            agent.awaitVrrpState("VI_1", "MASTER", Duration.ofSeconds(20));
            agent.close();
            // A hidden class of a lambda or a switch has a slash in its name and is made anew, as the virtual machine
            // sees fit.
            List<String> named = Files.readAllLines(loaded).stream()
                    .filter(line -> line.contains(" source: ") && !line.contains("/0x"))
                    .toList();
            List<String> others = named.stream()
                    .filter(line -> !line.endsWith("shared objects file"))
                    .toList();

            assertThat(named).hasSizeGreaterThan(1_000);
            assertThat((double) others.size() / named.size())
                    .as("./dev classes writes the list anew; not in it: %s", others)
                    .isLessThan(0.02);
        }
    }

    /** systemd's own judgement of the unit: 10 is a program without any lock, and what is below 3 it calls fine. */
    @Test
    void theUnitExposesLittle() {
        assumeTrue(
                Command.run("sh", "-c", "command -v systemd-analyze").ok(),
                "there is no systemd-analyze on this machine");
        Command.Output judged = Command.run(
                "systemd-analyze",
                "security",
                "--offline=true",
                "--no-pager",
                "--threshold=29",
                ROOT.resolve("deploy/holdfast.service").toString());

        assertThat(judged.ok()).as(judged.out() + judged.err()).isTrue();
    }
}
