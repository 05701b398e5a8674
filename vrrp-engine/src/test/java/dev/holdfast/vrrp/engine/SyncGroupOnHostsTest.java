package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances on two links that move together, on hosts in network namespaces. */
@Timeout(120)
class SyncGroupOnHostsTest extends TwoEngines {
    private static final String OUTER = "10.77.0.100";
    private static final String INNER = "10.78.0.100";

    @Override
    void prepare(TestNet hosts) {
        hosts.addSecondLink(11, 12);
    }

    private static SpecBuilder outer(int priority) {
        return spec().name("outer").priority(priority).v3(TENTH);
    }

    private static SpecBuilder inner(int priority) {
        return outer(priority).name("inner").on("eth1").addresses("10.78.0.100/24");
    }

    private static SpecBuilder third(int priority) {
        return outer(priority).name("third").vrid(53).addresses("10.77.0.103/24");
    }

    private static EngineSpec grouped(SpecBuilder... members) {
        List<InstanceSpec> instances =
                Stream.of(members).map(SpecBuilder::build).toList();
        GroupSpec group =
                new GroupSpec("G1", instances.stream().map(InstanceSpec::name).toList());
        return new EngineSpec(instances, List.of(group), Duration.ZERO);
    }

    private void electFirst() {
        one.apply(grouped(outer(200), inner(200))).join();
        two.apply(grouped(outer(100), inner(100))).join();
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.BACKUP);
    }

    private static VrrpState groupState(VrrpEngine engine) {
        return engine.engineStatus().join().groups().getFirst().state();
    }

    private boolean holdsBoth(int host) {
        return net.hasAddress(host, OUTER) && net.hasAddress(host, INNER);
    }

    private boolean holdsNone(int host) {
        return !net.hasAddress(host, OUTER) && !net.hasAddress(host, INNER);
    }

    @Test
    void aLinkThatFailsMovesBothAddressesAndMendingGivesThemBack() {
        electFirst();
        assertThat(holdsBoth(11)).isTrue();
        assertThat(groupState(one)).isEqualTo(VrrpState.MASTER);
        assertThat(groupState(two)).isEqualTo(VrrpState.BACKUP);

        net.secondCarrier(11, false);
        awaitState(one, VrrpState.FAULT);
        awaitState(two, VrrpState.MASTER);
        assertThat(holdsNone(11)).isTrue();
        assertThat(holdsBoth(12)).isTrue();
        assertThat(first.transitions)
                .filteredOn(transition -> transition.to() == VrrpState.FAULT)
                .extracting(RecordingListener.Transition::instance, RecordingListener.Transition::reason)
                .containsExactly(
                        tuple("inner", TransitionReason.INTERFACE_DOWN), tuple("outer", TransitionReason.SYNC_GROUP));
        String why = "its sync group: (inner) interface eth1 has no carrier";
        assertThat(first.transitions).anyMatch(transition -> transition.detail().equals(why));
        assertThat(one.status().join())
                .filteredOn(status -> status.spec().name().equals("outer"))
                .singleElement()
                .satisfies(status -> assertThat(status.faults()).containsExactly(why));

        net.secondCarrier(11, true);
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.BACKUP);
        assertThat(holdsBoth(11)).isTrue();
        assertThat(holdsNone(12)).isTrue();
        await().untilAsserted(() -> assertThat(first.groups)
                .containsExactly("G1 BACKUP", "G1 MASTER", "G1 FAULT", "G1 BACKUP", "G1 MASTER"));
        assertThat(second.groups).containsExactly("G1 BACKUP", "G1 MASTER", "G1 BACKUP");
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void aSilentCutOfOneLinkTearsNothingApart() {
        electFirst();
        net.cutSecond(11, true);
        // Its inner member would take over by now; the outer one still hears the MASTER.
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(holdsNone(12)).isTrue();
        assertThat(holdsBoth(11)).isTrue();
        net.cut(11, true);
        awaitState(two, VrrpState.MASTER);
        assertThat(holdsBoth(12)).isTrue();
        net.cut(11, false);
        net.cutSecond(11, false);
        awaitState(two, VrrpState.BACKUP);
        assertThat(holdsNone(12)).isTrue();
        assertThat(holdsBoth(11)).isTrue();
    }

    @Test
    void aPlannedStopTellsEachInstanceAndTheGroupOnce() {
        electFirst();
        one.stop().join();
        awaitState(two, VrrpState.MASTER);
        assertThat(holdsBoth(12)).isTrue();
        assertThat(first.transitions)
                .extracting(RecordingListener.Transition::to)
                .endsWith(VrrpState.MASTER, VrrpState.MASTER, VrrpState.INIT, VrrpState.INIT);
        assertThat(first.groups).containsExactly("G1 BACKUP", "G1 MASTER", "G1 INIT");
    }

    @Test
    void aHandOverOfOneMemberHandsOverTheGroup() {
        electFirst();
        List<HandOverResult> results = one.handOver(Optional.of("inner")).join();
        assertThat(results)
                .extracting(HandOverResult::instance, HandOverResult::outcome)
                .containsExactly(
                        tuple("outer", HandOverResult.Outcome.HANDED_OVER),
                        tuple("inner", HandOverResult.Outcome.HANDED_OVER));
        assertThat(holdsNone(11)).isTrue();
        assertThat(holdsBoth(12)).isTrue();
        assertThat(groupState(two)).isEqualTo(VrrpState.MASTER);
        // Longer than it would take to preempt.
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(15))
                .until(() -> groupState(one) == VrrpState.BACKUP);
        assertThat(first.groups).containsExactly("G1 BACKUP", "G1 MASTER", "G1 BACKUP");
    }

    @Test
    void aMemberThatNobodyFollowsIsHandedOverWithTheOthers() {
        electFirst();
        // Its successor can't speak there; where nobody is heard, the address goes in the end all the same.
        net.cutSecond(12, true);
        assertThat(one.handOver(Optional.of("outer")).join())
                .extracting(HandOverResult::outcome)
                .containsExactly(HandOverResult.Outcome.HANDED_OVER, HandOverResult.Outcome.INTERRUPTED);
        assertThat(holdsNone(11)).isTrue();
        assertThat(holdsBoth(12)).isTrue();
        net.cutSecond(12, false);
        awaitState(one, VrrpState.BACKUP);
        assertThat(holdsNone(11)).isTrue();
    }

    @Test
    void aReloadAddsAndRemovesAMemberWithoutMovingTheOthers() {
        electFirst();
        int before = first.transitions.size();

        one.apply(grouped(outer(200), inner(200), third(200))).join();
        two.apply(grouped(outer(100), inner(100), third(100))).join();
        await().until(() -> net.hasAddress(11, "10.77.0.103"));
        assertThat(holdsBoth(11)).isTrue();
        assertThat(first.transitions.subList(before, first.transitions.size()))
                .extracting(RecordingListener.Transition::instance)
                .containsOnly("third");

        int grown = first.transitions.size();
        one.apply(grouped(outer(200), inner(200))).join();
        assertThat(net.hasAddress(11, "10.77.0.103")).isFalse();
        assertThat(holdsBoth(11)).isTrue();
        assertThat(first.transitions.subList(grown, first.transitions.size()))
                .extracting(RecordingListener.Transition::instance)
                .containsOnly("third");
        assertThat(groupState(one)).isEqualTo(VrrpState.MASTER);

        // The old members still are one.
        two.apply(grouped(outer(100), inner(100))).join();
        net.secondCarrier(11, false);
        awaitState(two, VrrpState.MASTER);
        assertThat(holdsNone(11)).isTrue();
    }

    @Test
    void aReloadThatDissolvesAGroupInFaultLetsTheWholeMemberGoOn() {
        electFirst();
        net.secondCarrier(11, false);
        awaitState(one, VrrpState.FAULT);
        one.apply(List.of(outer(200).build(), inner(200).build())).join();
        await().until(() -> one.status().join().getFirst().state() == VrrpState.MASTER);
        assertThat(one.status().join().getLast().state()).isEqualTo(VrrpState.FAULT);
        assertThat(first.groups.getLast()).isEqualTo("G1 INIT");
        assertThat(one.engineStatus().join().groups()).isEmpty();
    }

    @Test
    void aReloadThatFormsAGroupOfMastersDropsNothing() {
        one.apply(List.of(outer(200).build(), inner(200).build())).join();
        awaitState(one, VrrpState.MASTER);
        int before = first.transitions.size();
        one.apply(grouped(outer(200), inner(200))).join();
        assertThat(first.transitions).hasSize(before);
        assertThat(holdsBoth(11)).isTrue();
        assertThat(first.groups).containsExactly("G1 MASTER");
    }
}
