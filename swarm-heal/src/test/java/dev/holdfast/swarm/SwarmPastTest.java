package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that was once in a Swarm must never be taken for a fresh one. */
class SwarmPastTest {
    @TempDir
    Path folder;

    private static SwarmSnapshot seen(SwarmState state, String nodeId) {
        return new SwarmSnapshot(state, "", null, nodeId, "", List.of(), List.of(), null, 1);
    }

    @Test
    void aFreshHostWasNeverInASwarm() {
        SwarmPast past = new SwarmPast(StateStore.in(folder));
        past.note(seen(SwarmState.DOCKER_DOWN, ""));
        past.note(seen(SwarmState.INACTIVE, ""));
        assertThat(past.ever()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whoeverWasStaysSoAfterARestart() {
        SwarmPast past = new SwarmPast(StateStore.in(folder));
        past.note(seen(SwarmState.WORKER, "w1"));
        past.note(seen(SwarmState.INACTIVE, ""));
        assertThat(past.ever()).isTrue();
        assertThat(new SwarmPast(StateStore.in(folder)).ever()).isTrue();
    }

    @Test
    void aLockedEngineHasNoNodeIdButASwarm() {
        SwarmPast past = new SwarmPast(StateStore.in(folder));
        past.note(seen(SwarmState.LOCKED, ""));
        assertThat(new SwarmPast(StateStore.in(folder)).ever()).isTrue();
    }

    @Test
    void managersKnownToAnOlderAgentAreProofToo() throws Exception {
        Files.writeString(folder.resolve(KnownManagers.FILE), "{}");
        assertThat(new SwarmPast(StateStore.in(folder)).ever()).isTrue();
    }

    @Test
    void aStateDirThatCantBeWrittenIsNoReasonToForget() throws Exception {
        SwarmPast past = new SwarmPast(StateStore.in(Files.writeString(folder.resolve("no-folder"), "")));
        past.note(seen(SwarmState.HAS_LEADER, "m1"));
        assertThat(past.ever()).isTrue();
    }
}
