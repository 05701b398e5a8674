package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ThreadSchedulingTest {
    private static final Path SELF = Path.of("/proc/thread-self/sched");

    private static Path machine() {
        return Path.of("/proc/self/task")
                .resolve(Integer.toString(ThreadScheduling.virtualMachine().orElseThrow()))
                .resolve("sched");
    }

    /** What the kernel says of a thread: policy 0 is ordinary, 2 is SCHED_RR. */
    private static String policy(Path thread) throws IOException {
        return Files.readString(thread)
                .lines()
                .filter(line -> line.startsWith("policy"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
    }

    private static final class OnThread extends Thread {
        private Throwable failure = new AssertionError("it never ran");

        @Override
        public void run() {
            try {
                assertThat(ThreadScheduling.set(true)).isEmpty();
                assertThat(ThreadScheduling.setVirtualMachine(true)).isEmpty();
                assertThat(policy(SELF)).isEqualTo("2");
                assertThat(policy(machine())).isEqualTo("2");
                assertThat(ThreadScheduling.set(false)).isEmpty();
                assertThat(ThreadScheduling.setVirtualMachine(false)).isEmpty();
                assertThat(policy(SELF)).isEqualTo("0");
                assertThat(policy(machine())).isEqualTo("0");
                failure = null;
            } catch (Throwable t) {
                failure = t;
            }
        }
    }

    @Test
    void itAndTheVirtualMachinesThreadAreScheduledInRealTimeAndOrdinarilyAgain() throws InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isReadable(SELF), "needs root and /proc");
        OnThread thread = new OnThread();
        thread.start();
        thread.join(10_000);
        assertThat(thread.failure).isNull();
    }
}
