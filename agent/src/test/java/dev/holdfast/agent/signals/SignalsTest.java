package dev.holdfast.agent.signals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SignalsTest {
    /** Runs in a process of its own: says what it hears, for a while. */
    static final class Listener {
        private Listener() {}

        public static void main(String[] args) throws InterruptedException {
            for (String name : List.of("HUP", "INT", "TERM")) {
                Signals.on(name, () -> System.out.println(name));
            }
            System.out.println("ready");
            Thread.sleep(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM"})
    void aSignalIsHeardAlsoWhereTheParentIgnoredIt(String signal) throws Exception {
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "trap '' HUP INT TERM; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Listener.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader heard = process.inputReader()) {
            assertThat(heard.readLine()).isEqualTo("ready");
            assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + process.pid())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(heard.readLine()).isEqualTo(signal);
        } finally {
            process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
    }
}
