package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.peer.ClusterSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The channel's configuration: where the secret comes from, and that nothing of it is ever shown. */
class PeersReaderTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String OLD = "an old secret that is long enough";

    @TempDir
    Path folder;

    private ConfigLoader loader() {
        return new ConfigLoader(Map.of("CREDENTIALS_DIRECTORY", folder.toString()), () -> "host");
    }

    private static String config(String peers) {
        return """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"]
                }
                holdfast.peers { %s }
                """.formatted(peers);
    }

    private PeersConfig load(String peers) throws ConfigException {
        return loader().load("f.conf", config(peers)).config().peers();
    }

    private List<Fault> faults(String peers) {
        return catchThrowableOfType(ConfigException.class, () -> load(peers)).faults();
    }

    private Path file(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void withoutASecretItIsOff() throws Exception {
        PeersConfig off = load("");
        assertThat(off.isOn()).isFalse();
        assertThat(off.listen()).isEqualTo(at("0.0.0.0", 9652));
    }

    @Test
    void everyKeyArrivesAndNothingShowsTheSecret() throws Exception {
        Path file = file("new", SECRET + "\n", "rw-------");
        file("old", OLD + "\n", "r--r-----");

        PeersConfig peers = load("""
                listen = "[::]:7000", secret.file = "%s", other-secrets = [{ credential = old }, { file = "%s" }]
                agents = ["10.0.0.1", "10.0.0.2:7001", "fd00::3", "[fd00::4]", "[fd00::5]:7002"]
                """.formatted(file, file));

        assertThat(peers.isOn()).isTrue();
        assertThat(peers.listen()).isEqualTo(at("::", 7000));
        assertThat(peers.secrets()).containsExactly(ClusterSecret.parse(SECRET), ClusterSecret.parse(OLD));
        assertThat(peers.agents())
                .containsExactly(
                        at("10.0.0.1", 7000),
                        at("10.0.0.2", 7001),
                        at("fd00::3", 7000),
                        at("fd00::4", 7000),
                        at("fd00::5", 7002));
        assertThat(peers.toString()).doesNotContain(SECRET, OLD);
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws Exception {
        Path file = file("open", SECRET, "rw-r-----");
        assertThat(faults("secret.file = \"" + file + "\"")).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.UNREADABLE);
            assertThat(fault.message())
                    .contains("chmod 600", "holdfast.peers.secret.file")
                    .doesNotContain(SECRET);
        });
    }

    @Test
    void aShortSecretIsRefusedAndNotShown() throws Exception {
        Path file = file("short", "s3cret", "rw-------");
        assertThat(faults("secret.file = \"" + file + "\""))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message())
                        .contains("32..1024 bytes", "openssl rand -hex 32")
                        .doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secret = 0123456789abcdef0123456789abcdef                     | holdfast.peers.secret
            secret { file = 0123456789abcdef0123456789abcdef }            | absolute path
            secret { text = 0123456789abcdef0123456789abcdef }            | file and credential
            secret {}                                                     | file and credential
            secret { file = "/x", credential = y }                        | file and credential
            secret { credential = "../x" }                                | LoadCredential
            other-secrets = [0123456789abcdef0123456789abcdef]            | { file = PATH }
            other-secrets = 0123456789abcdef0123456789abcdef              | { file = PATH }
            other-secrets = [{ credential = c }]                          | the one shown to the others
            agents = ["10.0.0.70"]                                        | none a virtual address
            agents = ["10.0.0.1", "10.0.0.1:9652"]                        | each agent once
            agents = ["cube01"]                                           | literal address
            agents = ["224.0.0.18"]                                       | own addresses
            agents = ["10.0.0.1:0"]                                       | 1..65535
            listen = "localhost:1"                                        | literal address
            agent = []                                                    | did you mean agents
            """)
    void whatIsWrongIsNamedAndNeverShown(String peers, String message) throws Exception {
        file("c", SECRET, "rw-------");
        assertThat(faults(peers))
                .anySatisfy(fault -> assertThat(fault.message()).contains(message))
                .noneSatisfy(fault -> assertThat(fault.message()).contains(SECRET));
    }

    @Test
    void whoeverOnlyJudgesIsWarnedOfASecretThatIsElsewhere() throws Exception {
        LoadedConfig judged = loader().toJudge().load("f.conf", config("secret.file = \"/no/such/file\""));
        assertThat(judged.config().peers().isOn()).isTrue();
        assertThat(judged.warnings()).anySatisfy(warning -> {
            assertThat(warning.reason()).isEqualTo(WarningReason.KEY_MISSING);
            assertThat(warning.message()).contains("/no/such/file");
        });
        assertThat(faults("secret.file = \"/no/such/file\"")).isNotEmpty();
    }
}
