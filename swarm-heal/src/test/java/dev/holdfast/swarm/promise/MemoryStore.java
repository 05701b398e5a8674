package dev.holdfast.swarm.promise;

import org.jspecify.annotations.Nullable;

/** A disk for simulations, which the process in front of it may die at. */
public final class MemoryStore implements BookStore {

    /** The process ended here. */
    public static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** When the process is to end. */
    public enum At {
        NEVER,
        BEFORE_WRITE,
        AFTER_WRITE
    }

    private byte @Nullable [] content;
    private boolean forgetful;
    private At crashAt = At.NEVER;

    /** {@return one that says it wrote, and did not} */
    public static MemoryStore forgetful() {
        MemoryStore store = new MemoryStore();
        store.forgetful = true;
        return store;
    }

    /** The process ends at the next write. */
    public void crash(At at) {
        crashAt = at;
    }

    @Override
    public byte @Nullable [] read() {
        return content == null ? null : content.clone();
    }

    @Override
    public void replace(byte[] next) {
        At crash = crashAt;
        crashAt = At.NEVER;
        if (crash == At.BEFORE_WRITE) {
            throw new Crash();
        }
        if (!forgetful) {
            content = next.clone();
        }
        if (crash == At.AFTER_WRITE) {
            throw new Crash();
        }
    }
}
