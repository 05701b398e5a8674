package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.report.FaultReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Walks the statements of a keepalived.conf and writes the same in HOCON; what it leaves out it names. */
final class Converter {
    private final String file;
    private final Findings findings;
    private final Values values;

    private Optional<String> routerId = Optional.empty();
    private Optional<Item> version = Optional.empty();
    private Optional<Item> scriptUser = Optional.empty();
    private final Map<String, ScriptSection> scripts = new LinkedHashMap<>();
    private final Map<String, InstanceSection> instances = new LinkedHashMap<>();
    private final Map<Integer, String> omissions = new TreeMap<>();

    Converter(String file) {
        this.file = file;
        this.findings = new Findings(file);
        this.values = new Values(findings);
    }

    Conversion convert(String text) {
        KeepalivedParser.Parsed parsed = KeepalivedParser.parse(file, text);
        findings.faults().addAll(parsed.faults());
        rejectVariables(parsed.statements());
        // Global definitions hold for what stands before them too.
        for (Statement statement : parsed.statements()) {
            if (statement.keyword().equals("global_defs")) {
                globals(statement);
            }
        }
        for (Statement statement : parsed.statements()) {
            switch (statement.keyword()) {
                case "global_defs" -> {}
                case "vrrp_script" -> named(statement).ifPresent(name -> script(name, statement));
                case "vrrp_instance" -> named(statement).ifPresent(name -> instance(name, statement));
                default -> leaveOut(statement);
            }
        }
        HoconWriter writer = write();
        return new Conversion(file, writer.toString(), findings.faults(), findings.warnings(), writer.sources());
    }

    private void leaveOut(Statement statement) {
        String keyword =
                statement.keyword().startsWith("$") ? statement.keyword().replaceFirst("=.*", "") : statement.keyword();
        findings.notCarried(statement.line(), keyword, Keywords.explain(keyword));
        omissions.put(statement.line(), keyword);
    }

    /** A variable's value would be lost, so its use can't go unnoticed. */
    private void rejectVariables(List<Statement> all) {
        List<String> names = all.stream()
                .map(Statement::keyword)
                .filter(keyword -> keyword.matches("\\$\\w+=.*"))
                .map(keyword -> keyword.substring(1, keyword.indexOf('=')))
                .toList();
        if (!names.isEmpty()) {
            all.forEach(statement -> rejectVariables(statement, names));
        }
    }

    private void rejectVariables(Statement statement, List<String> names) {
        for (String name : names) {
            boolean used = statement.arguments().stream()
                    .anyMatch(word -> word.text().matches("(?s).*\\$(" + name + "\\b|\\{" + name + "\\}).*"));
            if (used
                    || statement.keyword().equals("$" + name)
                    || statement.keyword().equals("${" + name + "}")) {
                findings.fault(
                        FaultReason.MALFORMED,
                        statement.line(),
                        "$" + name,
                        "",
                        "the value itself, for variables are not carried over yet");
            }
        }
        if (statement.block() != null) {
            statement.block().forEach(inner -> rejectVariables(inner, names));
        }
    }

    private Optional<String> named(Statement statement) {
        String keyword = statement.keyword();
        if (statement.block() == null) {
            findings.fault(FaultReason.MISSING, statement.line(), keyword, "", "NAME and a block { ... }");
            return Optional.empty();
        }
        if (statement.arguments().isEmpty()) {
            findings.fault(FaultReason.MISSING, statement.line(), keyword, "", "a name after the keyword");
            return Optional.empty();
        }
        if (statement.arguments().size() > 1) {
            findings.notCarried(statement.line(), keyword, "more than one name; those after the first are left out");
        }
        return Optional.of(statement.arguments().getFirst().text());
    }

    private void globals(Statement globals) {
        if (globals.block() == null) {
            findings.fault(FaultReason.MISSING, globals.line(), "global_defs", "", "a block { ... }");
            return;
        }
        for (Statement statement : globals.block()) {
            String label = "global_defs: " + statement.keyword();
            switch (statement.keyword()) {
                case "vrrp_version" -> version = values.number(statement, label);
                case "script_user" -> {
                    scriptUser = userOf(statement, label);
                    findings.notCarried(
                            statement.line(),
                            label,
                            "carried over for vrrp_script; notify scripts run as the agent does");
                }
                case "router_id" -> {
                    routerId = values.word(statement, label);
                    findings.notCarried(
                            statement.line(),
                            label,
                            "is only a label in keepalived, often the same on all nodes; set holdfast.node to name this one");
                }
                default -> {
                    findings.notCarried(statement.line(), label, Keywords.explain(statement.keyword()));
                    omissions.put(statement.line(), statement.keyword());
                }
            }
        }
    }

    private Optional<Item> userOf(Statement statement, String label) {
        if (statement.arguments().size() == 2) {
            findings.notCarried(statement.line(), label, "the group after the user is left out; it is the user's own");
            return Optional.of(new Item(
                    HoconWriter.string(statement.arguments().getFirst().text()), new Source(statement.line(), label)));
        }
        return values.string(statement, label);
    }

    private void script(String name, Statement block) {
        ScriptSection section = new ScriptSection(findings, values, name, block, this::userOf);
        if (scripts.putIfAbsent(name, section) != null) {
            findings.fault(FaultReason.DUPLICATE, block.line(), "vrrp_script " + name, "", "each name once");
        }
    }

    private void instance(String name, Statement block) {
        InstanceSection section = new InstanceSection(findings, values, name, block);
        if (instances.putIfAbsent(name, section) != null) {
            findings.fault(FaultReason.DUPLICATE, block.line(), "vrrp_instance " + name, "", "each name once");
        }
    }

    private HoconWriter write() {
        HoconWriter writer = new HoconWriter();
        writer.comment("Made from a keepalived.conf. Line numbers are those of the original.");
        omissions.forEach((line, keyword) -> writer.comment("Left out: " + keyword + " (line " + line + ")"));
        writer.open("holdfast");
        routerId.ifPresent(label -> {
            writer.comment("keepalived's router_id is a label; here a node is called by its host name, unless:");
            writer.comment("node = " + HoconWriter.quote(label));
        });
        writer.open("vrrp");
        version.ifPresent(number -> writer.put("version", number));
        if (!instances.isEmpty()) {
            writer.open("instances");
            String general = version.map(Item::rendered).orElse("2");
            instances.values().forEach(section -> section.write(writer, general, this::isReverse));
            writer.close();
        }
        if (!scripts.isEmpty()) {
            writer.open("scripts");
            scripts.values().forEach(section -> section.write(writer, scriptUser));
            writer.close();
        }
        writer.close();
        writer.comment(
                "Swarm healing has no line in keepalived.conf. It is on, with the guarded policy; to turn it off:");
        writer.comment("swarm.enabled = false");
        writer.close();
        return writer;
    }

    private boolean isReverse(String script) {
        ScriptSection section = scripts.get(script);
        return section != null && section.reverse();
    }
}
