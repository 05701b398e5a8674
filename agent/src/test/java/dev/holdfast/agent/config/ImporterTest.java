package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImporterTest {
    private static final Path FIXTURES = Path.of("src/test/resources/keepalived");
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    /** A whole instance; %s is its line 5. */
    private static final String INSTANCE = """
            vrrp_instance VI_1 {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress { 10.0.0.70/24 }
              %s
            }
            """;

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    /** The HOCON that was imported, and below it the warnings; {@code -Dgolden.update=true} writes the files anew. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void eachSeedConfigurationBecomesTheRecordedHocon(Path file) throws ConfigException, IOException {
        Importer.Imported imported = Importer.importText(file.getFileName().toString(), Files.readString(file));

        StringBuilder result = new StringBuilder(imported.hocon()).append("\n# Warnings of the import:\n");
        imported.warnings()
                .forEach(warning -> result.append("# ")
                        .append(warning.reason())
                        .append(' ')
                        .append(warning.message())
                        .append('\n'));
        Path golden =
                FIXTURES.resolve("golden").resolve(file.getFileName().toString().replace(".conf", ".hocon"));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, result);
        }
        assertThat(result).hasToString(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsImportedLoadsToTheSameAsTheOriginal(Path file) throws ConfigException {
        Importer.Imported imported = Importer.importFile(file);

        assertThat(LOADER.load("imported", imported.hocon()).config())
                .isEqualTo(
                        LOADER.load("again", Importer.importFile(file).hocon()).config());
        LoadedConfig direct = ConfigSource.loadKeepalived(file);
        assertThat(direct.config().vrrp())
                .isEqualTo(LOADER.load("imported", imported.hocon()).config().vrrp());
        assertThat(direct.warnings()).isEqualTo(imported.warnings());
        assertThat(direct.warnings())
                .allSatisfy(warning -> assertThat(warning.position().file()).isEqualTo(file.toString()));
    }

    private static VrrpConfig vrrp(String fixture) throws ConfigException {
        return ConfigSource.loadKeepalived(FIXTURES.resolve(fixture)).config().vrrp();
    }

    @Test
    void theDatabaseHostsSpeakUnicastAndTheFirstOwnsTheAddress() throws ConfigException {
        InstanceSpec master = vrrp("postgres-master.conf").specs().getFirst();
        InstanceSpec backup = vrrp("postgres-backup.conf").specs().getFirst();

        assertThat(master)
                .isEqualTo(InstanceSpec.builder("Postgres_VIP", "ens18", 51)
                        .priority(255)
                        .initialState(VrrpState.MASTER)
                        .addresses(List.of(VipAddress.parse("10.0.2.100/8")))
                        .transport(new Transport.Unicast(
                                Optional.of(IpAddress.parse("10.0.1.62")),
                                Stream.of("10.0.1.63", "10.0.1.64")
                                        .map(peer -> new Transport.Peer(IpAddress.parse(peer), 0, 255))
                                        .toList(),
                                255))
                        .authentication(new Authentication.Pass("Postgres"))
                        .vipLifetime(Duration.ofSeconds(4))
                        .build());
        assertThat(backup.priority()).isEqualTo(254);
        assertThat(backup.initialState()).isEqualTo(VrrpState.BACKUP);
        assertThat(backup.authentication()).isEqualTo(master.authentication());
        assertThat(((Transport.Unicast) backup.transport()).peers())
                .contains(new Transport.Peer(IpAddress.parse("10.0.1.62"), 0, 255));
    }

    @Test
    void theApiServerScriptIsCarriedOverWithAllItsNumbers() throws ConfigException {
        VrrpConfig vrrp = vrrp("server-center.conf");

        assertThat(vrrp.scripts())
                .containsExactly(new ScriptConfig(
                        "apiserver",
                        Command.of("/usr/bin/curl", "-s", "-k", "https://localhost:6443/healthz", "-o", "/dev/null"),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        5,
                        2,
                        0,
                        false,
                        ScriptConfig.Init.UNKNOWN,
                        Optional.of("root")));
        assertThat(vrrp.instances().getFirst().track().scripts()).containsExactly(new Tracked("apiserver", 0, false));
    }

    @Test
    void theClusterSampleHasOnlyAnExcludedAddressAndItsHooks() throws ConfigException {
        InstanceConfig cluster = vrrp("cluster.conf").instances().getFirst();

        assertThat(cluster.spec().virtualRouterId()).isEqualTo(1);
        assertThat(cluster.spec().addresses()).isEmpty();
        assertThat(cluster.spec().excludedAddresses()).containsExactly(VipAddress.parse("192.0.2.100/32"));
        assertThat(cluster.track().scripts()).containsExactly(new Tracked("check_things", 2, false));
        assertThat(cluster.hooks().any()).containsExactly(Command.of("/usr/local/sbin/keepalived_notify"));
        assertThat(cluster.hooks().stop())
                .containsExactly(
                        Command.of("/usr/local/sbin/keepalived_notify", "unknown_type", "unknown_name", "STOPPED"));
    }

    private static LoadedConfig load(String keepalivedConf) throws ConfigException {
        Importer.Imported imported = Importer.importText("k.conf", keepalivedConf);
        LoadedConfig loaded = LOADER.load("imported", imported.hocon());
        return new LoadedConfig(loaded.config(), imported.warnings(), loaded.positions());
    }

    private static InstanceConfig instance(String line) throws ConfigException {
        return load(INSTANCE.formatted(line)).config().vrrp().instances().getFirst();
    }

    private static List<Fault> faults(String keepalivedConf) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> Importer.importText("k.conf", keepalivedConf));
        assertThat(e).as("faults of %s", keepalivedConf).isNotNull();
        return e.faults();
    }

    @Test
    void whatIsNotThereHasKeepalivedsDefaults() throws ConfigException {
        InstanceSpec spec = instance("").spec();

        assertThat(spec.priority()).isEqualTo(100);
        assertThat(spec.advertInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(spec.initialState()).isEqualTo(VrrpState.BACKUP);
        assertThat(spec.preempt()).isTrue();
    }

    @Test
    void formDoesNotMatter() throws ConfigException {
        VrrpConfig plain =
                load(INSTANCE.formatted("notify \"/bin/x a\"")).config().vrrp();

        assertThat(List.of(
                        "\uFEFFvrrp_instance VI_1\r\n{\r\n\tinterface eth0!c\r\n\tvirtual_router_id 51 # c\r\n"
                                + "\tvirtual_ipaddress\r\n\t{\r\n\t\t10.0.0.70/24\r\n\t}\r\n\tnotify \"/bin/x a\"\r\n}",
                        "vrrp_instance VI_1{interface eth0\nvirtual_router_id \\\n  51\nvirtual_ipaddress{10.0.0.70/24}"
                                + "\nnotify \"/bin/x a\" }",
                        """
                        # {
                        ! }
                        vrrp_instance "VI_1"

                        {
                        interface "eth0"
                        virtual_router_id 51
                        virtual_ipaddress {
                        10.0.0.70/24 dev eth0 scope global
                        }
                        notify "/bin/x a" # }
                        }
                        """))
                .allSatisfy(text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    LoadedConfig loaded = load(ConfigText.decode(bytes));
                    assertThat(loaded.config().vrrp()).isEqualTo(plain);
                    assertThat(loaded.warnings()).isEmpty();
                });
    }

    @Test
    void everyKeywordWithoutACounterpartIsNamedOnceWithItsLine() throws ConfigException {
        LoadedConfig loaded = load("""
                global_defs {
                  router_id LVS
                  vrrp_min_garps
                  notification_email { a@b.c }
                }
                include /etc/keepalived/*.conf
                ~SEQ(N, 1, 3) vrrp_instance VI_$N
                vrrp_sync_group G {
                  group { VI_1 }
                }
                vrrp_instance VI_1 {
                  interface eth0
                  virtual_router_id 51
                  use_vmac_addr
                  garp_master_delays 1
                  prioritty 3
                  virtual_ipaddress {
                    10.0.0.70/24 dev eth1 -nodad home peer 10.0.0.9 no_track
                    10.0.0.71/24 no_track
                    10.0.0.72/24 scope galaxy preferred_lft 30
                  }
                  virtual_routes {
                    10.1.0.0/16 via 10.0.0.1 hoplimit 3
                  }
                  linkbeat_use_polling
                  notify /x root
                  mcast_src_ip 10.0.0.5
                  unicast_src_ip 10.0.0.5
                }
                virtual_server 10.0.0.1 80 { delay_loop 6 }
                """);

        assertThat(loaded.warnings())
                .allSatisfy(warning -> assertThat(warning.reason()).isEqualTo(WarningReason.NOT_CARRIED_OVER));
        assertThat(loaded.warnings())
                .extracting(warning -> warning.position().line() + " " + warning.key())
                .containsExactly(
                        "2 global_defs: router_id",
                        "3 global_defs: vrrp_min_garps",
                        "4 global_defs: notification_email",
                        "6 include",
                        "7 ~SEQ",
                        "14 vrrp_instance VI_1: use_vmac_addr",
                        "15 vrrp_instance VI_1: garp_master_delays",
                        "16 vrrp_instance VI_1: prioritty",
                        "18 vrrp_instance VI_1: virtual_ipaddress",
                        "18 vrrp_instance VI_1: virtual_ipaddress",
                        "19 vrrp_instance VI_1: virtual_ipaddress",
                        "20 vrrp_instance VI_1: virtual_ipaddress",
                        "20 vrrp_instance VI_1: virtual_ipaddress",
                        "23 vrrp_instance VI_1: virtual_routes",
                        "25 vrrp_instance VI_1: linkbeat_use_polling",
                        "26 vrrp_instance VI_1: notify",
                        "28 vrrp_instance VI_1: unicast_src_ip",
                        "30 virtual_server");
        assertThat(loaded.warnings().get(7).message())
                .isEqualTo("k.conf:16: vrrp_instance VI_1: prioritty: is not a known keyword and is left out;"
                        + " did you mean priority?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            priority 100,               | TRAILING_COMMA
            advert_int 0.4              | ROUNDED
            priority 1;priority 2       | REPEATED
            notify /a;notify /b         | REPEATED
            state MASTER;nopreempt      | MASTER_WITHOUT_PREEMPT
            unicast_peer {;}            | NO_PEERS
            notify_master "/a > /b"     | SHELL_SCRIPT
            authentication {;auth_type PASS;auth_pass 123456789;} | PASSWORD_CUT
            authentication {;auth_type AH;auth_pass 12345678;}    | NOT_CARRIED_OVER
            authentication {;auth_pass 12345678;}                 | NOT_CARRIED_OVER
            version 3;authentication {;auth_type PASS;auth_pass 1;} | NOT_CARRIED_OVER
            """)
    void whatIsPutRightIsWarnedAbout(String lines, WarningReason reason) throws ConfigException {
        LoadedConfig loaded = load(INSTANCE.formatted(lines.replace(";", "\n")));

        assertThat(loaded.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(reason);
            assertThat(warning.position().line()).isBetween(5, 8);
            assertThat(warning.key()).startsWith("vrrp_instance VI_1: ");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "advert_int 2, 2000",
        "advert_int 1.5, 2000",
        "advert_int 0.1, 1000",
        "version 3;advert_int 0.1, 100",
        "version 3;advert_int 0.014, 10",
        "version 3;advert_int 0.001, 10",
        "version 3;advert_int 40.95, 40950"
    })
    void theIntervalIsRoundedAsKeepalivedDoes(String lines, long millis) throws ConfigException {
        assertThat(instance(lines.replace(";", "\n")).spec().advertInterval()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void theGeneralVersionHoldsForThoseWithoutTheirOwn() throws ConfigException {
        LoadedConfig loaded = load(INSTANCE.formatted("advert_int 0.25") + "global_defs {\nvrrp_version 3\n}\n");

        InstanceSpec spec = loaded.config().vrrp().specs().getFirst();
        assertThat(spec.version()).isEqualTo(VrrpVersion.V3);
        assertThat(spec.advertInterval()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void ipv6BecomesVersion3() throws ConfigException {
        LoadedConfig loaded = load("""
                vrrp_instance six {
                  interface eth0
                  virtual_router_id 6
                  advert_int 0.5
                  virtual_ipaddress {
                    fe80::6
                    fd00::6/64
                  }
                }
                """);

        InstanceSpec spec = loaded.config().vrrp().specs().getFirst();
        assertThat(spec.version()).isEqualTo(VrrpVersion.V3);
        assertThat(spec.addresses()).hasSize(2);
        assertThat(spec.addresses().getFirst().prefixLength()).isEqualTo(128);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void trackersKeepTheirWeightsAndDirections() throws ConfigException {
        LoadedConfig loaded = load("""
                vrrp_script a {
                  script "/bin/a"
                  weight -20 reverse
                  init_fail
                }
                vrrp_script b {
                  script "killall -0 haproxy"
                  interval 0.5
                }
                """ + INSTANCE.formatted("""
                preempt_delay 2.5
                track_script {
                  a
                  b weight 5
                }
                track_interface {
                  eth1 weight -10
                  eth2
                }"""));

        VrrpConfig vrrp = loaded.config().vrrp();
        assertThat(vrrp.instances().getFirst().track())
                .isEqualTo(new TrackConfig(
                        List.of(new Tracked("a", -20, true), new Tracked("b", 5, false)),
                        List.of(new Tracked("eth1", -10, false), new Tracked("eth2", 0, false))));
        assertThat(vrrp.scripts().getFirst().init()).isEqualTo(ScriptConfig.Init.DOWN);
        assertThat(vrrp.scripts().get(1).command()).isEqualTo(Command.of("/usr/bin/env", "killall", "-0", "haproxy"));
        assertThat(vrrp.scripts().get(1).timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(vrrp.specs().getFirst().preemptDelay()).isEqualTo(Duration.ofMillis(2500));
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void theUserOfAllScriptsGoesToThoseWithoutTheirOwn() throws ConfigException {
        LoadedConfig loaded = load("""
                global_defs {
                  script_user nobody nogroup
                }
                vrrp_script a {
                  script "/bin/a"
                }
                vrrp_script b {
                  script "/bin/b"
                  user root
                }
                """ + INSTANCE.formatted("track_script {\na\nb\n}"));

        assertThat(loaded.config().vrrp().scripts())
                .extracting(ScriptConfig::user)
                .containsExactly(Optional.of("nobody"), Optional.of("root"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            priority 300                  | 5 | priority            | 300       | OUT_OF_RANGE | 1..255
            priority high                 | 5 | priority            | high      | MALFORMED    | 1..255
            priority                      | 5 | priority            |           | MISSING      | a value
            priority {;}                  | 5 | priority            | {...}     | WRONG_TYPE   | not a block
            virtual_router_id 256         | 5 | virtual_router_id   | 256       | OUT_OF_RANGE | 1..255
            version 4                     | 5 | version             | 4         | OUT_OF_RANGE | 2..3
            state EQUAL                   | 5 | state               | equal     | OUT_OF_RANGE | backup, master
            interface a/b                 | 5 | interface           | a/b       | MALFORMED    | 1..15 characters
            advert_int 1s                 | 5 | advert_int          | 1s        | MALFORMED    | a number of seconds
            advert_int 300                | 5 | advert_int          | 5m        | OUT_OF_RANGE | 1s..255s
            preempt_delay 2000            | 5 | preempt_delay       | 2000s     | OUT_OF_RANGE | 0s..1000s
            virtual_ipaddress             | 5 | virtual_ipaddress   |           | MISSING      | a block
            virtual_ipaddress {;10.0.0.71/33;} | 6 | virtual_ipaddress | 10.0.0.71/33 | MALFORMED | ADDRESS/PREFIX
            virtual_ipaddress {;10.0.0.70;}    | 6 | virtual_ipaddress | 10.0.0.70/32 | DUPLICATE  | each address once
            unicast_src_ip x;unicast_peer {;10.0.0.9;} | 5 | unicast_src_ip | x | MALFORMED | address of this host
            unicast_peer {;node2;}        | 6 | unicast_peer        | node2     | MALFORMED    | address of a host
            authentication {;auth_type PASS;} | 5 | authentication: auth_pass | | MISSING      | a password
            track_script {;nope;}         | 6 | track_script        | nope      | DANGLING_REFERENCE | there is none
            track_interface {;eth1 weight 400;} | 6 | track_interface | 400      | OUT_OF_RANGE | -253..253
            notify ./notify.sh            | 5 | notify              | ./notify.sh | MALFORMED  | absolute path
            notify_stop "/a 'b"           | 5 | notify_stop         |           | MALFORMED    | not closed
            notify_fault                  | 5 | notify_fault        |           | MISSING      | a command
            """)
    void aWrongValueIsNamedByKeywordAndLineOfTheOriginal(
            String lines, int line, String keyword, String value, FaultReason reason, String accepted) {
        assertThat(faults(INSTANCE.formatted(lines.replace(";", "\n"))))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.reason()).isEqualTo(reason);
                    assertThat(fault.position()).hasToString("k.conf:" + line);
                    assertThat(fault.key()).isEqualTo("vrrp_instance VI_1: " + keyword);
                    assertThat(fault.value()).isEqualTo(value == null ? "" : value);
                    assertThat(fault.accepted()).contains(accepted);
                });
    }

    @Test
    void allFaultsComeAtOnceWithTheLinesOfTheOriginal() {
        List<Fault> faults = faults("""
                vrrp_script s {
                  interval x
                }
                vrrp_instance A {
                  priority 300
                }
                vrrp_instance A {
                }
                vrrp_instance {
                }
                """);

        assertThat(faults)
                .extracting(fault -> fault.position().line() + " " + fault.reason() + " " + fault.key())
                .containsExactly(
                        "1 MISSING vrrp_script s: script",
                        "2 MALFORMED vrrp_script s: interval",
                        "4 MISSING vrrp_instance A: interface",
                        "4 MISSING vrrp_instance A: virtual_router_id",
                        "4 MISSING vrrp_instance A: virtual_ipaddress",
                        "5 OUT_OF_RANGE vrrp_instance A: priority",
                        "7 DUPLICATE vrrp_instance A",
                        "9 MISSING vrrp_instance");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vrrp_instance A {;interface eth0  | 1
            global_defs {;};}                 | 3
            {;}                               | 1
            vrrp_instance A {;notify "/a;}    | 2
            """)
    void bracesAndQuotesThatDontMatchAreNamedByLine(String lines, int line) {
        assertThat(faults(lines.replace(";", "\n"))).anySatisfy(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.SYNTAX);
            assertThat(fault.position().line()).isEqualTo(line);
        });
    }

    @Test
    void noPasswordShowsInAMessage() throws ConfigException {
        List<String> lines = List.of(
                "auth_pass s3cr3tword",
                "auth_pass \"s3cr3tword",
                "auth_pass s3cr3tword more",
                "auth_pass more s3cr3tword",
                "auth_pass {\ns3cr3tword\n}",
                "auth_pass\ns3cr3tword",
                "auth_pas s3cr3tword",
                "auth_pass s3cr3tword\nauth_pass s3cr3tword2");
        List<String> messages = new ArrayList<>();
        for (String line : lines) {
            for (String type : List.of("PASS", "AH")) {
                for (String more : List.of("", "\npriority 300", "\nversion 3")) {
                    String text =
                            INSTANCE.formatted("authentication {\nauth_type " + type + "\n" + line + "\n}" + more);
                    try {
                        Importer.Imported imported = Importer.importText("k.conf", text);
                        imported.warnings().stream().map(ConfigWarning::message).forEach(messages::add);
                        messages.add(imported.toString());
                        messages.add(LOADER.load("f", imported.hocon()).toString());
                    } catch (ConfigException e) {
                        messages.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        assertThat(messages)
                .hasSizeGreaterThan(50)
                .allSatisfy(text -> assertThat(text).doesNotContain("s3cr3t"));
    }

    @Test
    void aFileThatIsNotThereIsAFault() {
        Path missing = Path.of("no-such.conf");

        assertThat(catchThrowableOfType(ConfigException.class, () -> Importer.importFile(missing)))
                .hasMessage("no-such.conf: can't be read; accepted: a file that exists");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigSource.loadKeepalived(missing)))
                .hasMessageContaining("no-such.conf");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigSource.load(missing)))
                .hasMessageContaining("no-such.conf");
    }
}
