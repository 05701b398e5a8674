package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.status.HealText;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast heal now}: shows what it would do, and does it once somebody said yes. */
record HealNowCommand(Output output) implements Subcommand {
    private static final Duration PREVIEW_LIMIT = Duration.ofSeconds(100);
    /** The call may take a minute, and showing this node as leader another one. */
    private static final Duration ORDER_LIMIT = Duration.ofSeconds(260);

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        "now",
                        "Forces a new cluster from this host, after showing what that means and asking. Overrules the"
                                + " policy, hold, pauses and witnesses; never a leader, an election or managers that answer.")
                .addOption(Specs.flag("--yes", "does not ask"))
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        Path runDir = Specs.runDir(parsed);
        try {
            JsonNode preview = new ControlClient(runDir, PREVIEW_LIMIT).ask("heal-preview");
            output.text(HealText.preview(preview));
            output.out().flush();
            if (!preview.path("wouldForce").asBoolean()) {
                return output.failed(
                        "nothing was done: " + preview.path("explanation").asText());
            }
            if (!parsed.hasMatchedOption("--yes") && !agreed()) {
                return output.failed("nothing was done: only the answer yes, at a terminal, or --yes does it");
            }
            JsonNode outcome = new ControlClient(runDir, ORDER_LIMIT).ask("heal-now");
            String text = HealText.outcome(outcome);
            if (!outcome.path("result").asText().equals("success")) {
                return output.failed(text);
            }
            output.out().println(text);
            return ExitCode.DONE;
        } catch (ControlException e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }

    private boolean agreed() {
        return output.terminal().isPresent()
                && output.terminal()
                        .ask("\nForce a new cluster from this host now? Type yes: ")
                        .filter(answer -> answer.strip().equals("yes"))
                        .isPresent();
    }
}
