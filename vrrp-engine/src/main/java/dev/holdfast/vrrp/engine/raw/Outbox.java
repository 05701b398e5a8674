package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Messages that leave together, sendmmsg(2): what many virtual routers say at the same moment costs one system call. Whoever
 * changes or gives back what a message is made of, closes its socket, or does what others must not see before the message,
 * has to {@link #flush} first. For one thread.
 */
public final class Outbox {
    /** Told of a message that could not be sent. */
    public interface Sender {
        /**
         * One that was posted did not leave.
         *
         * @param failure -errno
         */
        void sendFailed(int failure);
    }

    /** A message ready to be sent; each is itself alone. */
    static final class Message {
        private final MemorySegment header;
        private final Sender sender;

        /** Where in the row it was written last. */
        private int place;

        /**
         * One that can be sent many times.
         *
         * @param header a {@link Layouts#MSGHDR}
         * @param sender is told when it could not be sent
         */
        Message(MemorySegment header, Sender sender) {
            this.header = header;
            this.sender = sender;
        }
    }

    /** Twice as many as the virtual routers of an interface. */
    private static final int CAPACITY = 512;

    private final Libc libc;

    /** A row of struct mmsghdr. */
    private final MemorySegment row;

    /** What lies where in the row, sent or not. */
    private final @Nullable Message[] written = new @Nullable Message[CAPACITY];

    private @Nullable RawSocket socket;

    /** What waits is from here on, up to {@link #end}. */
    private int start;

    private int end;

    /** Behind the stretch that was written last. */
    private int unused;

    /** @param arena lives as long as the object is used */
    public Outbox(Libc libc, Arena arena) {
        this.libc = libc;
        this.row = arena.allocate(Layouts.MMSGHDR, CAPACITY);
    }

    /**
     * Puts a message behind those that wait. Those that leave together do so again and again, in the same order: each such
     * group keeps its stretch of the row, where it lies ready.
     *
     * @param message what it points to must stay as it is until the flush
     */
    void post(RawSocket by, Message message) {
        if (socket != by || end == CAPACITY) {
            flush();
            socket = by;
        }
        if (start == end) {
            start = written[message.place] == message ? message.place : unused % CAPACITY;
            end = start;
        }
        if (written[end] != message) {
            MemorySegment.copy(message.header, 0, row, offset(end), Layouts.MSGHDR.byteSize());
            written[end] = message;
            message.place = end;
            unused = end + 1;
        }
        end++;
    }

    /** Sends what waits; one that fails does not keep the others from being sent. */
    public void flush() {
        RawSocket by = socket;
        if (start == end || by == null) {
            return;
        }
        int at = start;
        int limit = end;
        end = start;
        while (at < limit) {
            int sent = Libc.sendmmsg(by.fd(), row, offset(at), limit - at);
            if (sent > 0) {
                at += sent;
            } else {
                again(by, at);
                at++;
            }
        }
    }

    /** The first one of a row failed: again on its own, which tells why. */
    private void again(RawSocket by, int index) {
        long result = libc.sendmsg(by.fd(), row.asSlice(offset(index), Layouts.MSGHDR), 0);
        Message message = written[index];
        if (result < 0 && message != null) {
            message.sender.sendFailed((int) result);
        }
    }

    private static long offset(int index) {
        return index * Layouts.MMSGHDR.byteSize();
    }
}
