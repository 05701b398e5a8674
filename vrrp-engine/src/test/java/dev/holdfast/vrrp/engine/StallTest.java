package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that does not run for a while, and what it does first when it runs again. */
@Timeout(120)
class StallTest extends TwoEngines {
    private static final String VIP = "10.77.0.100";

    @TempDir
    private Path folder;

    /** Keeps the engine's loop from running until something has happened elsewhere. */
    private static void stallUntil(VrrpEngine engine, Callable<Boolean> happened) {
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Void> stall = engine.run(() -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(15))
                    .until(happened);
        } finally {
            over.countDown();
            stall.join();
        }
    }

    @Test
    void aMasterThatSleptGivesUpTheAddressBeforeItSaysAWord() {
        one.apply(List.of(spec().priority(200).noPreempt().v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().priority(100).noPreempt().v3(TENTH).build())).join();
        await().until(() -> status(two).advertsReceived() > 0);

        stallUntil(one, () -> status(two).state() == VrrpState.MASTER && net.hasAddress(12, VIP));
        long heardByTwo = status(two).advertsReceived();

        awaitState(one, VrrpState.BACKUP);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(first.transitions.getLast().reason()).isEqualTo(TransitionReason.STALLED);
        await().during(Duration.ofMillis(600)).until(() -> status(one).state() == VrrpState.BACKUP);
        assertThat(status(two))
                .returns(VrrpState.MASTER, InstanceStatus::state)
                .returns(heardByTwo, InstanceStatus::advertsReceived);
        assertThat(second.transitions).hasSize(2);
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void aBackupThatSleptHearsTheMasterBeforeItJudges() {
        one.apply(List.of(spec().priority(200).v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().priority(100).v3(TENTH).build())).join();
        await().until(() -> status(two).advertsReceived() > 0);
        long sent = status(one).advertsSent();
        stallUntil(two, () -> status(one).advertsSent() > sent + 8);
        await().during(Duration.ofMillis(600)).until(() -> status(two).state() == VrrpState.BACKUP);
        assertThat(second.transitions).hasSize(1);
    }

    @Test
    void anAddressThatExpiredInAShortStallIsPutBackAndItIsSaidWhy() {
        one.apply(List.of(spec().v3(Duration.ofSeconds(1))
                        .vipLifetime(Duration.ofSeconds(1))
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        stallUntil(one, () -> !net.hasAddress(11, VIP));
        await().atMost(Duration.ofSeconds(2)).until(() -> net.hasAddress(11, VIP));
        assertThat(first.transitions).hasSize(2);
        assertThat(first.troubles).singleElement().asString().contains("expired on eth0 while MASTER");
    }

    @Test
    void aStoppedProcessThatGoesOnListensFirst() throws IOException {
        Path log = folder.resolve("log");
        one.close();
        Process stopped = EngineProcess.start(net, 11, log, 200, 100);
        await().atMost(Duration.ofSeconds(20)).until(() -> net.hasAddress(11, VIP));
        two.apply(List.of(spec().priority(100).v3(TENTH).build())).join();
        await().until(() -> status(two).advertsReceived() > 0);
        TestNet.run("kill -STOP " + stopped.pid());
        awaitState(two, VrrpState.MASTER);
        await().until(() -> !net.hasAddress(11, VIP));
        TestNet.run("kill -CONT " + stopped.pid());
        await().until(() -> Files.readString(log).contains("reason=STALLED"));
        // Then it preempts, as it is told to: its first word is that of a new MASTER.
        awaitState(two, VrrpState.BACKUP);
        await().until(() -> Files.readString(log).contains("reason=PREEMPTED_LOWER_PRIORITY"));
        assertThat(second.transitions.getLast().reason()).isEqualTo(TransitionReason.HIGHER_PRIORITY);
    }
}
