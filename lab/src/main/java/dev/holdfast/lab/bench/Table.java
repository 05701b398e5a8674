package dev.holdfast.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A report for people: a heading a figure, a line a metric, in columns. */
final class Table {
    private static final List<String> HEAD = List.of("", "holdfast", "keepalived", "ratio", "goal", "");

    private Table() {}

    static String of(Report report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        List<String> notes = new ArrayList<>();
        for (Result result : report.results()) {
            rows.add(List.of(result.figure().title()));
            for (Metric metric : result.figure().metrics()) {
                rows.add(row(result, metric));
                for (Contender contender : Contender.values()) {
                    String note = result.reading(contender, metric).note();
                    if (!note.isEmpty()) {
                        notes.add("%s, %s, %s: %s"
                                .formatted(result.figure().key(), metric.label(), contender.label(), note));
                    }
                }
            }
        }
        StringBuilder text = new StringBuilder();
        Machine machine = report.machine();
        text.append(String.format(
                Locale.ROOT,
                "holdfast %s and keepalived %s, %s, kernel %s, %d cores, load %.2f before and %.2f after%s%n%n",
                report.versions().get(Contender.HOLDFAST),
                report.versions().get(Contender.KEEPALIVED),
                machine.date(),
                machine.kernel(),
                machine.cores(),
                machine.loadBefore(),
                report.loadAfter(),
                report.quick() ? " (quick: a first impression)" : ""));
        text.append(columns(rows));
        if (!notes.isEmpty()) {
            text.append('\n');
            notes.forEach(note -> text.append(note).append('\n'));
        }
        return text.toString();
    }

    private static List<String> row(Result result, Metric metric) {
        String unit = metric.unit().isEmpty() ? "" : ", " + metric.unit();
        return List.of(
                "  " + metric.label() + unit,
                number(result.reading(Contender.HOLDFAST, metric).value()),
                number(result.reading(Contender.KEEPALIVED, metric).value()),
                number(result.ratio(metric)),
                metric.goal().text(),
                result.verdict(metric).label());
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Numbers.text(value.getAsDouble()) : "-";
    }

    /** Rows of one cell are headings over all columns and take no part in the widths. */
    static String columns(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; row.size() > 1 && i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                boolean number = i > 0 && i < 4;
                String cell = row.get(i);
                String padding = row.size() > 1 ? " ".repeat(widths[i] - cell.length()) : "";
                line.append(i == 0 ? "" : "  ").append(number ? padding + cell : cell + padding);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
