package dev.holdfast.swarm.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The book on its disk. */
class PromiseDeskTest {

    private static final View ALONE = new View(SwarmState.NO_LEADER, "own", "c", Lineage.NONE);
    private static final Candidate COPY = new Candidate("node", "c", Lineage.NONE, Membership.UNKNOWN);

    @TempDir
    Path directory;

    private PromiseDesk desk() {
        return new PromiseDesk(BookStore.in(directory), HealClock.system());
    }

    private static PeerRequest.Promise ask(String who, long epoch) {
        return new PeerRequest.Promise(who, epoch, 0, who + "-node", "c", Lineage.NONE, 3);
    }

    private static PromiseBook full() {
        return new PromiseBook(
                "me",
                9,
                6,
                4,
                "n",
                List.of(new Grant(4, "me", "this agent", "n", "c"), new Grant(9, "b", "Zürich", "m", "")),
                new TreeMap<>(Map.of("c", 3L, "d", 1L)));
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        assertThat(BookFormat.read(BookFormat.write(full()))).isEqualTo(full());
        PromiseBook fresh = PromiseBook.fresh("x");
        assertThat(BookFormat.read(BookFormat.write(fresh))).isEqualTo(fresh);
    }

    @Test
    void whatIsCutOffOrChangedAnywhereIsNoBook() {
        byte[] whole = BookFormat.write(full());
        for (int i = 0; i < whole.length; i++) {
            byte[] cut = Arrays.copyOf(whole, i);
            assertThatIOException().as("cut at %d", i).isThrownBy(() -> BookFormat.read(cut));
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            assertThatIOException().as("changed at %d", i).isThrownBy(() -> BookFormat.read(changed));
        }
    }

    @Test
    void aPromiseOutlivesTheProcess() {
        assertThat(desk().answer("a", ask("a", 1), ALONE, 3)).isEqualTo(new PeerReply.Promised(1, "own", false));
        assertThat(desk().answer("b", ask("b", 2), ALONE, 3))
                .isInstanceOfSatisfying(
                        PeerReply.NotPromised.class,
                        no -> assertThat(no.reason()).isEqualTo(HealRefusal.PROMISE_OUTSTANDING.label()));
        assertThat(desk().release(new PeerRequest.Release("a", 0, 1))).isEqualTo(new PeerReply.Done(""));
        assertThat(desk().answer("b", ask("b", 2), ALONE, 3)).isEqualTo(new PeerReply.Promised(2, "own", false));
    }

    @Test
    void aCallOutlivesTheProcessAndIsNotGivenUp() {
        PromiseDesk before = desk();
        assertThat(before.propose(COPY, ALONE, 3).refusal()).isNull();
        assertThat(before.begin(1, "node")).isNull();
        assertThat(before.begin(1, "node")).isEqualTo(HealRefusal.EPOCH_PASSED);
        PromiseDesk after = desk();
        assertThat(after.called()).isEqualTo(new PromiseDesk.Called(1, "node"));
        assertThat(after.abandon()).isNull();
        assertThat(after.answer("a", ask("a", 2), ALONE, 3)).isInstanceOf(PeerReply.NotPromised.class);
    }

    @Test
    void whatWasOnlyAskedForIsGivenUpAfterARestart() {
        PromiseDesk before = desk();
        before.propose(COPY, ALONE, 3);
        PeerRequest.Release release = desk().abandon();
        assertThat(release).isNotNull();
        assertThat(release.after()).isZero();
        assertThat(release.through()).isEqualTo(1);
        PromiseDesk after = desk();
        assertThat(after.abandon()).as("and told again after the next").isEqualTo(release);
        assertThat(after.begin(1, "node")).isEqualTo(HealRefusal.EPOCH_PASSED);
        assertThat(after.answer("a", ask("a", 2), ALONE, 3)).isEqualTo(new PeerReply.Promised(2, "own", false));
    }

    @Test
    void anUnreadableBookPromisesAndForcesNothing() throws IOException {
        Path file = directory.resolve(BookStore.FILE);
        desk().answer("a", ask("a", 1), ALONE, 3);
        Files.writeString(file, Files.readString(file).replace("\"a\"", "\"b\""));
        PromiseDesk desk = desk();
        byte[] before = Files.readAllBytes(file);
        String label = HealRefusal.PROMISES_UNREADABLE.label();
        assertThat(desk.unreadable()).contains("checksum");
        assertThat(desk.answer("b", ask("b", 2), ALONE, 3))
                .isEqualTo(new PeerReply.NotPromised(label, desk.unreadable(), 0));
        assertThat(desk.release(new PeerRequest.Release("a", 0, 1)))
                .isEqualTo(new PeerReply.Refused(label, desk.unreadable()));
        assertThat(desk.propose(COPY, ALONE, 3).refusal()).isEqualTo(HealRefusal.PROMISES_UNREADABLE);
        assertThat(desk.begin(1, "node")).isEqualTo(HealRefusal.PROMISES_UNREADABLE);
        assertThat(desk.abandon()).isNull();
        desk.learned("c", 3);
        desk.heardOf(3);
        assertThat(Files.readAllBytes(file)).as("left for people to look at").isEqualTo(before);
    }

    @Test
    void whatCannotBeWrittenIsNotPromised() throws IOException {
        Path file = Files.writeString(directory.resolve("no-directory"), "");
        PromiseDesk desk = new PromiseDesk(BookStore.in(file), HealClock.system());
        // On Linux such a file cannot even be read, which is no answer either.
        assertThat(desk.answer("a", ask("a", 1), ALONE, 3)).isInstanceOf(PeerReply.NotPromised.class);

        PromiseDesk full = new PromiseDesk(new FullDisk(), HealClock.system());
        String label = HealRefusal.STATE_NOT_SAVED.label();
        assertThat(full.answer("a", ask("a", 1), ALONE, 3))
                .isEqualTo(new PeerReply.NotPromised(label, BookStore.FILE, 0));
        assertThat(full.release(new PeerRequest.Release("a", 0, 1)))
                .isEqualTo(new PeerReply.Refused(label, BookStore.FILE));
        assertThat(full.propose(COPY, ALONE, 3).refusal()).isEqualTo(HealRefusal.STATE_NOT_SAVED);
        assertThat(full.beginUnpromised("node")).isFalse();
    }

    private static final class FullDisk implements BookStore {
        @Override
        public byte[] read() {
            return BookFormat.write(PromiseBook.fresh("me"));
        }

        @Override
        public void replace(byte[] content) throws IOException {
            throw new IOException("no space left");
        }
    }

    @Test
    void agentsThatDifferInWhoTheyArePromiseNothing() {
        PromiseDesk desk = desk();
        PeerReply reply = desk.answer("a", ask("a", 1), ALONE, 5);
        assertThat(reply)
                .isEqualTo(new PeerReply.NotPromised(
                        HealRefusal.PEERS_DIFFER.label(), "3 agents are configured there and 5 here", 0));
        PeerRequest.Promise own = desk.propose(COPY, ALONE, 3).request();
        assertThat(own).isNotNull();
        assertThat(desk.answer("clone", own, ALONE, 3))
                .isInstanceOfSatisfying(
                        PeerReply.NotPromised.class,
                        no -> assertThat(no.detail()).contains("copy"));
        assertThat(desk.release(new PeerRequest.Release(own.identity(), 0, 1))).isInstanceOf(PeerReply.Refused.class);
        assertThat(desk.begin(own.epoch(), "node")).isNull();
    }

    @Test
    void twoBooksAreNeverTheSame() {
        PeerRequest.Promise first = desk().propose(COPY, ALONE, 3).request();
        PeerRequest.Promise other = new PromiseDesk(new MemoryStore(), HealClock.system())
                .propose(COPY, ALONE, 3)
                .request();
        assertThat(first).isNotNull();
        assertThat(other).isNotNull();
        assertThat(first.identity()).isNotEqualTo(other.identity());
    }

    @Test
    void whereNoPromisesAreNeededAForceStillHasANumberOfItsOwn() {
        PromiseDesk desk = desk();
        desk.answer("a", ask("a", 4), ALONE, 3);
        assertThat(desk.promisedTo(Duration.ofMinutes(10))).isEqualTo("a");
        assertThat(desk.promisedTo(Duration.ZERO)).isEmpty();
        assertThat(desk.beginUnpromised("node")).isTrue();
        assertThat(desk().called()).isEqualTo(new PromiseDesk.Called(5, "node"));
        assertThat(desk().promisedTo(Duration.ofMinutes(10)))
                .as("it may be as young as this run")
                .isEqualTo("a");
    }
}
