package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out {@link RedundancyPolicy}. */
final class RedundancyKeeper implements Keeper {

    /** A node with which something went wrong is not promoted for that long, unless there is no other. */
    static final Duration PASSED_OVER = Duration.ofMinutes(10);

    /** After a call that the engine did not agree to. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final SwarmAdministration administration;
    private final Peers peers;
    private final Repairs repairs;
    private final Map<String, Long> passedOver = new HashMap<>();
    private NodeHistory history = NodeHistory.NONE;
    private boolean pausing;
    private long pauseEnd;

    RedundancyKeeper(SwarmAdministration administration, Peers peers, Repairs repairs) {
        this.administration = administration;
        this.peers = peers;
        this.repairs = repairs;
    }

    @Override
    public KeepTask task() {
        return KeepTask.MANAGERS;
    }

    @Override
    public KeepPlan plan(Caretaker.Round round, ManagersConfig config) {
        long now = round.nowNanos();
        // Also while not MASTER, so that a new MASTER knows for how long a manager has been gone.
        history = history.after(round.snapshot());
        passedOver.values().removeIf(until -> until - now <= 0);
        pausing = pausing && pauseEnd - now > 0;
        KeepPlan plan = RedundancyPolicy.decide(inputs(round, config));
        return plan instanceof KeepPlan.Act && pausing
                ? new KeepPlan.Wait(KeepReason.BACKOFF, plan.explanation(), pauseEnd)
                : plan;
    }

    @Override
    public void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig config) {
        boolean promotes = act.action() == KeepAction.PROMOTE;
        boolean agreed =
                repairs.perform(act, () -> administration.setRole(act.subject(), promotes ? "manager" : "worker"));
        long now = repairs.nanos();
        if (!agreed) {
            pausing = true;
            pauseEnd = now + PAUSE.toNanos();
        }
        if (!agreed || !promotes) {
            passedOver.put(act.subject(), now + PASSED_OVER.toNanos());
        }
    }

    RedundancyInputs inputs(Caretaker.Round round, ManagersConfig config) {
        Set<String> agentNodes = peers.heard().stream()
                .map(heard -> heard.report().nodeId())
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
        return new RedundancyInputs(
                config, round.master(), round.snapshot(), history, agentNodes, passedOver.keySet(), round.nowNanos());
    }
}
