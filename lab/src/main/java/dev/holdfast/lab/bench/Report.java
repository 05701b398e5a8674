package dev.holdfast.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A whole run.
 *
 * @param suite what was measured
 * @param quick whether it gives a first impression only
 * @param machine where and when
 * @param loadAfter the load average over one minute at the end
 * @param versions of the contenders
 * @param results in the order of the table
 */
record Report(
        Suite suite,
        boolean quick,
        Machine machine,
        double loadAfter,
        Map<Contender, String> versions,
        List<Result> results) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** As JSON; what could not be measured or never happened is null, with a note. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("bench", suite.key());
        root.put("quick", quick);
        root.put("date", machine.date().toString());
        root.putObject("machine")
                .put("kernel", machine.kernel())
                .put("cores", machine.cores())
                .put("load_before", machine.loadBefore())
                .put("load_after", loadAfter);
        ObjectNode versionsNode = root.putObject("versions");
        versions.forEach((contender, version) -> versionsNode.put(contender.label(), version));
        ArrayNode figures = root.putArray("figures");
        results.forEach(result -> figures.add(figure(result)));
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
    }

    private static ObjectNode figure(Result result) {
        ObjectNode node = JSON.createObjectNode();
        node.put("figure", result.figure().key());
        node.put("title", result.figure().title());
        ArrayNode metrics = node.putArray("metrics");
        for (Metric metric : result.figure().metrics()) {
            ObjectNode line = metrics.addObject();
            line.put("metric", metric.key());
            line.put("label", metric.label());
            line.put("unit", metric.unit());
            for (Contender contender : Contender.values()) {
                Reading reading = result.reading(contender, metric);
                ObjectNode read = line.putObject(contender.label());
                put(read, "value", reading.value());
                if (!reading.note().isEmpty()) {
                    read.put("note", reading.note());
                }
                if (!reading.samples().isEmpty()) {
                    ArrayNode samples = read.putArray("samples");
                    reading.samples().forEach(samples::add);
                }
            }
            put(line, "ratio", result.ratio(metric));
            line.put("goal", metric.goal().text());
            line.put("verdict", result.verdict(metric).label());
        }
        return node;
    }

    private static void put(ObjectNode node, String key, OptionalDouble value) {
        // JSON has no infinity; the note beside it says that it never happened.
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }
}
