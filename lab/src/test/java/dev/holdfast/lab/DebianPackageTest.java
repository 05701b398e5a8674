package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package under a real systemd, on a Debian of the lab; its neighbour is an agent as everywhere else. */
@EndToEnd
@Tag("soak")
class DebianPackageTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String UNIT = "holdfast.service";
    private static final String CONFIG = "/etc/holdfast/holdfast.conf";
    /** What a planned switch may cost on a busy machine; a take-over after a silence costs 3.2 s and more. */
    private static final Duration PLANNED = Duration.ofMillis(1500);

    @TempDir
    private static Path folder;

    private static Path first;
    private static Path second;

    @BeforeAll
    static void build() throws IOException {
        first = build("0.1.0", "one");
        second = build("0.1.1", "two");
    }

    private static Path build(String version, String subfolder) throws IOException {
        Path image = AgentProcess.executable().getParent().getParent();
        Path target = Files.createDirectories(folder.resolve(subfolder));
        String name = Command.run(
                        Duration.ofMinutes(3),
                        List.of(
                                "env",
                                "SOURCE_DATE_EPOCH=1767225600",
                                Path.of("..", "deploy", "deb", "build")
                                        .toAbsolutePath()
                                        .toString(),
                                image.toString(),
                                version,
                                target.toString()))
                .orThrow()
                .out()
                .strip();
        return Path.of(name);
    }

    private static Debian boot(Host host, Lab lab) {
        return Debian.boot(host, lab, DebianRoot.of("trixie"));
    }

    private static void install(Debian debian, Path deb) throws IOException {
        Files.copy(deb, debian.host().folder().resolve("debian/upper").resolve(deb.getFileName()));
        debian.run("dpkg", "--install", "/" + deb.getFileName()).orThrow();
    }

    private static String journal(Debian debian) {
        return debian.run("journalctl", "--unit", UNIT, "--output", "cat", "--no-pager")
                .out();
    }

    private static void systemctl(Debian debian, String verb) {
        Command.Output output = debian.run("systemctl", verb, UNIT);
        assertThat(output.ok())
                .as(() -> "systemctl " + verb + ": " + output.err() + journal(debian))
                .isTrue();
    }

    private static void await(Debian debian, String property, String value) {
        Await.until(
                property + " of the service to be " + value + ", which is " + debian.property(UNIT, property) + "\n"
                        + journal(debian),
                SOON,
                () -> debian.property(UNIT, property).equals(value));
    }

    @Test
    void twoPackagesOfOneImageAreTheSame() throws IOException {
        assertThat(build("0.1.0", "again")).hasSameBinaryContentAs(first);
    }

    @Test
    void withoutAConfigurationItIsInstalledAndEnabledAndNotStartedAndAPurgeLeavesNothing(Lab lab) throws IOException {
        Debian debian = boot(lab.host("a"), lab);

        install(debian, first);

        assertThat(debian.run("systemctl", "is-enabled", UNIT).out()).isEqualTo("enabled\n");
        assertThat(debian.property(UNIT, "ActiveState")).isEqualTo("inactive");
        assertThat(debian.property(UNIT, "NRestarts")).isEqualTo("0");
        assertThat(debian.run("holdfast", "version").out()).startsWith("holdfast ");

        debian.run("dpkg", "--purge", "holdfast").orThrow();
        assertThat(debian.run("find", "/", "-xdev", "-name", "*holdfast*", "-not", "-name", "*.deb")
                        .out())
                .isEmpty();
    }

    /** Everything that the unit's locks could be in the way of. */
    @Test
    void aConfiguredServiceWorksBehindItsLocks(Lab lab) throws IOException {
        Host a = lab.host("a");
        Debian debian = boot(a, lab);
        install(debian, first);
        debian.write("/usr/local/bin/hook", "#!/bin/sh\necho \"$3\" >> /run/holdfast/hook\n");
        debian.run("chmod", "755", "/usr/local/bin/hook").orThrow();
        debian.write(
                "/etc/holdfast/vrrp.key", "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
        debian.run("chmod", "600", "/etc/holdfast/vrrp.key").orThrow();
        debian.write(
                "/etc/systemd/system/holdfast.service.d/key.conf",
                "[Service]\nLoadCredential=vrrp-key:/etc/holdfast/vrrp.key\n");
        debian.run("systemctl", "daemon-reload").orThrow();
        debian.run(
                        "setpriv",
                        "--reuid=nobody",
                        "--clear-groups",
                        "sh",
                        "-c",
                        "sleep 1000 < /dev/null > /dev/null 2>&1 &")
                .orThrow();
        debian.write(CONFIG, Router.of(Mode.V3_FAST, 200).holdfast(a, """
                promote-secondaries = true
                authentication { type = hmac, keys { 1 { credential = "vrrp-key" } } }
                track { scripts = [who, slow], processes = [sleeper] }
                notify.any = ["/usr/local/bin/hook"]
                """, """
                scripts.who { command = ["/usr/bin/sh", "-c", "test $(id -un) = nobody"], user = nobody, interval = 1s }
                scripts.slow { command = ["/usr/bin/sleep", "900"], user = nobody, interval = 1s, timeout = 1s, weight = -1 }
                processes.sleeper { process = "sleep" }
                """));

        systemctl(debian, "start");

        assertThat(debian.property(UNIT, "ActiveState")).isEqualTo("active");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        await(debian, "StatusText", "VI_1 MASTER");
        Await.until(
                "the hook to run",
                SOON,
                () -> debian.run("cat", "/run/holdfast/hook").out().contains("MASTER"));
        // The timed-out script of another user is ended, its next run is another process.
        Await.until("the slow script to be killed", SOON, () -> journal(debian).contains("Script slow is DOWN"));
        assertThat(debian.run("cat", "/proc/sys/net/ipv4/conf/eth0/promote_secondaries")
                        .out())
                .isEqualTo("1\n");
        // Field 41 of proc(5)'s stat; the name before it may hold blanks.
        String policies = debian.run(
                        "sh",
                        "-c",
                        "sed 's/.*) //' /proc/" + debian.property(UNIT, "MainPID") + "/task/*/stat | cut -d ' ' -f 39")
                .out();
        assertThat(policies.lines()).as("the policies of all threads").contains("2");
        assertThat(journal(debian).lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                .allSatisfy(line -> assertThat(line).contains("slow"));
    }

    @Test
    void aReloadSaysWhatIsWrongAndTheWatchdogEndsAHungAgent(Lab lab) throws IOException {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Debian debian = boot(a, lab);
        install(debian, first);
        debian.write(CONFIG, Router.of(Mode.V3_FAST, 200).holdfast(a));
        AgentProcess.start(b, Router.of(Mode.V3_FAST, 150).holdfast(b));
        systemctl(debian, "start");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        String process = debian.property(UNIT, "MainPID");

        debian.write(CONFIG, Router.of(Mode.V3_FAST, 999).holdfast(a));
        assertThat(debian.run("systemctl", "reload", UNIT).ok()).isFalse();
        assertThat(journal(debian)).contains("priority = 999 is not accepted");
        assertThat(a.holds(Router.VIP)).isTrue();
        debian.write(CONFIG, Router.of(Mode.V3_FAST, 100).holdfast(a));
        systemctl(debian, "reload");
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        await(debian, "StatusText", "VI_1 BACKUP");
        debian.write(CONFIG, Router.of(Mode.V3_FAST, 200).holdfast(a));
        systemctl(debian, "reload");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        assertThat(debian.property(UNIT, "MainPID")).isEqualTo(process);
        assertThat(debian.property(UNIT, "ActiveState")).isEqualTo("active");

        debian.run("systemctl", "kill", "--signal=STOP", "--kill-whom=main", UNIT)
                .orThrow();
        await(debian, "NRestarts", "1");
        await(debian, "ActiveState", "active");
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        // A configuration that can't be used is said once, and not tried again.
        debian.write(CONFIG, "holdfast { no-such-key = 1 }\n");
        assertThat(debian.run("systemctl", "restart", UNIT).ok()).isFalse();
        await(debian, "ActiveState", "failed");
        assertThat(debian.property(UNIT, "ExecMainStatus")).isEqualTo("3");
        lab.awaitSoleHolder(b, Router.VIP, SOON);
    }

    @Test
    void anUpgradeKeepsTheConfigurationAndHandsTheAddressOver(Lab lab) throws IOException {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        Debian debian = boot(a, lab);
        install(debian, first);
        String config = Router.of(Mode.V2_MULTICAST, 200).holdfast(a);
        debian.write(CONFIG, config);
        AgentProcess.start(b, Router.of(Mode.V2_MULTICAST, 100).holdfast(b));
        systemctl(debian, "start");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Probe probe = new Probe(client, Router.VIP, List.of(a, b));
        lab.closeWithLab(probe);
        Await.until("a to answer", SOON, () -> probe.answering().equals(Optional.of("a")));
        Instant start = Instant.now();

        install(debian, second);

        assertThat(debian.run("dpkg-query", "--show", "--showformat=${Version}", "holdfast")
                        .out())
                .isEqualTo("0.1.1");
        assertThat(debian.run("cat", CONFIG).out()).isEqualTo(config);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Await.until("a to answer again", SOON, () -> probe.answering().equals(Optional.of("a")));
        assertThat(probe.longestGapSince(start).length()).isLessThan(PLANNED);
        assertThat(journal(debian)).contains("handed over");

        debian.run("dpkg", "--purge", "holdfast").orThrow();
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        assertThat(debian.run("ls", "-d", "/etc/holdfast", "/var/lib/holdfast", "/run/holdfast")
                        .out())
                .isEmpty();
    }

    /** Where nobody can take over, an upgrade must not have the address wait for it. */
    @Test
    void anUpgradeOfTheOnlyHostTakesNoLongerThanARestart(Lab lab) throws IOException {
        Host a = lab.host("a");
        Debian debian = boot(a, lab);
        install(debian, first);
        debian.write(CONFIG, Router.of(Mode.V3_FAST, 200).holdfast(a));
        systemctl(debian, "start");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        String process = debian.property(UNIT, "MainPID");
        VipWatch watch = lab.watch(Router.VIP);
        lab.closeWithLab(watch);
        Instant start = Instant.now();

        install(debian, second);

        assertThat(debian.property(UNIT, "MainPID")).isNotEqualTo(process);
        Instant taken = watch.awaitTakenBy(a, start, SOON);
        Instant left = watch.holdings().getFirst().to().orElseThrow();
        assertThat(Duration.between(left, taken)).isLessThan(Duration.ofSeconds(5));
    }
}
