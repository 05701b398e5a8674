package dev.holdfast.swarm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The force calls made so far, also by earlier runs of the agent, oldest first. Immutable.
 *
 * @param calls at most {@link #REMEMBERED}
 */
public record Attempts(List<Call> calls) {

    private static final int REMEMBERED = 100;

    /** None. */
    public static final Attempts NONE = new Attempts(List.of());

    /**
     * One force call.
     *
     * @param atNanos when it ended, on the healer's clock; when it began, if its end is unknown. May lie before the
     *     origin of the clock
     * @param result null if its end is unknown, because the agent died meanwhile: counts as a failure
     * @param pauseNanos the pause after it, before the next may follow; zero after a success
     */
    public record Call(long atNanos, @Nullable ForceResult result, long pauseNanos) {}

    /** Copies the list and drops the oldest. */
    public Attempts {
        calls = List.copyOf(calls.subList(Math.max(0, calls.size() - REMEMBERED), calls.size()));
    }

    /** {@return these and one more} */
    public Attempts with(Call call) {
        List<Call> all = new ArrayList<>(calls);
        all.add(call);
        return new Attempts(all);
    }

    /** {@return how many calls followed each other within {@code cooldownNanos}, up to now} */
    public int inARow(long nowNanos, long cooldownNanos) {
        int count = 0;
        long next = nowNanos;
        for (Call call : calls.reversed()) {
            if (next - call.atNanos() >= cooldownNanos) {
                break;
            }
            count++;
            next = call.atNanos();
        }
        return count;
    }

    /** {@return how many calls at the end failed, without a success between} */
    public int failuresInARow() {
        int count = 0;
        for (Call call : calls.reversed()) {
            if (call.result() == ForceResult.SUCCESS) {
                break;
            }
            count++;
        }
        return count;
    }

    /** {@return the latest call, or null} */
    public @Nullable Call last() {
        return calls.isEmpty() ? null : calls.getLast();
    }
}
