package dev.holdfast.vrrp.fsm;

import java.util.stream.IntStream;

/**
 * Something that happens to the simulated hosts, at a time in nanoseconds since the start. Nothing of it depends on what
 * happened before, so that a schedule with some of its troubles taken out is a schedule too.
 */
record Trouble(long at, Kind kind) implements Comparable<Trouble> {
    sealed interface Kind {}

    /** The process starts, if it does not run. */
    record Boot(int host) implements Kind {}

    /** The process ends without a word, and the addresses with it. */
    record Kill(int host) implements Kind {}

    /** The process ends in order. */
    record ShutDown(int host) implements Kind {}

    /** The process is told to leave, and hands over first. */
    record Leave(int host) implements Kind {}

    /** An operator has the host hand over. */
    record HandOver(int host) implements Kind {}

    /** The process stands still, as after SIGSTOP or in a long collection; its socket fills up meanwhile. */
    record Stall(int host, long nanos) implements Kind {}

    /** The whole host stands still, as a virtual machine does; what is sent to it meanwhile is lost. */
    record Pause(int host, long nanos) implements Kind {}

    /** The link falls into two parts: bit i says where host i is. */
    record Split(int parts) implements Kind {}

    /** The link is whole again. */
    record Mend() implements Kind {}

    /** From now on so many adverts of a thousand are lost. */
    record Lose(int permille) implements Kind {}

    /** From now on adverts are so late that they overtake each other. */
    record Slow(boolean on) implements Kind {}

    /** Nothing reaches this host, what it says reaches the others. */
    record Deafen(int host) implements Kind {}

    /** Nothing that this host says reaches the others. */
    record Mute(int host) implements Kind {}

    /** All hosts hear and are heard again. */
    record Unstop() implements Kind {}

    /** A tracker fails, or succeeds again. */
    record Fault(int host, boolean failed) implements Kind {}

    /** Trackers change the priority of a host that is not the owner. */
    record Priority(int host, int priority) implements Kind {}

    /** A reload with another interval, in shortest intervals, and other options. */
    record Reload(int host, int intervals, boolean preempt) implements Kind {}

    @Override
    public int compareTo(Trouble other) {
        return Long.compare(at, other.at);
    }

    @Override
    public String toString() {
        return "%12.3f ms  %s".formatted(at / 1e6, kind instanceof Split(int parts) ? "Split" + sides(parts) : kind);
    }

    private static String sides(int parts) {
        return IntStream.range(0, Schedule.MAX_HOSTS)
                .mapToObj(i -> (parts >> i & 1) == 0 ? "a" : "b")
                .toList()
                .toString();
    }
}
