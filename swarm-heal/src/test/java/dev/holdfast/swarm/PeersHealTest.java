package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.promise.BookStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Healing with other agents: what they see counts, the newest copy is forced, and with policy quorum most must agree. */
class PeersHealTest {

    @TempDir
    Path stateDir;

    /** A cluster whose nodes were last changed at this index of raft. */
    private static SwarmObservation hasLeader(int count, int leader, long index) {
        List<SwarmNode> nodes = Swarms.managers(count, leader).stream()
                .map(m -> new SwarmNode(m.id(), m.hostname(), "manager", "active", "ready", "", index, m))
                .toList();
        return new SwarmObservation(Swarms.hasLeader(count, leader).info(), new ApiReply.Ok<>(nodes));
    }

    private Agents agents(int count, HealMode mode) {
        Agents agents = new Agents(stateDir, count, mode);
        agents.allShow(Swarms.hasLeader(count, count));
        agents.runSeconds(30);
        agents.rig(1).healer.masterSince(agents.clock.nanos());
        return agents;
    }

    /** The last manager is gone, with its agent. */
    private static void lose(Agents agents, int... numbers) {
        for (int number : numbers) {
            agents.cutOff.add(agents.rig(number));
            agents.shows(number, Swarms.down());
        }
    }

    @Test
    void aManagerThatAnotherAgentReachesIsAlive() {
        Agents agents = agents(3, HealMode.GUARDED);
        agents.allShow(Swarms.noLeader(3));
        agents.rig(2).answering.add(Swarms.endpoint(3));
        agents.runSeconds(120);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("quorum-still-possible");
        agents.rig(2).answering.clear();
        agents.runSeconds(60);
        assertThat(agents.forces()).isEqualTo(1);
    }

    @Test
    void aLeaderThatAnotherAgentSeesIsEnough() {
        for (HealMode mode : List.of(HealMode.GUARDED, HealMode.QUORUM, HealMode.EAGER)) {
            Agents agents = new Agents(stateDir.resolve(mode.label()), 3, mode);
            agents.allShow(Swarms.hasLeader(3, 3));
            agents.runSeconds(30);
            agents.rig(1).healer.masterSince(agents.clock.nanos());
            agents.shows(1, Swarms.noLeader(3));
            agents.runSeconds(120);
            assertThat(agents.forces()).as("%s", mode).isZero();
            assertThat(agents.rig(1).healer.status().reason()).isEqualTo("peer-sees-leader");
            var order = agents.rig(1).healer.order();
            agents.rig(1).healer.step();
            assertThat(order.join().plan().reasonLabel()).isEqualTo("peer-sees-leader");
        }
    }

    @Test
    void theMasterForcesItselfWhereNobodysCopyIsNewer() {
        Agents agents = agents(3, HealMode.GUARDED);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(40);
        assertThat(agents.rig(1).forced).hasSize(1);
        assertThat(agents.rig(2).forced).isEmpty();
    }

    @Test
    void theMasterAsksTheAgentWithTheNewerCopy() {
        Agents agents = agents(3, HealMode.GUARDED);
        agents.shows(2, hasLeader(3, 3, 50));
        agents.runSeconds(15);
        assertThat(agents.rig(2).healer.lineage()).isEqualTo(new Lineage(0, 50));
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.rig(2).onForce = request -> {
            agents.shows(2, hasLeader(1, 1, 60));
            return new ApiReply.Ok<>("m2");
        };
        agents.runSeconds(20);
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("hold");
        agents.runSeconds(40);
        assertThat(agents.rig(2).forced).hasSize(1);
        assertThat(agents.rig(1).forced).isEmpty();
    }

    @Test
    void theNewerCopyIsWaitedForUntilItIsGone() {
        Agents agents = agents(3, HealMode.GUARDED);
        agents.shows(2, hasLeader(3, 3, 50));
        agents.runSeconds(15);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.electing(3));
        agents.runSeconds(120);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("better-candidate");
        lose(agents, 2);
        agents.runSeconds(25);
        assertThat(agents.forces()).isZero();
        agents.runSeconds(20);
        assertThat(agents.rig(1).forced).hasSize(1);
    }

    @Test
    void anAgentThatMayNotActDoesNotAgree() {
        Agents agents = agents(3, HealMode.GUARDED);
        agents.shows(2, hasLeader(3, 3, 50));
        agents.runSeconds(15);
        agents.rig(2).healer.reconfigure(Rig.config(HealMode.OBSERVE));
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(120);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("better-candidate");
        assertThat(agents.rig(1).healer.status().explanation()).contains("policy-observe");
    }

    @Test
    void aMandateEndsWithTheMaster() {
        Agents agents = agents(3, HealMode.GUARDED);
        agents.shows(2, hasLeader(3, 3, 50));
        agents.runSeconds(15);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(10);
        agents.rig(1).healer.notMaster();
        agents.runSeconds(300);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(2).healer.status().reason()).isEqualTo("not-master");
    }

    @Test
    void withPolicyQuorumAMajorityPromisesAndTheEpochIsOnDiskAndInTheCopy() {
        Agents agents = agents(3, HealMode.QUORUM);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(60);
        assertThat(agents.rig(1).forced).hasSize(1);
        assertThat(agents.rig(1).healer.lineage().epoch()).isEqualTo(1);
        assertThat(stateDir.resolve("a1").resolve(BookStore.FILE)).exists();
        assertThat(stateDir.resolve("a2").resolve(BookStore.FILE)).exists();
    }

    @Test
    void withPolicyQuorumAMinorityNeverForces() {
        Agents agents = agents(3, HealMode.QUORUM);
        lose(agents, 2, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.runSeconds(600);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("no-majority");
    }

    @Test
    void withPolicyQuorumTwoMastersDoNotBothForce() {
        Agents agents = agents(3, HealMode.QUORUM);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.rig(2).healer.masterSince(agents.clock.nanos());
        agents.runSeconds(600);
        assertThat(agents.forces()).isEqualTo(1);
    }

    @Test
    void withPolicyQuorumAPromiseThatWasNotUsedIsGivenBack() throws IOException {
        Agents agents = agents(3, HealMode.QUORUM);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        // The journal cannot be written: it stops after the promises are given.
        Path journal = stateDir.resolve("a1").resolve(HealJournal.FILE);
        Files.delete(journal);
        Files.createDirectories(journal.resolve("in-the-way"));
        agents.runSeconds(60);
        assertThat(agents.forces()).isZero();
        agents.rig(1).healer.notMaster();
        agents.runSeconds(30);
        agents.rig(2).healer.masterSince(agents.clock.nanos());
        agents.runSeconds(60);
        assertThat(agents.rig(2).forced).hasSize(1);
    }

    @Test
    void withPolicyQuorumABookThatCannotBeReadForbidsEveryForce() throws IOException {
        Files.createDirectories(stateDir.resolve("a1"));
        Files.writeString(stateDir.resolve("a1").resolve(BookStore.FILE), "nonsense");
        Agents agents = agents(3, HealMode.QUORUM);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(120);
        assertThat(agents.forces()).isZero();
        assertThat(agents.rig(1).healer.status().reason()).isEqualTo("promises-unreadable");
    }

    @Test
    void anAgentThatWasForcedIsTheNewestFromThenOn() {
        Agents agents = agents(3, HealMode.GUARDED);
        lose(agents, 3);
        agents.shows(1, Swarms.noLeader(3));
        agents.shows(2, Swarms.noLeader(3));
        agents.runSeconds(40);
        assertThat(agents.rig(1).forced).hasSize(1);
        assertThat(agents.rig(1).healer.lineage().epoch()).isEqualTo(1);
        // A member of the new cluster comes from that force; the old one that is MASTER now leaves it to that.
        assertThat(agents.rig(2).healer.lineage().epoch()).isZero();
        agents.shows(2, hasLeader(2, 1, 70));
        agents.runSeconds(20);
        assertThat(agents.rig(2).healer.lineage()).isEqualTo(new Lineage(1, 70));
    }
}
