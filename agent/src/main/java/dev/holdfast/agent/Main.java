package dev.holdfast.agent;

import dev.holdfast.agent.cli.Cli;
import dev.holdfast.agent.cli.ConfigSupplier;
import dev.holdfast.agent.cli.ExitCode;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.log.LogSetup;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program {@code holdfast}. */
public final class Main {
    private Main() {}

    /** Does what the arguments say and exits. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8));
        ExitCode code = run(out, err, args);
        // The exit ends whatever thread still hangs: nothing of the agent's is left to do.
        System.exit(code.number());
    }

    /** The same without the exit. */
    static ExitCode run(PrintWriter out, PrintWriter err, String... args) {
        return Cli.ofThisProcess(Main::runAgent, out, err).run(args);
    }

    private static void runAgent(ConfigSupplier source, Path runDir, Path stateDir)
            throws ConfigException, Cli.RunFailure {
        try {
            Foreground.run(source, runDir, stateDir);
        } catch (AgentException e) {
            throw new Cli.RunFailure(String.valueOf(e.getMessage()));
        } finally {
            // Before the reason of a failure is printed, so that it comes last.
            LogSetup.flush();
        }
    }
}
