package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumGateTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
    void theGateIsOpenIfAndOnlyIfNoQuorumLivesOrCanForm(int count) {
        List<Manager> all = Swarms.managers(count, 0);
        for (int others = 0; others < 1 << (count - 1); others++) {
            Map<Endpoint, Evidence.Sighting> sightings = new HashMap<>();
            for (int i = 2; i <= count; i++) {
                boolean alive = (others & 1 << (i - 2)) != 0;
                sightings.put(Swarms.endpoint(i), alive ? Evidence.Sighting.at(100) : Evidence.Sighting.NEVER);
            }
            int alive = Integer.bitCount(others);
            HealRefusal expected = 2 * alive > count
                    ? HealRefusal.QUORUM_WITHOUT_US
                    : 2 * (alive + 1) > count ? HealRefusal.QUORUM_STILL_POSSIBLE : null;
            assertThat(QuorumGate.check(
                                    Membership.of("m1", all, List.of()),
                                    new Evidence(100, sightings, List.of()),
                                    100,
                                    30)
                            .refusal())
                    .as("%d others of %d alive", alive, count)
                    .isEqualTo(expected);
        }
    }

    @Test
    void whicheverListIsTrueTheGateIsSafeForIt() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            List<Manager> pool = Swarms.managers(7, 0);
            List<Manager> byLeader = pick(pool, random);
            List<Manager> byEngine = pick(pool, random);
            Map<Endpoint, Evidence.Sighting> sightings = new HashMap<>();
            for (int i = 2; i <= 7; i++) {
                sightings.put(
                        Swarms.endpoint(i), random.nextBoolean() ? Evidence.Sighting.at(0) : Evidence.Sighting.NEVER);
            }
            QuorumGate.Verdict verdict = QuorumGate.check(
                    Membership.of("m1", byLeader, byEngine), new Evidence(0, sightings, List.of()), 0, 30);
            for (List<Manager> truth : List.of(byLeader, byEngine)) {
                long alive = truth.stream()
                        .filter(m -> m.id().equals("m1")
                                || sightings.get(m.endpoint()).everAnswered())
                        .count();
                if (truth.size() > 1 && 2 * alive > truth.size()) {
                    assertThat(verdict.refusal()).as("seed %d", seed).isNotNull();
                }
            }
        }
    }

    @Test
    void aListThatNamesOnlyThisNodeIsNoSwarmOfOne() {
        Membership membership = Membership.of("m1", Swarms.managers(2, 2), Swarms.managers(1, 0));
        assertThat(membership.views()).hasSize(1);
        assertThat(QuorumGate.check(
                                membership,
                                new Evidence(0, Map.of(Swarms.endpoint(2), Evidence.Sighting.NEVER), List.of()),
                                0,
                                30)
                        .refusal())
                .isNull();
    }

    @Test
    void anAddressThatOneListLacksComesFromTheOther() {
        Manager nameless = new Manager("m2", "", null, "", false);
        Membership membership = Membership.of("m1", List.of(Swarms.manager(1, false), nameless), Swarms.managers(2, 0));
        assertThat(membership.others()).extracting(Manager::endpoint).containsExactly(Swarms.endpoint(2));
    }

    /** m1 and some others. */
    private static List<Manager> pick(List<Manager> pool, Random random) {
        List<Manager> picked = new ArrayList<>();
        for (Manager m : pool) {
            if (m.id().equals("m1") || random.nextBoolean()) {
                picked.add(m);
            }
        }
        return picked;
    }
}
