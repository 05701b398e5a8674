package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.SwarmAdministration;

/** Carries out {@link OldEntriesPolicy}. */
final class OldEntriesKeeper implements Keeper {

    private final SwarmAdministration administration;
    private final RedundancyKeeper redundancy;
    private final Repairs repairs;
    private boolean pausing;
    private long pauseEnd;

    /** @param redundancy watches the same nodes, and is asked before this one */
    OldEntriesKeeper(SwarmAdministration administration, RedundancyKeeper redundancy, Repairs repairs) {
        this.administration = administration;
        this.redundancy = redundancy;
        this.repairs = repairs;
    }

    @Override
    public KeepTask task() {
        return KeepTask.OLD_ENTRIES;
    }

    @Override
    public KeepPlan plan(Caretaker.Round round, ManagersConfig config) {
        pausing = pausing && pauseEnd - round.nowNanos() > 0;
        KeepPlan plan = OldEntriesPolicy.decide(redundancy.inputs(round, config));
        if (plan == null) {
            return new KeepPlan.Nothing(KeepReason.AS_IT_SHOULD_BE, "");
        }
        return plan instanceof KeepPlan.Act && pausing
                ? new KeepPlan.Wait(KeepReason.BACKOFF, plan.explanation(), pauseEnd)
                : plan;
    }

    @Override
    public void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig config) {
        boolean agreed = repairs.perform(
                act,
                () -> act.action() == KeepAction.REMOVE
                        ? administration.removeNode(act.subject(), false)
                        : administration.setRole(act.subject(), "worker"));
        if (!agreed) {
            pausing = true;
            pauseEnd = repairs.nanos() + RedundancyKeeper.PAUSE.toNanos();
        }
    }
}
