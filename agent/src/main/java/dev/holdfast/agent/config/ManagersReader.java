package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.managers.KeepMode;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.swarm.managers.RejoinMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@code swarm} says about the managers, about the first Swarm, and the key that opens a locked one. */
final class ManagersReader {
    private static final String TARGET = "1, 3, 5 or 7";
    private static final String SOURCE_FORM = "one of file and credential";
    private static final String KEY_FORM = "what docker swarm unlock-key -q prints: SWMKEY-1-...";
    private static final Pattern KEY = Pattern.compile("SWMKEY-1-[A-Za-z0-9+/=]{20,200}");
    private static final Duration DAY = Duration.ofDays(1);

    private final Report report;
    private final KeyStore store;
    private final boolean keysElsewhere;

    /** @param keysElsewhere a key that this process can't have is a warning, for the agent may */
    ManagersReader(Report report, KeyStore store, boolean keysElsewhere) {
        this.report = report;
        this.store = store;
        this.keysElsewhere = keysElsewhere;
    }

    /** @param heal the section {@code swarm.heal}, of which {@code rejoin} is read here */
    ManagersConfig read(Section swarm, Section heal) {
        ManagersConfig defaults = ManagersConfig.defaults();
        Section managers = swarm.section("managers");
        int target = managers.integer("target", 1, 7, defaults.target());
        if (target % 2 == 0) {
            report.fault(FaultReason.OUT_OF_RANGE, managers.path("target"), Integer.toString(target), TARGET);
            target = defaults.target();
        }
        KeepMode mode = managers.choice("mode", List.of(KeepMode.values()), defaults.mode());
        Duration deadAfter =
                managers.duration("dead-after", ManagersConfig.LEAST_DEAD_AFTER, DAY, defaults.deadAfter());
        managers.finish();
        RejoinMode rejoin = heal.choice("rejoin", List.of(RejoinMode.values()), defaults.rejoin());
        boolean bootstrap = swarm.bool("bootstrap", defaults.bootstrap());
        return new ManagersConfig(target, mode, deadAfter, rejoin, unlockKey(swarm), bootstrap);
    }

    private @Nullable Secret unlockKey(Section swarm) {
        boolean wanted = swarm.has("unlock-key");
        Section section = swarm.secretSection("unlock-key");
        Optional<String> file = section.scalar("file", KeyStore.FILE_FORM, text -> text);
        Optional<String> credential = section.scalar("credential", KeyStore.CREDENTIAL_FORM, text -> text);
        section.finish();
        if (!wanted) {
            return null;
        }
        if (file.isPresent() == credential.isPresent()) {
            report.fault(FaultReason.CONFLICT, section.path(), "", SOURCE_FORM);
            return null;
        }
        String key = section.path(file.isPresent() ? "file" : "credential");
        try {
            String text = file.isPresent() ? store.file(file.get()) : store.credential(credential.orElseThrow());
            if (KEY.matcher(text).matches()) {
                return new Secret(text);
            }
            report.fault(FaultReason.MALFORMED, key, "", KEY_FORM);
        } catch (KeyStore.UnreadableException e) {
            if (e.elsewhere() && keysElsewhere) {
                report.warn(
                        WarningReason.KEY_MISSING,
                        key,
                        e.what() + " can't be read here, and without it the agent does not start; accepted: "
                                + e.accepted());
            } else {
                report.fault(FaultReason.UNREADABLE, key, e.what(), e.accepted());
            }
        }
        return null;
    }
}
