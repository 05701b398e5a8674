package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The {@code track_} blocks of an instance or a sync group. */
final class Tracks {
    private final Findings findings;
    private final Values values;
    private final List<Reference> scripts = new ArrayList<>();
    private final List<Reference> interfaces = new ArrayList<>();
    private final List<Reference> files = new ArrayList<>();
    private final List<Reference> processes = new ArrayList<>();

    /** One tracked thing. */
    private record Reference(String name, Optional<String> weight, boolean reverse, Source source) {}

    Tracks(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    /** Reads one of them; false if the statement is none that is carried over. */
    boolean read(Statement statement, String label) {
        switch (statement.keyword()) {
            case "track_script" -> references(statement, label, scripts);
            case "track_interface" -> references(statement, label, interfaces);
            case "track_file" -> references(statement, label, files);
            case "track_process" -> references(statement, label, processes);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether there is anything to weigh. */
    boolean isEmpty() {
        return scripts.isEmpty() && interfaces.isEmpty() && files.isEmpty() && processes.isEmpty();
    }

    /** Leaves out the instance's own interface: it is followed anyhow, and keepalived ignores a weight of it. */
    void leaveOut(String ownInterface) {
        interfaces.removeIf(reference -> {
            boolean own = reference.name().equals(ownInterface);
            if (own) {
                findings.notCarried(
                        reference.source().position(),
                        reference.source().label(),
                        "the instance's own interface is followed anyhow, without a weight, as in keepalived");
            }
            return own;
        });
    }

    private void references(Statement statement, String label, List<Reference> into) {
        for (Statement entry : values.block(statement, label)) {
            if (values.hasBlock(entry, label)) {
                continue;
            }
            Optional<String> weight = Optional.empty();
            boolean reverse = false;
            List<Word> words = entry.arguments();
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i).text();
                if (word.equals("weight") && i + 1 < words.size()) {
                    i++;
                    weight = Optional.of(values.withoutComma(words.get(i).text(), entry.at(), label));
                } else if (word.equals("reverse") || word.equals("noreverse")) {
                    reverse = word.equals("reverse");
                } else {
                    findings.notCarried(entry.at(), label, "the option " + word + " has no counterpart here yet");
                }
            }
            String target = values.withoutComma(entry.keyword(), entry.at(), label);
            into.add(new Reference(target, weight, reverse, new Source(entry.at(), label)));
        }
    }

    /** @param reversed which scripts count the other way round for all */
    void write(HoconWriter writer, Predicate<String> reversed) {
        if (isEmpty()) {
            return;
        }
        writer.open("track");
        write(writer, "scripts", scripts, reversed);
        write(writer, "interfaces", interfaces, _ -> false);
        write(writer, "files", files, _ -> false);
        write(writer, "processes", processes, _ -> false);
        writer.close();
    }

    private static void write(HoconWriter writer, String key, List<Reference> references, Predicate<String> reversed) {
        if (references.isEmpty()) {
            return;
        }
        List<Item> items = new ArrayList<>();
        for (Reference reference : references) {
            boolean reverse = reference.reverse() || reversed.test(reference.name());
            String target = HoconWriter.string(reference.name());
            String rendered = reference.weight().isEmpty() && !reverse
                    ? target
                    : "{ name = " + target
                            + reference
                                    .weight()
                                    .map(weight -> ", weight = " + Values.number(weight))
                                    .orElse("")
                            + (reverse ? ", reverse = true" : "") + " }";
            items.add(new Item(rendered, reference.source()));
        }
        writer.putList(key, items);
    }
}
