package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges the claims that others make to an instance's addresses while it is MASTER (RFC 5227 section 2.4). In a take-over
 * two hosts claim them for a moment, so one claim says nothing: it is a conflict when the claims go on for longer than the
 * protocol leaves two MASTERs side by side. It is over when none has come for some probes. Pure; times in nanoseconds.
 */
final class ConflictWatch {
    /** Between two probes for another holder. */
    static final long PROBE_NANOS = 3_000_000_000L;

    /** No claim for so long, although each probe asks for one: the other is gone. */
    static final long QUIET_NANOS = 3 * PROBE_NANOS + PROBE_NANOS / 2;

    /** After so many advertisement intervals two routers that hear each other have settled who is MASTER. */
    private static final int SETTLING_ADVERTS = 3;

    /** So long at least: a host that hands over goes on answering for a moment beside its successor. */
    private static final long SETTLING_NANOS = 1_000_000_000L;

    private static final class Claims {
        private final long firstNanos;
        private final Instant since;
        private long lastNanos;
        private long mac;
        private @Nullable VipConflict conflict;

        Claims(long now, long mac) {
            this.firstNanos = now;
            this.lastNanos = now;
            this.mac = mac;
            this.since = Instant.now();
        }
    }

    private final Map<IpAddress, Claims> claims = new HashMap<>();
    private long count;

    /**
     * Another host claimed an address.
     *
     * @param mac its Ethernet address in the lower 48 bits
     * @param macText the same for people
     * @param intervalNanos the instance's advertisement interval
     * @return the conflict, if this claim makes it one that was not known
     */
    @Nullable
    VipConflict claimed(long now, IpAddress address, long mac, String macText, long intervalNanos) {
        Claims known = claims.get(address);
        if (known == null || now - known.lastNanos > QUIET_NANOS) {
            claims.put(address, new Claims(now, mac));
            return null;
        }
        known.lastNanos = now;
        boolean another = known.mac != mac;
        known.mac = mac;
        boolean lasts = now - known.firstNanos > Math.max(SETTLING_ADVERTS * intervalNanos, SETTLING_NANOS);
        if (!lasts || (known.conflict != null && !another)) {
            return null;
        }
        VipConflict conflict = new VipConflict(address, macText, known.since);
        known.conflict = conflict;
        count++;
        return conflict;
    }

    /** Whether a claim to the address has been heard of late. */
    boolean isClaimed(long now, IpAddress address) {
        Claims known = claims.get(address);
        return known != null && now - known.lastNanos <= QUIET_NANOS;
    }

    /** Whether there is a conflict now. */
    boolean isOpen() {
        for (Claims known : claims.values()) {
            if (known.conflict != null) {
                return true;
            }
        }
        return false;
    }

    /** The conflicts that have ended since the last call. */
    List<VipConflict> ended(long now) {
        List<VipConflict> over = new ArrayList<>();
        claims.values().removeIf(known -> {
            boolean quiet = now - known.lastNanos > QUIET_NANOS;
            if (quiet && known.conflict != null) {
                over.add(known.conflict);
            }
            return quiet;
        });
        return over;
    }

    /** Forgets every claim, for the role is gone; gives the conflicts that end with it. */
    List<VipConflict> leave() {
        List<VipConflict> over = current();
        claims.clear();
        return over;
    }

    /** Those that go on. */
    List<VipConflict> current() {
        List<VipConflict> current = new ArrayList<>();
        for (Claims known : claims.values()) {
            if (known.conflict != null) {
                current.add(known.conflict);
            }
        }
        return current;
    }

    /** How many were found so far. */
    long count() {
        return count;
    }
}
