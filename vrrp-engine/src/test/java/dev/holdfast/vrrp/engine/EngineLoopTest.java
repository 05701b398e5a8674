package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vrrp.engine.ffi.Libc;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EngineLoopTest {
    private static final long MILLI = 1_000_000;

    private final EngineLoop loop = new EngineLoop(work -> new Thread(work, "loop-test"));

    @BeforeEach
    void openTimer() {
        loop.call(() -> {
                    loop.openTimer(new Libc(Arena.ofAuto()), Arena.ofAuto());
                    return true;
                })
                .join();
    }

    @AfterEach
    void end() {
        loop.call(() -> {
                    loop.closeTimer();
                    return true;
                })
                .exceptionally(_ -> true)
                .join();
        loop.shutdown().join();
    }

    /** A deadline that says when it was met. */
    private static final class Once extends DeadlineQueue.Entry {
        private long deadline;
        private boolean pressing;
        private final CompletableFuture<Long> met = new CompletableFuture<>();

        @Override
        long deadlineNanos() {
            return deadline;
        }

        @Override
        boolean isPressing() {
            return pressing;
        }

        @Override
        void expire(long now) {
            deadline = Long.MAX_VALUE;
            met.complete(now);
        }
    }

    private Once in(long millis) {
        Once once = new Once();
        loop.call(() -> {
                    once.deadline = EngineLoop.now() + millis * MILLI;
                    loop.deadlines().update(once);
                    return true;
                })
                .join();
        return once;
    }

    @Test
    void theTimersClockIsTheJvms() throws Exception {
        long before = EngineLoop.now();
        long met = in(50).met.get(10, TimeUnit.SECONDS);
        assertThat(met - before).isBetween(50 * MILLI, 5_000 * MILLI);
    }

    @Test
    void aPressingDeadlineIsNeverMetBeforeItsTime() throws Exception {
        for (int i = 1; i <= 20; i++) {
            Once once = new Once();
            once.pressing = true;
            long at = EngineLoop.now() + i * MILLI / 4;
            loop.call(() -> {
                        once.deadline = at;
                        loop.deadlines().update(once);
                        return true;
                    })
                    .join();
            assertThat(once.met.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(at);
        }
    }

    @Test
    void anEarlierDeadlineIsNotHeldUpByALaterOne() throws Exception {
        Once late = in(60_000);
        Once early = in(20);
        early.met.get(10, TimeUnit.SECONDS);
        assertThat(late.met).isNotDone();
    }

    @Test
    void aDeadlineInThePastIsMetAtOnce() throws Exception {
        in(-1_000).met.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aTaskThatFailsLeavesTheLoopRunning() {
        assertThatThrownBy(() -> loop.call(() -> {
                            throw new IllegalStateException("on purpose");
                        })
                        .join())
                .hasRootCauseMessage("on purpose");
        assertThat(loop.call(() -> 42).join()).isEqualTo(42);
    }

    @Test
    void aTaskAfterTheEndFailsClearly() {
        loop.shutdown().join();
        assertThatThrownBy(() -> loop.call(() -> 42).join()).hasMessageContaining("the engine is stopped");
    }
}
