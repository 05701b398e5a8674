package dev.holdfast.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a pipe of the shell, as processes of their own: a pipe can be read only once. */
@Timeout(120)
class PipeTest {
    @TempDir
    private Path folder;

    private static ProcessBuilder holdfast(String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static String piped(int exitCode, ProcessBuilder... commands) throws IOException, InterruptedException {
        Process last = ProcessBuilder.startPipeline(List.of(commands)).getLast();
        String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(said).isEqualTo(exitCode);
        return said;
    }

    @Test
    void whatImportWritesIsReadByCheckFromAPipe() throws Exception {
        Path original = Files.writeString(folder.resolve("keepalived.conf"), """
                vrrp_instance VI_1 {
                    interface lo
                    virtual_router_id 51
                    virtual_ipaddress {
                        10.0.0.70/24
                    }
                }
                """);
        piped(0, holdfast("import", original.toString()), holdfast("check", "-c", "/dev/stdin"));
    }

    @Test
    void aFaultInAPipeHasItsLine() throws Exception {
        ProcessBuilder check = holdfast("check", "-c", "/dev/stdin").redirectErrorStream(true);
        String said = piped(3, new ProcessBuilder("printf", "holdfast {\n\n  hppt = 1\n}\n"), check);
        assertThat(said).contains("/dev/stdin:3: holdfast.hppt is not a key");
    }
}
