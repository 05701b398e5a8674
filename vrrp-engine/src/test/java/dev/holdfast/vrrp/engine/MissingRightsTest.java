package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody sees who starts it without the rights: a JVM of its own with a capability taken away. */
@Timeout(60)
class MissingRightsTest {
    /** Starts an engine and prints how that went. */
    static final class Starter {
        public static void main(String[] args) {
            try (VrrpEngine _ = new VrrpEngine(new RecordingListener())) {
                System.out.println("started");
            } catch (EngineException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-net_raw, 'VRRP can''t run here: a packet socket for ARP cannot be opened: EPERM'",
        "-net_admin, 'VRRP can''t run here: addresses of this host cannot be changed: EPERM'",
        "+net_raw, 'started'"
    })
    void aMissingCapabilityIsNamed(String boundingSet, String expected) throws Exception {
        TestNet.assumePossible();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        assertThat(start(boundingSet)).startsWith(expected);
    }

    private static String start(String boundingSet) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "/usr/bin/setpriv",
                        "--bounding-set=" + boundingSet,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
