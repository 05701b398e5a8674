package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Walks the statements of a keepalived.conf and writes the same in HOCON; what it leaves out it names. */
final class Converter {
    private final String file;
    private final Setting setting;
    private final Findings findings;
    private final Values values;

    private final ConductLines conduct;
    private SortedSet<Position> forOthers = new TreeSet<>();
    private Optional<String> routerId = Optional.empty();
    private Optional<String> vmacPrefix = Optional.empty();
    private Optional<Item> version = Optional.empty();
    private Optional<Item> startupDelay = Optional.empty();
    private Optional<Item> group4 = Optional.empty();
    private Optional<Item> group6 = Optional.empty();
    private Optional<Item> priorityChanges = Optional.empty();
    private Optional<Item> scriptUser = Optional.empty();
    private Optional<Item> fifo = Optional.empty();
    private final Map<String, ScriptSection> scripts = new LinkedHashMap<>();
    private final Map<String, FileSection> files = new LinkedHashMap<>();
    private final Map<String, ProcessSection> processes = new LinkedHashMap<>();
    private final Map<String, InstanceSection> instances = new LinkedHashMap<>();
    private final Map<String, GroupSection> groups = new LinkedHashMap<>();
    private final Announcing announcing;
    private final List<GarpGroup> garpGroups = new ArrayList<>();
    private final Map<Position, String> omissions = new TreeMap<>();

    Converter(String file, Setting setting) {
        this.file = file;
        this.setting = setting;
        this.findings = new Findings(file);
        this.values = new Values(findings);
        this.conduct = ConductLines.general(findings, values);
        this.announcing = new Announcing(findings, values);
    }

    Conversion convert(String text) {
        LineReader reader = new LineReader(file, setting, findings);
        List<Line> lines = reader.read(text);
        forOthers = reader.forOthers();
        KeepalivedParser.Parsed parsed = KeepalivedParser.parse(lines);
        findings.faults().addAll(parsed.faults());
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
                case "vrrp_sync_group" -> named(statement).ifPresent(name -> group(name, statement));
                case "track_file", "vrrp_track_file" ->
                    named(statement)
                            .ifPresent(name ->
                                    once(files, name, statement, new FileSection(findings, values, name, statement)));
                case "vrrp_track_process" ->
                    named(statement)
                            .ifPresent(name -> once(
                                    processes, name, statement, new ProcessSection(findings, values, name, statement)));
                case "vrrp_instance" -> named(statement).ifPresent(name -> instance(name, statement));
                case "garp_group" -> garpGroups.add(new GarpGroup(findings, values, statement));
                default -> leaveOut(statement);
            }
        }
        HoconWriter writer = write();
        return new Conversion(file, writer.toString(), findings.faults(), findings.warnings(), writer.sources());
    }

    private void leaveOut(Statement statement) {
        String keyword = statement.keyword();
        findings.notCarried(statement.at(), keyword, Keywords.explain(Block.TOP, keyword));
        omissions.put(statement.at(), keyword);
        // What stands in such a block is named too, as far as it is known there.
        for (Statement inner : Objects.requireNonNullElse(statement.block(), List.<Statement>of())) {
            Keywords.home(keyword)
                    .flatMap(block -> Keywords.find(block, inner.keyword()))
                    .ifPresent(known -> findings.notCarried(
                            inner.at(), keyword + ": " + known.name(), "is left out with its block"));
        }
    }

    private Optional<String> named(Statement statement) {
        String keyword = statement.keyword();
        if (statement.block() == null) {
            findings.fault(FaultReason.MISSING, statement.at(), keyword, "", "NAME and a block { ... }");
            return Optional.empty();
        }
        if (statement.arguments().isEmpty()) {
            findings.fault(FaultReason.MISSING, statement.at(), keyword, "", "a name after the keyword");
            return Optional.empty();
        }
        if (statement.arguments().size() > 1) {
            findings.notCarried(statement.at(), keyword, "more than one name; those after the first are left out");
        }
        return Optional.of(statement.arguments().getFirst().text());
    }

    private void globals(Statement globals) {
        if (globals.block() == null) {
            findings.fault(FaultReason.MISSING, globals.at(), "global_defs", "", "a block { ... }");
            return;
        }
        for (Statement statement : globals.block()) {
            String label = "global_defs: " + statement.keyword();
            if (conduct.read(statement, label)) {
                continue;
            }
            switch (statement.keyword()) {
                case "vrrp_mcast_group4" -> group4 = values.string(statement, label);
                case "vrrp_mcast_group6" -> group6 = values.string(statement, label);
                case "vrrp_version" -> version = values.number(statement, label);
                case "vrrp_startup_delay" ->
                    startupDelay = values.seconds(statement, label)
                            .map(time -> Values.time(time, new Source(statement.at(), label)));
                case "vrrp_notify_priority_changes" -> priorityChanges = values.flag(statement, label);
                case "vmac_prefix" -> vmacPrefix = values.word(statement, label);
                case "script_user" -> {
                    scriptUser = userOf(statement, label);
                    findings.notCarried(
                            statement.at(),
                            label,
                            "carried over for vrrp_script; notify scripts run as the agent does");
                }
                // Of the two, keepalived writes its VRRP transitions into both.
                case "vrrp_notify_fifo" -> fifo = values.string(statement, label);
                case "notify_fifo" -> {
                    if (fifo.isEmpty()) {
                        fifo = values.string(statement, label);
                    } else {
                        findings.notCarried(statement.at(), label, "there is one FIFO, that of vrrp_notify_fifo");
                    }
                }
                case "router_id" -> {
                    routerId = values.word(statement, label);
                    findings.notCarried(
                            statement.at(),
                            label,
                            "is only a label in keepalived, often the same on all nodes; set holdfast.node to name this one");
                }
                default -> {
                    if (announces(statement, label)) {
                        continue;
                    }
                    findings.notCarried(
                            statement.at(), label, Keywords.explain(Block.GLOBAL_DEFS, statement.keyword()));
                    omissions.put(statement.at(), statement.keyword());
                }
            }
        }
    }

    private boolean announces(Statement statement, String label) {
        String keyword = statement.keyword();
        return keyword.startsWith("vrrp_")
                && Keywords.find(Block.GLOBAL_DEFS, keyword).isPresent()
                && announcing.read(keyword.substring("vrrp_".length()), statement, label);
    }

    private Optional<Item> userOf(Statement statement, String label) {
        if (statement.arguments().size() == 2) {
            findings.notCarried(statement.at(), label, "the group after the user is left out; it is the user's own");
            return Optional.of(new Item(
                    HoconWriter.string(statement.arguments().getFirst().text()), new Source(statement.at(), label)));
        }
        return values.string(statement, label);
    }

    private void script(String name, Statement block) {
        once(scripts, name, block, new ScriptSection(findings, values, name, block, this::userOf));
    }

    private void instance(String name, Statement block) {
        once(instances, name, block, new InstanceSection(findings, values, name, block, vmacPrefix));
    }

    private <S> void once(Map<String, S> sections, String name, Statement block, S section) {
        if (sections.putIfAbsent(name, section) != null) {
            findings.fault(FaultReason.DUPLICATE, block.at(), block.keyword() + " " + name, "", "each name once");
        }
    }

    private void group(String name, Statement block) {
        GroupSection section = new GroupSection(findings, values, name, block);
        if (groups.putIfAbsent(name, section) != null) {
            findings.fault(FaultReason.DUPLICATE, block.at(), "vrrp_sync_group " + name, "", "each name once");
        }
    }

    private HoconWriter write() {
        HoconWriter writer = new HoconWriter();
        writer.comment("Made from a keepalived.conf. Line numbers are those of the original.");
        if (!forOthers.isEmpty()) {
            writer.comment("Made for the host " + setting.configId() + "; passed over are the lines for others: "
                    + forOthers.stream().map(findings::where).collect(Collectors.joining(", ")));
        }
        findings.comment(writer, omissions);
        writer.open("holdfast");
        routerId.ifPresent(label -> {
            writer.comment("keepalived's router_id is a label; here a node is called by its host name, unless:");
            writer.comment("node = " + HoconWriter.quote(label));
        });
        writer.open("vrrp");
        version.ifPresent(number -> writer.put("version", number));
        startupDelay.ifPresent(time -> writer.put("startup-delay", time));
        conduct.write(writer);
        if (group4.isPresent() || group6.isPresent()) {
            writer.open("multicast");
            group4.ifPresent(group -> writer.put("ipv4", group));
            group6.ifPresent(group -> writer.put("ipv6", group));
            writer.close();
        }
        priorityChanges.ifPresent(flag -> writer.put("notify-priority-changes", flag));
        announcing.write(writer);
        if (!instances.isEmpty()) {
            writer.open("instances");
            String general = version.map(Item::rendered).orElse("2");
            instances.values().forEach(section -> section.write(writer, general, conduct, this::isReverse, garpGroups));
            writer.close();
        }
        if (!groups.isEmpty()) {
            writer.open("groups");
            groups.values().forEach(section -> {
                section.warnOfWeights(this::isTracking);
                section.write(writer, this::isReverse);
            });
            writer.close();
        }
        if (!scripts.isEmpty()) {
            writer.open("scripts");
            scripts.values().forEach(section -> {
                section.runBy(scriptUser);
                section.write(writer);
            });
            writer.close();
        }
        if (!files.isEmpty()) {
            writer.open("files");
            files.values().forEach(section -> section.write(writer));
            writer.close();
        }
        if (!processes.isEmpty()) {
            writer.open("processes");
            processes.values().forEach(section -> section.write(writer));
            writer.close();
        }
        fifo.ifPresent(path -> {
            writer.open("notify");
            writer.put("fifo", path);
            writer.close();
        });
        writer.close();
        writer.comment(
                "Swarm healing has no line in keepalived.conf. It is on, with the guarded policy; to turn it off:");
        writer.comment("swarm.enabled = false");
        writer.close();
        return writer;
    }

    private boolean isTracking(String instance) {
        InstanceSection section = instances.get(instance);
        return section != null && section.isTracking();
    }

    private boolean isReverse(String script) {
        ScriptSection section = scripts.get(script);
        return section != null && section.reverse();
    }
}
