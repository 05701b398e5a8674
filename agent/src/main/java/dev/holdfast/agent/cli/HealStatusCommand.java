package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.status.HealText;
import java.time.Instant;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast heal status}. */
record HealStatusCommand(Output output) implements Subcommand {
    @Override
    public CommandSpec spec() {
        return Specs.command("status", "Shows what healing sees, waits for and refuses, and what comes next.")
                .addOption(Specs.flag("--json", "the same for programs"))
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        try {
            JsonNode heal = new ControlClient(Specs.runDir(parsed)).ask("heal");
            if (parsed.hasMatchedOption("--json")) {
                output.json(heal);
            } else {
                output.text(HealText.status(heal, Instant.now()));
            }
            return ExitCode.DONE;
        } catch (ControlException e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }
}
