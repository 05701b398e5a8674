package dev.holdfast.swarm.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;

/** Who is promised what. */
class PromiseBookTest {

    private static final View ALONE = new View(SwarmState.NO_LEADER, "", "c", Lineage.NONE);

    private PromiseBook book = PromiseBook.fresh("me");

    private static PeerRequest.Promise ask(String who, long epoch) {
        return ask(who, epoch, 0, "c", Lineage.NONE);
    }

    private static PeerRequest.Promise ask(String who, long epoch, long called, String cluster, Lineage lineage) {
        return new PeerRequest.Promise(who, epoch, called, who + "-node", cluster, lineage, 3);
    }

    private @Nullable HealRefusal answer(PeerRequest.Promise ask, View view) {
        PromiseBook.Answer answer = book.answer(ask.identity(), ask, view);
        book = answer.book();
        return answer.refusal();
    }

    private @Nullable HealRefusal answer(PeerRequest.Promise ask) {
        return answer(ask, ALONE);
    }

    private List<Long> epochs() {
        return book.grants().stream().map(Grant::epoch).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "HAS_LEADER, PEER_SEES_LEADER",
        "ELECTING, PEER_NOT_SURE",
        "STARTING, PEER_NOT_SURE",
        "NO_LEADER, ",
        "WORKER, ",
        "INACTIVE, ",
        "DOCKER_DOWN, ",
        "LOCKED, ",
        "BROKEN, "
    })
    void whoeverMayHaveALeaderDoesNotPromise(SwarmState state, @Nullable HealRefusal refusal) {
        assertThat(answer(ask("a", 1), new View(state, "", "c", Lineage.NONE))).isEqualTo(refusal);
        assertThat(book.grants()).hasSize(refusal == null ? 1 : 0);
    }

    @ParameterizedTest
    @NullSource
    @EnumSource(names = {"HAS_LEADER", "ELECTING"})
    void whatItDidNotLookAtLatelyItIsNotSureOf(@Nullable SwarmState state) {
        View elsewhere = new View(state, "", "other", new Lineage(0, 9));
        View unknown = new View(state, "", "", Lineage.NONE);
        assertThat(answer(ask("a", 1), unknown)).isNotNull();
        // The leader of another cluster has nothing to do with it.
        assertThat(answer(ask("a", 1), elsewhere)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // own state, own epoch and index, asked epoch and index, stale?
        "NO_LEADER, 1, 5, 1, 5, false",
        "NO_LEADER, 1, 6, 1, 5, true",
        "NO_LEADER, 1, 5, 2, 0, false",
        "NO_LEADER, 2, 0, 1, 5, true",
        "DOCKER_DOWN, 1, 6, 1, 5, false",
        "DOCKER_DOWN, 2, 0, 1, 5, true",
        "WORKER, 0, 0, 0, 0, false"
    })
    void anOlderCopyThanItsOwnIsNotPromised(
            SwarmState state, long epoch, long index, long askedEpoch, long askedIndex, boolean stale) {
        View own = new View(state, "", "c", new Lineage(epoch, index));
        PeerRequest.Promise ask = ask("a", 9, 0, "c", new Lineage(askedEpoch, askedIndex));
        assertThat(answer(ask, own)).isEqualTo(stale ? HealRefusal.STALE_COPY : null);
    }

    @Test
    void aSecondHolderWaitsForTheFirst() {
        assertThat(answer(ask("a", 1))).isNull();
        PromiseBook.Answer second = book.answer("b", ask("b", 2), ALONE);
        assertThat(second.refusal()).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
        assertThat(second.detail()).contains("epoch 1").contains("a");

        book = book.released("a", 0, 1);
        assertThat(answer(ask("b", 2))).isNull();
    }

    @Test
    void aCopyThatComesFromThatForceNeedNotWait() {
        answer(ask("a", 3));
        assertThat(answer(ask("b", 4, 0, "c", new Lineage(2, 9)))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
        assertThat(answer(ask("b", 5, 0, "c", new Lineage(3, 0)))).isNull();
        // And it is a fact now that the force has happened.
        assertThat(answer(ask("d", 6, 0, "c", new Lineage(2, 9)))).isEqualTo(HealRefusal.STALE_COPY);
    }

    @Test
    void theSameRequestIsAnsweredTheSameAgainAndAnotherOfItsEpochIsNot() {
        assertThat(answer(ask("a", 2))).isNull();
        PromiseBook once = book;
        assertThat(answer(ask("a", 2))).isNull();
        assertThat(book).isEqualTo(once);
        assertThat(answer(ask("b", 2, 0, "other", Lineage.NONE))).isEqualTo(HealRefusal.EPOCH_PASSED);
    }

    @Test
    void aReleasedEpochIsNeverPromisedAgain() {
        answer(ask("a", 2));
        book = book.released("a", 0, 2);
        assertThat(answer(ask("a", 2))).isEqualTo(HealRefusal.EPOCH_PASSED);
        assertThat(PromiseBook.fresh("x")
                        .released("a", 0, 2)
                        .answer("a", ask("a", 2), ALONE)
                        .refusal())
                .as("the release came before the request")
                .isEqualTo(HealRefusal.EPOCH_PASSED);
    }

    @Test
    void theNextRequestReleasesWhatTheHolderDidNotCall() {
        answer(ask("a", 1));
        answer(ask("a", 2));
        assertThat(epochs()).containsExactly(2L);
        answer(ask("a", 3, 2, "c", Lineage.NONE));
        assertThat(epochs()).as("2 was called").containsExactly(2L, 3L);
        answer(ask("a", 4, 3, "c", Lineage.NONE));
        assertThat(epochs()).as("of what was called the last says it all").containsExactly(3L, 4L);
        book = book.released("a", 3, 4);
        assertThat(answer(ask("b", 5))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
    }

    @Test
    void aHolderThatLostItsBookCannotReleaseWhatItForgot() {
        answer(new PeerRequest.Promise("a-before", 5, 0, "a-node", "c", Lineage.NONE, 3));
        PeerRequest.Promise again = new PeerRequest.Promise("a-after", 6, 0, "a-node", "c", Lineage.NONE, 3);
        assertThat(answer(again)).as("the very node that may have been forced").isNull();
        book = book.released("a-after", 0, 6);
        assertThat(epochs()).containsExactly(5L);
    }

    @Test
    void clustersDoNotConcernEachOtherUnlessOneIsNotKnown() {
        book = book.learned("old", 7);
        answer(ask("a", 8, 0, "old", new Lineage(7, 0)));
        assertThat(answer(ask("b", 9))).isNull();
        assertThat(answer(ask("d", 10, 0, "", Lineage.NONE), new View(SwarmState.NO_LEADER, "", "", Lineage.NONE)))
                .isEqualTo(HealRefusal.STALE_COPY);
        assertThat(answer(ask("d", 11, 0, "", new Lineage(7, 0)))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
    }

    @Test
    void itsOwnEpochIsItsToCallOnceUntilItGivesItUpOrASecondForceIsKnown() {
        answer(ask("me", 1));
        assertThat(book.holds(1, "me-node")).isTrue();
        assertThat(book.holds(1, "other-node")).isFalse();
        assertThat(book.abandoned().holds(1, "me-node")).isFalse();
        assertThat(book.learned("c", 2).holds(1, "me-node")).isFalse();
        assertThat(book.called(1, "me-node").holds(1, "me-node")).isFalse();
        // What was called is never given up.
        assertThat(book.called(1, "me-node").abandoned().grants()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.called(1, "me-node").called(1, "me-node"))
                .withMessageContaining("does not follow");
    }

    @Test
    void aBookOutOfOrderIsNone() {
        for (long[] n : new long[][] {{0, 1, 0}, {1, 0, 1}, {-1, 0, 0}, {1, 1, -1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new PromiseBook("x", n[0], n[1], n[2], "", List.of(), new TreeMap<>()))
                    .withMessageContaining("out of order");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new PromiseBook("x", 1, 0, 0, "", List.of(new Grant(2, "a", "a", "n", "c")), new TreeMap<>()))
                .withMessageContaining("epoch 2");
    }

    @Test
    void requestsOutOfRangeAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> ask("a", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ask("a", PeerRequest.Promise.MAX_EPOCH + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ask("a", 3, 3, "c", Lineage.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> ask("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ask("a", 1, 0, "c".repeat(400), Lineage.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> new PeerRequest.Release("a", 2, 1));
    }
}
