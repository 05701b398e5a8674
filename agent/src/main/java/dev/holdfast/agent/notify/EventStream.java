package dev.holdfast.agent.notify;

import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells programs that wait for it of each transition and, where that is wanted, of changed priorities: through a FIFO, and through a Unix socket. */
public final class EventStream implements AutoCloseable {
    /** How many events may wait for one reader. */
    public static final int WAITING_EVENTS = 1024;

    private final int capacity;
    private final Clock clock;
    private final LongAdder fifoLost = new LongAdder();
    private final LongAdder socketLost = new LongAdder();
    private final Map<String, StampedEvent> last = new LinkedHashMap<>();
    private final List<Backlog> readers = new ArrayList<>();
    private @Nullable EventFifo fifo;
    private @Nullable EventSocket socket;

    /** A stream that nobody reads yet. */
    public EventStream() {
        this(WAITING_EVENTS, Clock.systemUTC());
    }

    EventStream(int capacity, Clock clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    /** Passes an event on. Never blocks; may be called on the event loop. */
    public synchronized void publish(NotifyEvent event) {
        StampedEvent stamped = new StampedEvent(clock.instant(), event);
        if (event.state() == NotifyEvent.State.STOP) {
            last.remove(event.subject());
        } else if (event.state().isTransition()) {
            last.put(event.subject(), stamped);
        }
        readers.forEach(reader -> reader.add(stamped));
        if (fifo != null) {
            fifo.backlog().add(stamped);
        }
    }

    /** From now on events go into this FIFO, which is made if need be, or into none. One that stays is not touched. */
    public void writeTo(Optional<Path> path) {
        @Nullable EventFifo old;
        synchronized (this) {
            old = fifo;
            if (Optional.ofNullable(old).map(EventFifo::path).equals(path)) {
                return;
            }
            fifo = path.map(to -> new EventFifo(to, new Backlog(capacity, fifoLost::increment), fifoLost::increment))
                    .orElse(null);
        }
        if (old != null) {
            old.close();
        }
    }

    /** Serves readers that connect to this socket, until {@link #close}. */
    public synchronized void serve(ServerSocketChannel server) {
        socket = new EventSocket(server, this::subscribe, this::unsubscribe);
    }

    /** Events that no reader of the FIFO can get any more. */
    public long fifoLost() {
        return fifoLost.sum();
    }

    /** Events that a reader of the socket did not get, summed over the readers. */
    public long socketLost() {
        return socketLost.sum();
    }

    /** Gives readers a moment for what waits, and ends. */
    @Override
    public void close() {
        @Nullable EventSocket serving;
        synchronized (this) {
            serving = socket;
            socket = null;
        }
        writeTo(Optional.empty());
        if (serving != null) {
            serving.close();
        }
    }

    private synchronized Backlog subscribe() {
        Backlog reader = new Backlog(capacity, socketLost::increment);
        last.values().forEach(reader::add);
        readers.add(reader);
        return reader;
    }

    private synchronized void unsubscribe(Backlog reader) {
        readers.remove(reader);
    }
}
