package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the managers of a Swarm: asks each {@link Keeper} in turn, says what has changed, and lets at most one of them act in a
 * round, so that the next one decides on what is then seen.
 */
public final class Keepers implements Caretaker, PeerAnswers, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final SwarmAdministration administration;
    private final HealClock clock;
    private final Repairs repairs;
    private final List<Keeper> keepers;
    private final EnumMap<KeepTask, KeepPlan> plans = new EnumMap<>(KeepTask.class);
    private final KeeperAnswers answers;
    private final BootstrapKeeper bootstrap;
    private volatile ManagersConfig config;
    private volatile SwarmConfig swarm;
    private volatile ManagersStatus status;

    /**
     * Keepers that do nothing until they are called.
     *
     * @param stateDir for what must outlive the process; made if it does not exist
     */
    public Keepers(ManagersConfig config, SwarmConfig swarm, KeeperPorts ports, Path stateDir) {
        this.config = config;
        this.swarm = swarm;
        this.administration = ports.administration();
        this.clock = ports.clock();
        this.repairs = new Repairs(stateDir, clock);
        this.answers = new KeeperAnswers(ports, stateDir);
        RedundancyKeeper redundancy = new RedundancyKeeper(administration, ports.peers(), repairs);
        this.bootstrap = new BootstrapKeeper(ports, stateDir, repairs, address -> advertise(address, ports));
        this.keepers = List.of(
                new UnlockKeeper(stateDir, administration, repairs),
                new RejoinKeeper(ports, stateDir, repairs, address -> advertise(address, ports)),
                bootstrap,
                redundancy,
                new OldEntriesKeeper(administration, redundancy, repairs));
        this.status = describe(config);
    }

    private AdvertiseAddress advertise(String nodeAddress, KeeperPorts ports) {
        SwarmConfig now = swarm;
        return AdvertiseAddress.choose(
                now.advertiseAddress(), nodeAddress, ports.addresses().current(), now.vips());
    }

    /** Takes a new configuration from the next round on. */
    public void reconfigure(ManagersConfig changed, SwarmConfig changedSwarm) {
        config = changed;
        swarm = changedSwarm;
    }

    @Override
    public PeerReply answer(String from, PeerRequest request) {
        boolean fresh = request instanceof PeerRequest.Bootstrap
                || (request instanceof PeerRequest.Tokens(String _, String former) && former.isEmpty());
        return fresh ? bootstrap.answer(from, request) : answers.answer(from, request);
    }

    /** {@return the state of things after the latest round} */
    public ManagersStatus status() {
        return status;
    }

    @Override
    public void attend(Round round) {
        ManagersConfig now = config;
        answers.looked(round.snapshot());
        boolean acted = false;
        for (Keeper keeper : keepers) {
            KeepPlan plan = keeper.plan(round, now);
            conclude(keeper.task(), plan);
            if (plan instanceof KeepPlan.Act act && !act.onlySaid() && !acted) {
                status = describe(now);
                keeper.act(act, round, now);
                acted = true;
            }
        }
        status = describe(now);
    }

    private void conclude(KeepTask task, KeepPlan plan) {
        KeepPlan before = plans.put(task, plan);
        if (before != null && plan.sameAs(before)) {
            return;
        }
        switch (plan) {
            case KeepPlan.Nothing(KeepReason reason, String detail) -> {
                // A keeper that was never needed has nothing to say.
                if (before != null && !(before instanceof KeepPlan.Nothing)) {
                    LOG.info("Swarm, {}: {} {} [{}]", task.label(), reason.text(), detail, reason.label());
                }
            }
            case KeepPlan.Wait _ ->
                LOG.info("Swarm, {}: wait: {} [{}]", task.label(), plan.explanation(), plan.reasonLabel());
            case KeepPlan.Refuse _ ->
                LOG.warn("Swarm, {}: refuse: {} [{}]", task.label(), plan.explanation(), plan.reasonLabel());
            case KeepPlan.Act act -> {
                if (act.onlySaid()) {
                    LOG.warn(
                            "Swarm, {}: {}: {} [{}]",
                            task.label(),
                            plan.kind(),
                            plan.explanation(),
                            plan.reasonLabel());
                }
            }
        }
    }

    private ManagersStatus describe(ManagersConfig now) {
        List<ManagersStatus.Task> tasks = new ArrayList<>();
        plans.forEach((task, plan) -> tasks.add(new ManagersStatus.Task(
                task,
                plan.kind(),
                plan.reasonLabel(),
                plan.explanation(),
                plan instanceof KeepPlan.Wait wait ? wall(wait.untilNanos()) : null)));
        return new ManagersStatus(now.mode(), now.mode() == KeepMode.OFF ? 0 : now.target(), tasks, repairs.counts());
    }

    private Instant wall(long nanos) {
        return clock.now().plusNanos(nanos - clock.nanos());
    }

    @Override
    public void close() {
        administration.close();
    }
}
