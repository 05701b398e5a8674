package dev.holdfast.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import java.io.PrintWriter;

/**
 * Where commands write.
 *
 * @param out for what was asked
 * @param err for what went wrong
 * @param terminal who reads it
 */
record Output(PrintWriter out, PrintWriter err, Terminal terminal) {
    /** The configuration is wrong; each warning and fault is a line. */
    ExitCode refused(ConfigException e) {
        e.warnings().forEach(warning -> err.println("warning: " + warning.message()));
        for (Fault fault : e.faults()) {
            err.println("error: " + fault.message());
        }
        return ExitCode.CONFIGURATION;
    }

    /** It could not be done; why is one line. */
    ExitCode failed(String message) {
        err.println("holdfast: " + oneLine(message));
        return ExitCode.FAILED;
    }

    /** Prints JSON for people and programs. */
    void json(JsonNode node) {
        try {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }

    /** Prints a table or remarks, with colours where they can be seen. */
    void text(String text) {
        out.print(terminal.hasColours() ? Colours.paint(text) : text);
    }

    static String oneLine(String text) {
        return text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    }
}
