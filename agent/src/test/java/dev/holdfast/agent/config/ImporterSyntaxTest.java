package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keepalived.conf can do besides keywords: include files, choose lines by host, define variables, quote. */
class ImporterSyntaxTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");
    private static final String INSTANCE = """
            vrrp_instance VI_1 {
              interface eth0
              virtual_router_id 51
              virtual_ipaddress { 10.0.0.70/24 }
              %s
            }
            """;

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Importer.Imported imported(String text) throws ConfigException, IOException {
        return Importer.importFile(write("keepalived.conf", text), "cube01");
    }

    private VrrpConfig vrrp(String text) throws ConfigException, IOException {
        return LOADER.load("imported", imported(text).hocon()).config().vrrp();
    }

    private ConfigException refused(String text) throws IOException {
        Path file = write("keepalived.conf", text);
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> Importer.importFile(file, "cube01"));
        assertThat(e).as("refusal of %s", text).isNotNull();
        return e;
    }

    @Test
    void filesAreIncludedByPatternInTheirOrderAndRelativeToTheIncludingFile() throws Exception {
        write("conf.d/20-b.conf", "include ../lib/{b,c}.conf\n");
        write("conf.d/10-a.conf", INSTANCE.replace("VI_1", "A").formatted("priority 10"));
        write("conf.d/.hidden.conf", "not_read\n");
        write("conf.d/notes.txt", "not_read\n");
        write(
                "lib/b.conf",
                INSTANCE.replace("VI_1", "B")
                        .replace("51", "52")
                        .replace("0.70", "0.71")
                        .formatted(""));
        write(
                "lib/c.conf",
                INSTANCE.replace("VI_1", "C")
                        .replace("51", "53")
                        .replace("0.70", "0.72")
                        .formatted(""));

        Importer.Imported imported = imported("include conf.d/*.conf\n");

        assertThat(LOADER.load("imported", imported.hocon()).config().vrrp().specs())
                .extracting(InstanceSpec::name)
                .containsExactly("A", "B", "C");
        assertThat(imported.warnings()).isEmpty();
    }

    @Test
    void aFileIsIncludedInTheMiddleOfABlock() throws Exception {
        write("vips.conf", "10.0.0.71\n10.0.0.72\n");

        assertThat(vrrp(INSTANCE.replace("10.0.0.70/24", "\n include vips.conf\n")
                                .formatted(""))
                        .specs()
                        .getFirst()
                        .addresses())
                .hasSize(2);
    }

    @Test
    void faultsAndWarningsNameTheIncludedFile() throws Exception {
        Path included = write("sub/one.conf", INSTANCE.formatted("priority 300\n  prioritty 3"));

        ConfigException e = refused("! first\ninclude sub/*.conf\n");

        assertThat(e.faults()).extracting(Fault::position).hasToString("[" + included + ":5]");
        assertThat(e.warnings())
                .extracting(ConfigWarning::message)
                .singleElement()
                .asString()
                .isEqualTo(
                        included
                                + ":6: vrrp_instance VI_1: prioritty: is not a known keyword and is left out; did you mean priority?");
    }

    @Test
    void aWarningIsShownAlsoWhenTheSlipItNamesMakesTheFileUseless() throws Exception {
        ConfigException e = refused(
                INSTANCE.replace("virtual_router_id", "virtual_routr_id").formatted(""));

        assertThat(e.faults()).extracting(Fault::key).containsExactly("vrrp_instance VI_1: virtual_router_id");
        assertThat(e.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.text()).endsWith("did you mean virtual_router_id?"));
    }

    @Test
    void filesThatIncludeEachOtherAreAFaultAtTheLineThatClosesTheLoop() throws Exception {
        Path second = write("b.conf", "\ninclude keepalived.conf\n");

        assertThat(refused("include b.conf\n" + INSTANCE.formatted("")).faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.position()).hasToString(second + ":2");
                    assertThat(fault.reason()).isEqualTo(FaultReason.MALFORMED);
                    assertThat(fault.value()).endsWith("keepalived.conf");
                });
    }

    @Test
    void filesAreIncludedInsideEachOtherToABoundedDepth() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("n" + i + ".conf", "include n" + (i + 1) + ".conf\n");
        }
        assertThat(refused("include n0.conf\n" + INSTANCE.formatted("")).faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.reason()).isEqualTo(FaultReason.OUT_OF_RANGE));
    }

    @ParameterizedTest
    @CsvSource({
        "include nowhere.conf,   warning",
        "includer nowhere.conf,  warning",
        "include nowhere*.conf,  nothing",
        "includem nowhere*.conf, nothing",
        "includem nowhere.conf,  fault",
        "includew nowhere*.conf, fault",
        "'includeb {no,where}',  fault",
        "includea nowhere*.conf, fault"
    })
    void whetherAMissingFileMattersDependsOnTheKeyword(String line, String outcome) throws Exception {
        String text = line + "\n" + INSTANCE.formatted("");
        if (outcome.equals("fault")) {
            assertThat(refused(text).faults()).isNotEmpty().allSatisfy(fault -> {
                assertThat(fault.reason()).isEqualTo(FaultReason.UNREADABLE);
                assertThat(fault.position().line()).isEqualTo(1);
            });
        } else {
            assertThat(imported(text).warnings())
                    .extracting(ConfigWarning::reason)
                    .isEqualTo(outcome.equals("warning") ? List.of(WarningReason.NOT_INCLUDED) : List.of());
        }
    }

    @Test
    void linesForOtherHostsArePassedOver() throws Exception {
        String text = """
                global_defs {
                  @cube02 vrrp_version 3
                }
                """ + INSTANCE.formatted("""
                @cube01 priority 110
                  @cube02 priority 90
                  @^cube01 nopreempt
                  @^cube02 preempt_delay 5
                  unicast_peer {
                    @^cube01 10.0.0.60
                    @^cube02 10.0.0.61
                    @^cube03 10.0.0.62
                  }""");
        Path file = write("keepalived.conf", text);

        InstanceSpec first = vrrp(text).specs().getFirst();
        InstanceSpec second = ConfigSource.loadKeepalived(file, "cube02")
                .config()
                .vrrp()
                .specs()
                .getFirst();
        InstanceSpec third = ConfigSource.loadKeepalived(file, "cube03")
                .config()
                .vrrp()
                .specs()
                .getFirst();

        assertThat(first.priority()).isEqualTo(110);
        assertThat(first.preempt()).isTrue();
        assertThat(first.preemptDelay()).hasSeconds(5);
        assertThat(first.transport().toString())
                .contains("10.0.0.61", "10.0.0.62")
                .doesNotContain("10.0.0.60");
        assertThat(second.priority()).isEqualTo(90);
        assertThat(second.preempt()).isFalse();
        assertThat(second.version().toString()).contains("3");
        assertThat(third.priority()).isEqualTo(100);
        assertThat(Importer.importFile(file, "cube01").hocon())
                .contains("# Made for the host cube01; passed over are the lines for others: line 2, line 9, line 10");
        assertThat(imported(text).warnings()).isEmpty();
    }

    @Test
    void theHostsOwnNameIsTheDefaultOfTheCondition() throws Exception {
        Path file = write("keepalived.conf", INSTANCE.formatted("@" + Importer.defaultConfigId() + " priority 7"));

        assertThat(ConfigSource.loadKeepalived(file)
                        .config()
                        .vrrp()
                        .specs()
                        .getFirst()
                        .priority())
                .isEqualTo(7);
        assertThat(Importer.defaultConfigId()).isNotEmpty().doesNotContain(".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $P=120                       | priority $P
            $P=120 ! a comment           | priority ${P}
            $A=2                         | priority 1${A}0
            $P=${A}0;$A=12               | priority $P
            $P=1;$P=120                  | priority $P
            @cube01 $P=120;@x $P=1       | priority $P
            $IF=@cube01                  | $IF priority 120
            $LINE=priority 120           | $LINE
            $LINES= \\;priority 7 \\;priority 120;;     | $LINES
            $LINES= \\;# why \\;priority ${N} \\; \\;;$N=120 | $LINES
            $EMPTY=                      | ${EMPTY}priority ${EMPTY}120
            $NESTED= \\;priority $X;;$OUTER= \\;$X=120 \\;$NESTED;; | $OUTER
            """)
    void variablesAreReplacedWhereTheyAreUsed(String definitions, String use) throws Exception {
        String text = definitions.replace(";", "\n") + "\n" + INSTANCE.formatted(use);

        assertThat(vrrp(text).specs().getFirst().priority()).as(text).isEqualTo(120);
    }

    @Test
    void aDefinitionOfManyLinesMakesManyInstances() throws Exception {
        Importer.Imported imported = imported("""
                $INSTANCE= \\
                vrrp_instance VI_${NUM} { \\
                    interface eth0.${NUM} \\
                    virtual_router_id ${NUM} \\
                    @cube01 priority 130 \\
                    @cube02 priority 120 \\
                    virtual_ipaddress { 10.0.${NUM}.254/24 } \\
                    debug 1 \\
                }

                $NUM=1
                $INSTANCE

                $NUM=2
                $INSTANCE
                """);

        assertThat(LOADER.load("imported", imported.hocon()).config().vrrp().specs())
                .extracting(spec -> spec.name() + " " + spec.interfaceName() + " " + spec.priority() + " "
                        + spec.addresses().getFirst())
                .containsExactly("VI_1 eth0.1 130 10.0.1.254/24", "VI_2 eth0.2 130 10.0.2.254/24");
        assertThat(imported.warnings())
                .extracting(warning -> warning.position().line() + " " + warning.key())
                .containsExactly("8 vrrp_instance VI_1: debug", "8 vrrp_instance VI_2: debug");
    }

    @Test
    void whatIsPredefinedIsKnown() throws Exception {
        InstanceConfig instance =
                vrrp("$_SUB=s\n" + INSTANCE.formatted("""
                        authentication {
                          auth_type PASS
                          auth_pass a${_HASH}b${_BANG}c
                        }
                        notify "${_PWD}/notify.sh ${_INSTANCE}"
                        """)).instances().getFirst();

        assertThat(instance.hooks().any())
                .containsExactly(Command.of(folder.toAbsolutePath().normalize() + "/notify.sh", "cube01"));
        assertThat(instance.spec().authentication().toString()).doesNotContain("a#b!c");
        assertThat(imported(INSTANCE.formatted("authentication {\nauth_type PASS\nauth_pass a${_HASH}b${_BANG}c\n}"))
                        .hocon())
                .contains("password = \"a#b!c\"");
    }

    @Test
    void whatNobodyDefinedStaysAsItIs() throws Exception {
        assertThat(vrrp("$X=1\n" + INSTANCE.formatted("notify \"/bin/sh -c 'echo $HOME ${Y}'\""))
                        .instances()
                        .getFirst()
                        .hooks()
                        .any())
                .containsExactly(Command.of("/bin/sh", "-c", "echo $HOME ${Y}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $A=$A x                           | $A
            $A=${B};$B=${A}                   | ${A}
            $A=${B}${B};$B=${A}${A}           | ${A}
            $A= \\;$A \\;$A;;                 | $A
            """)
    void aVariableThatContainsItselfIsAFaultAndNotTheEndOfTheWorld(String definitions, String use) throws Exception {
        assertThat(refused(definitions.replace(";", "\n") + "\n" + INSTANCE.formatted(use))
                        .faults())
                .isNotEmpty()
                .anySatisfy(fault -> assertThat(fault.accepted()).contains("contain itself"));
    }

    @Test
    void aRandomNumberIsAFault() throws Exception {
        assertThat(refused(INSTANCE.formatted("priority ${_RANDOM 1 5}")).faults())
                .anySatisfy(fault -> assertThat(fault.key()).isEqualTo("${_RANDOM}"));
    }

    @ParameterizedTest
    @CsvSource({"'~SEQ(N, 1, 3) 10.0.0.${N}', ~SEQ", "'~SEQx(N, 1) fe80::$N', ~SEQx", "'~LST(N, 1, 2) 10.0.0.$N', ~LST"
    })
    void repeatedLinesAreNamedAsUnsupported(String line, String keyword) throws Exception {
        assertThat(imported(INSTANCE.formatted("virtual_ipaddress_excluded {\n" + line + "\n}"))
                        .warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.reason()).isEqualTo(WarningReason.NOT_CARRIED_OVER);
                    assertThat(warning.position().line()).isEqualTo(6);
                    assertThat(warning.key()).isEqualTo(keyword);
                    assertThat(warning.text()).contains("not supported");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            notify "/bin/x a b"                 | /bin/x,a,b
            notify '/bin/x a b'                 | /bin/x,a,b
            notify "/bin/x 'a b' c"             | /bin/x,a b,c
            notify "/bin/x \\"a b\\" c"         | /bin/x,a b,c
            notify "/bin/x \\x41\\102"          | /bin/x,AB
            notify /bin/x                       | /bin/x
            notify "/bin/x # no comment"        | /bin/x,#,no,comment
            notify "/bin/x" # a comment         | /bin/x
            notify /bin/x\\#y                   | /bin/x#y
            notify "/bin/x {a}"                 | /bin/x,{a}
            """)
    void commandsAreQuotedAsKeepalivedReadsThem(String line, String words) throws Exception {
        assertThat(vrrp(INSTANCE.formatted(line)).instances().getFirst().hooks().any())
                .singleElement()
                .satisfies(command -> assertThat(command.argv()).containsExactly(words.split(",")));
    }

    @Test
    void aPasswordIsTakenAsItStandsThere() throws Exception {
        for (String password : List.of("a'b", "a\\x41", "$ecret", "p@ss", "~tilde")) {
            assertThat(imported(INSTANCE.formatted("authentication {\nauth_type PASS\nauth_pass " + password + "\n}"))
                            .hocon())
                    .contains("password = \"" + password.replace("\\", "\\\\") + "\"");
        }
    }

    @Test
    void aTextWithoutAFileIncludesNothingAndSaysSo() throws Exception {
        assertThat(Importer.importText("-", "include *\n" + INSTANCE.formatted(""))
                        .warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.key()).isEqualTo("include"));
    }
}
