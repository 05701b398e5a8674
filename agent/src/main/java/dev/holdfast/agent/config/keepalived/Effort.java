package dev.holdfast.agent.config.keepalived;

/** How much work the variables, patterns and includes of one keepalived.conf may still ask for. Not for more than one thread. */
final class Effort {
    /** What it costs to look at one file or one entry of a folder, in characters that are read. */
    static final long FILE = 1_000;

    /** A second or so; a configuration of thousands of lines asks for a hundredth of it. */
    private static final long ALL = 50_000_000;

    private long left = ALL;

    /** Whether there is enough left. */
    boolean spend(long cost) {
        left -= cost;
        return left >= 0;
    }

    boolean isSpent() {
        return left < 0;
    }
}
