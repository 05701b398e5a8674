package dev.holdfast.agent.notify;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What became of the hooks, by instance. */
final class NotifyCounters {
    private final Map<String, LongAdder> succeeded = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();

    void ran(String instance, boolean success) {
        increment(success ? succeeded : failed, instance);
    }

    void dropped(String instance) {
        increment(dropped, instance);
    }

    NotifyTotals totals() {
        return new NotifyTotals(read(succeeded), read(failed), read(dropped));
    }

    private static void increment(Map<String, LongAdder> counters, String instance) {
        counters.computeIfAbsent(instance, name -> new LongAdder()).increment();
    }

    private static Map<String, Long> read(Map<String, LongAdder> counters) {
        return counters.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }
}
