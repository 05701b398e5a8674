package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.status.AllTable;
import dev.holdfast.agent.status.StatusTable;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code holdfast status}. */
record StatusCommand(Output output) implements Subcommand {
    private static final Duration REDRAW = Duration.ofSeconds(1);
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Override
    public CommandSpec spec() {
        return Specs.command("status", "Shows what the running agent knows.")
                .addOption(Specs.flag("--json", "the same as /api/v1/status"))
                .addOption(Specs.flag("--all", "asks the other agents too: who holds the virtual addresses"))
                .addOption(Specs.flag("--watch", "draws anew each second until Ctrl-C; on a terminal"))
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        if (parsed.hasMatchedOption("--watch")) {
            return watch(parsed);
        }
        try {
            JsonNode status = ask(parsed);
            if (parsed.hasMatchedOption("--json")) {
                output.json(status);
            } else {
                output.text(text(parsed, status));
            }
            return ExitCode.DONE;
        } catch (ControlException e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }

    private ExitCode watch(ParseResult parsed) {
        if (parsed.hasMatchedOption("--json")) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "--watch is for people, --json is not");
        }
        if (!output.terminal().isPresent()) {
            return output.failed("--watch needs a terminal");
        }
        do {
            String text;
            try {
                text = text(parsed, ask(parsed));
            } catch (ControlException e) {
                // The agent may be on its way up again.
                text = "holdfast: " + e.getMessage() + "\n";
            }
            output.out().print(CLEAR);
            output.text(text);
            output.out().flush();
        } while (output.terminal().pause(REDRAW));
        return ExitCode.DONE;
    }

    private static JsonNode ask(ParseResult parsed) throws ControlException {
        Path runDir = Specs.runDir(parsed);
        return parsed.hasMatchedOption("--all")
                ? new ControlClient(runDir, Duration.ofSeconds(10)).ask("status-all")
                : new ControlClient(runDir).ask("status");
    }

    private static String text(ParseResult parsed, JsonNode status) {
        return parsed.hasMatchedOption("--all") ? AllTable.of(status) : StatusTable.of(status);
    }
}
