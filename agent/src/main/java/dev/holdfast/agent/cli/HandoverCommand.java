package dev.holdfast.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast handover}: done only if each instance was handed over. */
record HandoverCommand(Output output) implements Subcommand {
    /** Twice the longest Skew_Time there is, 40.95 s, and something on top. */
    private static final Duration LIMIT = Duration.ofSeconds(100);

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        "handover",
                        "Has another host take over, without a gap; this one then obeys it whatever the priorities are.")
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("INSTANCE")
                        .type(String.class)
                        .index("0")
                        .arity("0..1")
                        .description("which one (each that is MASTER here)")
                        .build())
                .addOption(Specs.runDir());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        String instance = parsed.matchedPositionalValue(0, "");
        try {
            JsonNode results = new ControlClient(Specs.runDir(parsed), LIMIT)
                    .ask("handover", instance.isEmpty() ? Map.of() : Map.of("instance", instance));
            ExitCode code = ExitCode.DONE;
            for (JsonNode result : results) {
                String line = result.path("instance").asText() + ": "
                        + result.path("text").asText();
                if (result.path("handedOver").asBoolean()) {
                    output.out().println(line);
                } else {
                    code = output.failed(line);
                }
            }
            return code;
        } catch (ControlException e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }
}
