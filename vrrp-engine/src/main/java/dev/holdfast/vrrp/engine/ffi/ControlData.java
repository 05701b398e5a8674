package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What recvmsg(2) tells beside the data, cmsg(3): one part after the other. Allocates nothing once made. */
final class ControlData {
    /** How long a part with a time is. */
    static final long TIME_BYTES = 16;

    private static final long CAPACITY = 128;
    private static final long HEADER = 16;
    private static final long LEVEL = 8;
    private static final long TYPE = 12;

    private final MemorySegment control;
    private long length;
    private long at;
    private long next;
    private long size;

    ControlData(Arena arena) {
        this.control = arena.allocate(CAPACITY, Long.BYTES);
    }

    MemorySegment segment() {
        return control;
    }

    /** Before the first part of what was written. */
    void rewind(long written) {
        length = Math.min(CAPACITY, written);
        next = 0;
    }

    /** Goes to the next part; false after the last one, and at one that can't be. */
    boolean next() {
        at = next;
        if (length - at < HEADER) {
            return false;
        }
        size = control.get(JAVA_LONG, at);
        if (size < HEADER || size > length - at) {
            return false;
        }
        next = at + ((size + 7) & ~7L);
        return true;
    }

    /** Whether this part is such a one, with at least so many bytes. */
    boolean is(int level, int type, long bytes) {
        return control.get(JAVA_INT, at + LEVEL) == level
                && control.get(JAVA_INT, at + TYPE) == type
                && size >= HEADER + bytes;
    }

    /** Where the data of this part begins. */
    long data() {
        return at + HEADER;
    }

    /** The time in a part of type SO_TIMESTAMPNS, nanoseconds since 1970. */
    long time() {
        return control.get(JAVA_LONG, data()) * 1_000_000_000L + control.get(JAVA_LONG, data() + Long.BYTES);
    }
}
