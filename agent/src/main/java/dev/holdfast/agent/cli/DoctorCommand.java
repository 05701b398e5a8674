package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.doctor.Examination;
import dev.holdfast.agent.doctor.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast doctor}. */
record DoctorCommand(Output output) implements Subcommand {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public CommandSpec spec() {
        return Specs.command("doctor", "Looks for what is wrong with this host, and tells the command that mends it.")
                .addArgGroup(ConfigFiles.options())
                .addOption(ConfigFiles.configId())
                .addOption(Specs.flag("--json", "the same for programs"))
                .addOption(Specs.flag("--verbose", "also what could not be looked at"))
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        try {
            Examination.Result result = examine(parsed);
            if (parsed.hasMatchedOption("--json")) {
                output.json(json(result));
            } else {
                output.text(text(result, parsed.hasMatchedOption("--verbose")));
            }
            return result.findings().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (ConfigException e) {
            return output.refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return output.failed("interrupted");
        }
    }

    private static Examination.Result examine(ParseResult parsed) throws ConfigException, InterruptedException {
        Path file = ConfigFiles.file(parsed);
        if (!ConfigFiles.isNamed(parsed) && !Files.exists(file)) {
            return Examination.ofNothing(file);
        }
        LoadedConfig loaded = ConfigFiles.judged(parsed);
        return Examination.of(loaded.config(), file, ConfigFiles.isHocon(parsed), agents(parsed));
    }

    private static Optional<JsonNode> agents(ParseResult parsed) {
        try {
            return Optional.of(new ControlClient(Specs.runDir(parsed), LIMIT).ask("status-all"));
        } catch (ControlException e) {
            return Optional.empty();
        }
    }

    private static String text(Examination.Result result, boolean verbose) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : result.findings()) {
            text.append(finding.complaint().severity().label())
                    .append(": ")
                    .append(finding.text())
                    .append(" [")
                    .append(finding.complaint().label())
                    .append("]\n    ")
                    .append(finding.remedy())
                    .append('\n');
        }
        if (result.findings().isEmpty()) {
            text.append("Nothing to complain about: ").append(result.checks()).append(" checks.\n");
        }
        if (verbose) {
            result.unseen()
                    .forEach(what -> text.append("not seen: ").append(what).append('\n'));
        }
        return text.toString();
    }

    private static ObjectNode json(Examination.Result result) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("checks", result.checks());
        ArrayNode findings = root.putArray("findings");
        result.findings()
                .forEach(finding -> findings.addObject()
                        .put("code", finding.complaint().label())
                        .put("severity", finding.complaint().severity().label())
                        .put("subject", finding.subject())
                        .put("text", finding.text())
                        .put("remedy", finding.remedy()));
        ArrayNode unseen = root.putArray("unseen");
        result.unseen().forEach(unseen::add);
        return root;
    }
}
