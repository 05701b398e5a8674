package dev.holdfast.agent;

import dev.holdfast.agent.status.Timeline;
import dev.holdfast.agent.track.SwarmLooks;
import dev.holdfast.swarm.ForceResult;
import dev.holdfast.swarm.HealListener;
import dev.holdfast.swarm.HealPlan;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmSnapshot;

/** Passes what healing sees on to the trackers, and what it makes of that to the timeline. */
final class SwarmTimeline implements HealListener {
    private final SwarmLooks looks;
    private final Timeline timeline;

    SwarmTimeline(SwarmLooks looks, Timeline timeline) {
        this.looks = looks;
        this.timeline = timeline;
    }

    @Override
    public void looked(SwarmHealer.Look look) {
        looks.looked(look.snapshot(), look.everInSwarm());
    }

    @Override
    public void stateChanged(SwarmSnapshot snapshot) {
        timeline.add(
                Timeline.Kind.SWARM,
                "",
                snapshot.state().name(),
                snapshot.fault() == null ? "" : snapshot.fault().label(),
                snapshot.detail());
    }

    @Override
    public void decided(HealPlan plan) {
        timeline.add(Timeline.Kind.HEALING, "", plan.kind(), plan.reasonLabel(), plan.explanation());
    }

    @Override
    public void forced(ForceResult result, String detail) {
        timeline.add(Timeline.Kind.HEALING, "", "forced", result.label(), detail);
    }
}
