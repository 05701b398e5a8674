package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.HmacKey;
import dev.holdfast.vrrp.wire.HmacMode;
import dev.holdfast.vrrp.wire.HmacSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of signed adverts: where they come from, and what is said of a wrong one. */
class AuthenticationReaderTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private InstanceSpec load(String authentication) throws ConfigException {
        ConfigLoader loader = new ConfigLoader(Map.of("CREDENTIALS_DIRECTORY", folder.toString()), () -> "host");
        return loader.load("f.conf", """
                        holdfast.vrrp.instances.VI_1 {
                          interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"], advert-interval = 3s
                          authentication { %s }
                        }
                        """.formatted(authentication))
                .config()
                .vrrp()
                .specs()
                .getFirst();
    }

    private List<Fault> faults(String authentication) {
        return catchThrowableOfType(ConfigException.class, () -> load(authentication))
                .faults();
    }

    private Path file(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void keysAreEnoughToSign() throws ConfigException {
        InstanceSpec spec = load("keys { 7 { secret = \"" + SECRET + "\" } }");

        assertThat(spec.authentication()).isEqualTo(new Authentication.None());
        assertThat(spec.hmac()).contains(new HmacSettings(List.of(HmacKey.parse(7, SECRET)), 7, HmacMode.ENFORCE, 9));
        assertThat(spec.toString()).doesNotContain(SECRET);
    }

    @Test
    void everyKeyArrives() throws Exception {
        Path key = file("two", "hex:" + "2a".repeat(32) + "\n", "rw-------");
        file("three", SECRET + "\n", "r--r-----");

        InstanceSpec spec = load("""
                type = hmac, mode = receive-only, anti-replay = monotonic, active-key = 2
                keys { 1 { secret = "%s" }, 2 { file = "%s" }, 3 { credential = three } }""".formatted(SECRET, key));

        assertThat(spec.hmac())
                .contains(new HmacSettings(
                        List.of(HmacKey.parse(1, SECRET), HmacKey.parse(2, "*".repeat(32)), HmacKey.parse(3, SECRET)),
                        2,
                        HmacMode.RECEIVE_ONLY,
                        HmacSettings.MONOTONIC));
        assertThat(load("keys { 1 { secret = \"" + SECRET + "\" } }, time-window = 300s")
                        .hmac()
                        .orElseThrow()
                        .windowSeconds())
                .isEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({
        "file = /no-such-key, keys.1.file, /no-such-key can't be read here",
        "credential = none, keys.1.credential, LoadCredential=NAME:PATH"
    })
    void aJudgementCanDoWithoutAKeyThatIsElsewhere(String source, String key, String text) throws ConfigException {
        ConfigLoader loader = new ConfigLoader(Map.of(), () -> "host").toJudge();
        LoadedConfig loaded = loader.load("f.conf", """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"]
                  authentication { keys { 1 { %s } } }
                }
                """.formatted(source));

        assertThat(loaded.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(WarningReason.KEY_MISSING);
            assertThat(warning.key()).isEqualTo("holdfast.vrrp.instances.VI_1.authentication." + key);
            assertThat(warning.text()).contains(text);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type = hmac                             | keys              | MISSING            | at least one
            type = hmac, keys {}                    | keys              | MISSING            | at least one
            keys { 0 { secret = "%1$s" } }          | keys              | OUT_OF_RANGE       | 1..255
            keys { 256 { secret = "%1$s" } }        | keys              | OUT_OF_RANGE       | 1..255
            keys { 1 {} }                           | keys.1            | CONFLICT           | one of file
            keys { 1 { secret = a, file = /a } }    | keys.1            | CONFLICT           | one of file
            keys { 1 { secret = short } }           | keys.1.secret     | OUT_OF_RANGE       | 32..64 bytes
            keys { 1 { secret = "hex:xy" } }        | keys.1.secret     | OUT_OF_RANGE       | hexadecimal
            keys { 1 { file = key } }               | keys.1.file       | UNREADABLE         | absolute
            keys { 1 { file = /no-such-key } }      | keys.1.file       | UNREADABLE         | is there
            keys { 1 { credential = none } }        | keys.1.credential | UNREADABLE         | LoadCredential
            keys { 1 { credential = ../a } }        | keys.1.credential | UNREADABLE         | LoadCredential
            keys { 1 { secret = "%1$s" } }, active-key = 2 | active-key | DANGLING_REFERENCE | [1]
            keys { 1 { secret = "%1$s" } }, type = hmac, password = a | password | CONFLICT | no password
            keys { 1 { secret = "%1$s" } }, time-window = 301s | time-window | OUT_OF_RANGE | 5m
            keys { 1 { secret = "%1$s" } }, mode = strict | mode        | OUT_OF_RANGE       | receive-only
            """)
    void whatIsWrongIsNamed(String lines, String key, FaultReason reason, String accepted) {
        assertThat(faults(lines.formatted(SECRET))).singleElement().satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("holdfast.vrrp.instances.VI_1.authentication." + key);
            assertThat(fault.reason()).isEqualTo(reason);
            assertThat(fault.accepted()).contains(accepted);
            assertThat(fault.message()).doesNotContain(SECRET);
        });
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void aKeyThatOthersCanReadOrChangeIsRefused(String permissions) throws IOException {
        Path key = file("open", SECRET, permissions);

        assertThat(faults("keys { 1 { file = \"" + key + "\" } }"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.reason()).isEqualTo(FaultReason.UNREADABLE);
                    assertThat(fault.accepted()).contains("chmod 600 " + key);
                });
    }

    @Test
    void auth_hmacOfKeepalivedIsCarriedOver() throws Exception {
        Path key = file("key", "hex:" + "07".repeat(64), "rw-------");
        Importer.Imported imported = Importer.importText("k.conf", """
                vrrp_instance VI_1 {
                    interface eth0
                    virtual_router_id 51
                    virtual_ipaddress { 10.0.0.70/24 }
                    authentication { auth_type PASS; auth_pass 12345678 }
                    auth_hmac {
                        key 1 %s
                        key 2 file:%s
                        active_key 2
                        anti_replay time
                        time_window 20
                        mode permissive
                        colour %s
                    }
                }
                """.replace("{ 10", "{\n10")
                .replace("24 }", "24\n}")
                .replace("{ auth_type PASS; auth_pass 12345678 }", "{\nauth_type PASS\nauth_pass 12345678\n}")
                .formatted(SECRET, key, SECRET));

        HmacSettings hmac = new ConfigLoader(Map.of(), () -> "host")
                .load("f.conf", imported.hocon())
                .config()
                .vrrp()
                .specs()
                .getFirst()
                .hmac()
                .orElseThrow();

        assertThat(hmac)
                .isEqualTo(new HmacSettings(
                        List.of(HmacKey.parse(1, SECRET), HmacKey.parse(2, "hex:" + "07".repeat(64))),
                        2,
                        HmacMode.PERMISSIVE,
                        20));
        assertThat(imported.warnings())
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning.reason()).isEqualTo(WarningReason.NOT_CARRIED_OVER))
                .extracting(ConfigWarning::message)
                .noneMatch(message -> message.contains(SECRET))
                .anyMatch(message -> message.contains("auth_hmac takes its place"));
    }
}
