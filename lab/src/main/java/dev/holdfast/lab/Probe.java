package dev.holdfast.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A client that asks the virtual address 1000 times a second and notes who answered. A gap is the time from the last
 * question that was answered to the next one that was: what a user of the address would have noticed.
 */
public final class Probe implements AutoCloseable {
    private static final long PERIOD_NANOS = 1_000_000;

    private final InetSocketAddress target;
    private final DatagramSocket socket;
    private final Map<String, String> hostByAddress;
    private final List<Echo> echoes = new ArrayList<>();
    private final Map<Integer, Instant> asked = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Integer, String> answeredBy = new ConcurrentSkipListMap<>();
    private volatile boolean running = true;

    /**
     * Starts it.
     *
     * @param client the host to ask from
     * @param ip the virtual address
     * @param servers the hosts that may hold it; they answer on a UDP port of the lab's
     */
    public Probe(Host client, String ip, List<Host> servers) {
        target = new InetSocketAddress(InetAddress.ofLiteral(ip), Echo.PORT);
        hostByAddress = servers.stream().collect(Collectors.toUnmodifiableMap(Host::address, Host::name));
        servers.forEach(server -> echoes.add(new Echo(server)));
        socket = client.call(() -> new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0)));
        Thread.ofPlatform().daemon().name("lab-probe-ask").start(this::ask);
        Thread.ofPlatform().daemon().name("lab-probe-hear").start(this::hear);
    }

    private void ask() {
        long next = System.nanoTime();
        ByteBuffer payload = ByteBuffer.allocate(4);
        for (int question = 0; running; question++) {
            payload.putInt(0, question);
            asked.put(question, Instant.now());
            try {
                socket.send(new DatagramPacket(payload.array(), 4, target));
            } catch (IOException e) {
                // Nobody has the address: an unanswered question like any other.
            }
            next += PERIOD_NANOS;
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                // The machine was busy: do not catch up with a burst, the questions carry their own times.
                next = System.nanoTime();
            }
        }
    }

    private void hear() {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        while (running) {
            try {
                socket.receive(packet);
                String address = packet.getAddress().getHostAddress();
                answeredBy.put(
                        ByteBuffer.wrap(packet.getData()).getInt(0), hostByAddress.getOrDefault(address, address));
            } catch (IOException e) {
                // Closed, or told that nobody has the address: the loop's condition decides.
            }
        }
    }

    /**
     * A time without answers.
     *
     * @param from when the last answered question before it was asked
     * @param to when the first answered question after it was asked; the present moment if there is none yet
     * @param before who answered before; empty at the beginning
     * @param after who answered after; empty if nobody has yet
     */
    public record Gap(Instant from, Instant to, Optional<String> before, Optional<String> after) {
        /** Its length. */
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    /** Who answered most recently, if anybody did within the last 100 questions. */
    public Optional<String> answering() {
        Map.Entry<Integer, String> last = answeredBy.lastEntry();
        return last != null && asked.size() - last.getKey() < 100 ? Optional.of(last.getValue()) : Optional.empty();
    }

    /**
     * Who answered lately, oldest first.
     *
     * @param count how many spans of time
     * @param span the length of each; empty where less than half of its questions were answered
     */
    public List<Optional<String>> recently(int count, Duration span) {
        int size = Math.toIntExact(span.toNanos() / PERIOD_NANOS);
        // Not the very latest: their answers may still be on the way. Whole spans, so that they do not flicker.
        int end = Math.max(0, (asked.size() - 20) / size) * size;
        List<Optional<String>> spans = new ArrayList<>();
        for (int from = Math.max(0, end - count * size); from < end; from += size) {
            List<String> answers =
                    List.copyOf(answeredBy.subMap(from, from + size).values());
            spans.add(answers.size() * 2 < size ? Optional.empty() : Optional.of(answers.getLast()));
        }
        return spans;
    }

    /** The longest gap that ended at or after that moment, the one that still lasts included. */
    public Gap longestGapSince(Instant since) {
        Gap longest = new Gap(since, since, Optional.empty(), Optional.empty());
        Instant previous = null;
        String before = null;
        for (Map.Entry<Integer, String> answer : answeredBy.entrySet()) {
            Instant at = asked.get(answer.getKey());
            if (at == null) {
                continue;
            }
            if (!at.isBefore(since) && previous != null) {
                longest = longer(
                        longest, new Gap(previous, at, Optional.ofNullable(before), Optional.of(answer.getValue())));
            }
            previous = at;
            before = answer.getValue();
        }
        Instant lastAnswer = previous == null ? since : previous;
        return longer(longest, new Gap(lastAnswer, Instant.now(), Optional.ofNullable(before), Optional.empty()));
    }

    private static Gap longer(Gap a, Gap b) {
        return b.length().compareTo(a.length()) > 0 ? b : a;
    }

    /** How many of the questions asked since then have no answer, those after the last answered one aside. */
    public int lostSince(Instant since) {
        if (answeredBy.isEmpty()) {
            return 0;
        }
        int lastAnswered = answeredBy.lastKey();
        return (int) asked.entrySet().stream()
                .filter(question -> question.getKey() < lastAnswered
                        && !question.getValue().isBefore(since)
                        && !answeredBy.containsKey(question.getKey()))
                .count();
    }

    /** How many questions were asked. */
    public int questions() {
        return asked.size();
    }

    /** How many of them were answered. */
    public int answers() {
        return answeredBy.size();
    }

    @Override
    public void close() {
        running = false;
        socket.close();
        echoes.forEach(Echo::close);
    }
}
