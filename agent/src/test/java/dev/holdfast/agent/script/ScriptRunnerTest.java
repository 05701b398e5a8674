package dev.holdfast.agent.script;

import static dev.holdfast.agent.Fixtures.read;
import static dev.holdfast.agent.Fixtures.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.config.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 126, 127, 255})
    void theExitStatusIsTheResult(int status) throws InterruptedException {
        ScriptResult result = run(sh("exit " + status), LONG);
        assertThat(result).isEqualTo(new ScriptResult.Exited(status));
        assertThat(result.success()).isEqualTo(status == 0);
    }

    @Test
    void aHungScriptIsKilledAtItsDeadlineWithEverythingThatItStarted() throws InterruptedException {
        Path pids = folder.resolve("pids");
        // One child of the script, and one whose parent is gone already.
        String script = "sleep 600 & echo $! >>$1; (sleep 600 & echo $! >>$1); echo $$ >>$1; sleep 600";
        ScriptResult result = run(sh(script, pids.toString()), Duration.ofMillis(500));
        assertThat(result).isEqualTo(new ScriptResult.TimedOut(Duration.ofMillis(500)));
        List<String> started = read(pids).lines().toList();
        assertThat(started).hasSize(3);
        started.forEach(pid -> await().until(() -> isGone(pid)));
    }

    @Test
    void anInterruptEndsTheScriptToo() throws InterruptedException {
        Path pid = folder.resolve("pid");
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                run(sh("echo $$ >$1; sleep 600", pid.toString()), LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> read(pid).endsWith("\n"));
        runner.interrupt();
        assertThat(runner.join(Duration.ofSeconds(5))).isTrue();
        await().until(() -> isGone(read(pid).strip()));
    }

    @Test
    void aProgramThatDoesNotExistIsSaidSo() throws InterruptedException {
        assertThat(run(Command.of("/nowhere/check.sh"), LONG).describe())
                .isEqualTo("not started: /nowhere/check.sh does not exist");
    }

    @Test
    void aUserThatDoesNotExistIsSaidSo() throws InterruptedException {
        AtomicReference<ScriptResult> result = new AtomicReference<>();
        ScriptRunner.run(sh("exit 0"), Optional.of("nobody-of-that-name"), LONG, result::set);
        assertThat(result.get().success()).isFalse();
        assertThat(result.get().describe()).contains("no user \"nobody-of-that-name\"");
    }

    @Test
    void aScriptRunsAsItsUser() throws InterruptedException {
        assumeTrue(Posix.effectiveUser() == 0, "only root can become somebody else");
        Posix.User nobody = Posix.user("nobody").orElseThrow();
        AtomicReference<ScriptResult> result = new AtomicReference<>();
        ScriptRunner.run(
                sh("[ $(id -u) = " + nobody.uid() + " ] && [ $(id -g) = " + nobody.gid() + " ]"),
                Optional.of("nobody"),
                LONG,
                result::set);
        assertThat(result.get()).isEqualTo(new ScriptResult.Exited(0));
    }

    @Test
    void theEnvironmentIsClean() throws InterruptedException {
        Path environment = folder.resolve("env");
        run(sh("env | cut -d= -f1 | sort >$1", environment.toString()), LONG);
        assertThat(read(environment).lines())
                .contains("HOME", "PATH")
                .isSubsetOf("HOME", "OLDPWD", "PATH", "PWD", "_", "SHLVL");
    }

    @Test
    void argumentsReachTheScriptAsTheyAre() throws InterruptedException {
        Path said = folder.resolve("said");
        run(sh("printf %s \"$2\" >$1", said.toString(), "a  b'\"$HOME;`"), LONG);
        assertThat(read(said)).isEqualTo("a  b'\"$HOME;`");
    }

    private static ScriptResult run(Command command, Duration limit) throws InterruptedException {
        AtomicReference<ScriptResult> result = new AtomicReference<>();
        ScriptRunner.run(command, Optional.empty(), limit, result::set);
        return result.get();
    }

    private static boolean isGone(String pid) {
        // A killed process whose new parent has not reaped it yet is as good as gone.
        return read(Path.of("/proc", pid, "stat")).replaceFirst(".*\\) ", "").matches("(Z.*)?\\s*");
    }

    @Test
    void aScriptThatCanNotBeEndedCountsAsFailedAtItsDeadlineAndIsWaitedFor() throws Exception {
        Path pid = folder.resolve("pid");
        CompletableFuture<ScriptResult> outcome = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                ScriptRunner.run(
                        sh("echo $$ >$1; sleep 600", pid.toString()),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        outcome::complete);
            } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
            }
        });
        await().until(() -> read(pid).endsWith("\n"));
        Process tracer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        Tracer.class.getName(),
                        read(pid).strip())
                .start();
        try {
            // A container may forbid tracing; then nothing here can be made to outlive SIGKILL.
            assumeTrue(tracer.getInputStream().read() == 'y');
            assertThat(outcome).as("traced before the deadline").isNotDone();
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(ScriptResult.TimedOut.class);
            assertThat(runner.isAlive()).isTrue();
            assertThat(Path.of("/proc", read(pid).strip())).exists();
            tracer.getOutputStream().close();
            assertThat(runner.join(Duration.ofSeconds(20))).isTrue();
            assertThat(Path.of("/proc", read(pid).strip())).doesNotExist();
        } finally {
            tracer.destroyForcibly().waitFor();
            runner.interrupt();
        }
    }
}
