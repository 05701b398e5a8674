package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MastershipTest {
    private final AtomicLong clock = new AtomicLong();
    private final List<String> heard = new ArrayList<>();
    private final Mastership mastership = new Mastership(clock::get);
    private final Mastership.Follower follower = new Mastership.Follower() {
        @Override
        public void masterSince(long nanos) {
            heard.add("MASTER since " + nanos);
        }

        @Override
        public void notMaster() {
            heard.add("not MASTER");
        }
    };

    @Test
    void masterOfAnyInstanceCountsFromTheFirstToTheLast() {
        mastership.follow(follower);
        enter(10, "VI_1", VrrpState.BACKUP);
        enter(20, "VI_1", VrrpState.MASTER);
        enter(30, "VI_2", VrrpState.MASTER);
        enter(40, "VI_1", VrrpState.FAULT);
        enter(50, "VI_2", VrrpState.BACKUP);
        enter(60, "VI_1", VrrpState.BACKUP);
        enter(70, "VI_1", VrrpState.MASTER);
        enter(80, "VI_1", VrrpState.INIT);
        assertThat(heard)
                .containsExactly("not MASTER", "MASTER since 20", "not MASTER", "MASTER since 70", "not MASTER");
    }

    @Test
    void aLateFollowerHearsSinceWhen() {
        enter(20, "VI_1", VrrpState.MASTER);
        clock.set(500);
        mastership.follow(follower);
        assertThat(heard).containsExactly("MASTER since 20");
    }

    @Test
    void whoNoLongerFollowsHearsNothing() {
        mastership.follow(follower);
        mastership.unfollow();
        enter(20, "VI_1", VrrpState.MASTER);
        assertThat(heard).containsExactly("not MASTER");
    }

    private void enter(long now, String instance, VrrpState state) {
        clock.set(now);
        mastership.entered(instance, state);
    }
}
