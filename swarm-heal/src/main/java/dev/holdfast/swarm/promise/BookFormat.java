package dev.holdfast.swarm.promise;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@link PromiseBook} as two lines of text: JSON, and the SHA-256 of it. Read strictly: content that is anything else than what was
 * written stops this agent from promising and from forcing with promises, since nobody knows what it has promised.
 */
final class BookFormat {

    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private BookFormat() {}

    static byte[] write(PromiseBook book) {
        ObjectNode root = JSON.createObjectNode()
                .put("version", VERSION)
                .put("identity", book.identity())
                .put("highest", book.highest())
                .put("lastOwn", book.lastOwn())
                .put("lastCalled", book.lastCalled())
                .put("calledNode", book.calledNode());
        var grants = root.putArray("grants");
        for (Grant grant : book.grants()) {
            grants.addObject()
                    .put("epoch", grant.epoch())
                    .put("identity", grant.identity())
                    .put("holder", grant.holder())
                    .put("node", grant.nodeId())
                    .put("cluster", grant.clusterId());
        }
        var forces = root.putObject("forces");
        book.forces().forEach(forces::put);
        String line = root.toString();
        return (line + "\n" + checksum(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #write} made; fails with what is wrong. */
    static PromiseBook read(byte[] content) throws IOException {
        String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length != 3 || !lines[2].isEmpty() || !checksum(lines[0]).equals(lines[1])) {
            throw new IOException("the checksum is wrong");
        }
        try {
            JsonNode root = JSON.readTree(lines[0]);
            if (number(root, "version") != VERSION) {
                throw new IOException("it is of version " + number(root, "version") + ", not " + VERSION);
            }
            List<Grant> grants = new ArrayList<>();
            for (JsonNode grant : root.path("grants")) {
                grants.add(new Grant(
                        number(grant, "epoch"),
                        text(grant, "identity"),
                        text(grant, "holder"),
                        text(grant, "node"),
                        text(grant, "cluster")));
            }
            SortedMap<String, Long> forces = new TreeMap<>();
            for (var force : root.path("forces").properties()) {
                forces.put(force.getKey(), number(root.path("forces"), force.getKey()));
            }
            return new PromiseBook(
                    text(root, "identity"),
                    number(root, "highest"),
                    number(root, "lastOwn"),
                    number(root, "lastCalled"),
                    text(root, "calledNode"),
                    grants,
                    forces);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("it is no book of promises: " + e.getMessage(), e);
        }
    }

    private static String checksum(String line) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long number(JsonNode in, String name) throws IOException {
        JsonNode value = in.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IOException(name + " is no number");
        }
        return value.asLong();
    }

    private static String text(JsonNode in, String name) throws IOException {
        JsonNode value = in.path(name);
        if (!value.isTextual()) {
            throw new IOException(name + " is no text");
        }
        return value.asText();
    }
}
