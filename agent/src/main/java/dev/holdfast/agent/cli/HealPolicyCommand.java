package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.status.HealText;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast heal observe} and its like: the policy of the running agent. */
record HealPolicyCommand(Output output, String policy, String description) implements Subcommand {
    /** A look at an engine that does not answer comes first, which takes up to half a minute. */
    private static final Duration LIMIT = Duration.ofSeconds(100);

    @Override
    public CommandSpec spec() {
        return Specs.command(policy, description + " Until the agent ends, or a reload changes the policy.")
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        try {
            JsonNode swarm =
                    new ControlClient(Specs.runDir(parsed), LIMIT).ask("heal-policy", Map.of("policy", policy));
            output.text(HealText.policy(swarm));
            return ExitCode.DONE;
        } catch (ControlException e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }
}
