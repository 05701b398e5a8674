package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmAdministration;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a locked Swarm with the configured key. */
final class UnlockKeeper implements Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final Path stateDir;
    private final SwarmAdministration administration;
    private final Repairs repairs;
    private @Nullable UnlockTries tries;
    private long lastNanos;

    UnlockKeeper(Path stateDir, SwarmAdministration administration, Repairs repairs) {
        this.stateDir = stateDir;
        this.administration = administration;
        this.repairs = repairs;
    }

    @Override
    public KeepTask task() {
        return KeepTask.UNLOCK;
    }

    @Override
    public KeepPlan plan(Caretaker.Round round, ManagersConfig config) {
        try {
            UnlockTries known = tries(round);
            if (known.count() > 0 && UnlockPolicy.isOpen(round.snapshot())) {
                keep(UnlockTries.NONE);
                known = UnlockTries.NONE;
            }
            Secret key = config.unlockKey();
            return UnlockPolicy.decide(new UnlockPolicy.Inputs(
                    round.snapshot(),
                    key != null,
                    key == null ? 0 : known.of(UnlockTries.fingerprint(key)),
                    lastNanos,
                    round.nowNanos()));
        } catch (IOException e) {
            return new KeepPlan.Refuse(KeepRefusal.STATE_NOT_SAVED, e.toString());
        }
    }

    @Override
    public void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig config) {
        Secret key = config.unlockKey();
        if (key == null) {
            return;
        }
        String fingerprint = UnlockTries.fingerprint(key);
        try {
            // Counted before it is made: a crash in between costs a try and never gives one away.
            keep(new UnlockTries(fingerprint, tries(round).of(fingerprint) + 1));
        } catch (IOException e) {
            LOG.error("Swarm: not unlocked, for the try can't be counted: {}", e.toString());
            return;
        }
        repairs.perform(act, () -> administration.unlock(key));
        lastNanos = repairs.nanos();
    }

    private UnlockTries tries(Caretaker.Round round) throws IOException {
        UnlockTries known = tries;
        if (known == null) {
            known = UnlockTries.read(stateDir);
            tries = known;
            // When the last try of an earlier run was is not known: as if just now.
            lastNanos = round.nowNanos();
        }
        return known;
    }

    private void keep(UnlockTries next) throws IOException {
        next.write(stateDir);
        tries = next;
    }
}
