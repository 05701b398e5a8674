package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The options that name a configuration, of either kind, and the file they mean. */
final class ConfigFiles {
    /** Where a configuration is looked for. */
    static final Path DEFAULT = Path.of("/etc/holdfast/holdfast.conf");

    private static final String KEEPALIVED = "--keepalived-conf";
    private static final String CONFIG_ID = "--config-id";

    private ConfigFiles() {}

    static ArgGroupSpec options() {
        return ArgGroupSpec.builder()
                .exclusive(true)
                .multiplicity("0..1")
                .addArg(Specs.path("-c", "FILE", "the configuration (" + DEFAULT + ")"))
                .addArg(Specs.path(KEEPALIVED, "FILE", "a keepalived.conf instead"))
                .build();
    }

    static OptionSpec configId() {
        return OptionSpec.builder(CONFIG_ID)
                .paramLabel("ID")
                .type(String.class)
                .description("what @ID lines of a keepalived.conf are held against (the host's name)")
                .build();
    }

    /** The value of {@link #configId()}, empty if it is not given. */
    static String configId(ParseResult parsed) {
        return parsed.matchedOptionValue(CONFIG_ID, "");
    }

    /** The file that is meant. */
    static Path file(ParseResult parsed) {
        if (parsed.hasMatchedOption(CONFIG_ID) && !parsed.hasMatchedOption(KEEPALIVED)) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(), CONFIG_ID + " goes with --keepalived-conf alone");
        }
        return parsed.matchedOptionValue(KEEPALIVED, parsed.matchedOptionValue("-c", DEFAULT));
    }

    /** Whether the command line names a file, of either kind. */
    static boolean isNamed(ParseResult parsed) {
        return parsed.hasMatchedOption(KEEPALIVED) || parsed.hasMatchedOption("-c");
    }

    /** Whether it is a configuration of our own kind. */
    static boolean isHocon(ParseResult parsed) {
        return !parsed.hasMatchedOption(KEEPALIVED);
    }

    /** Reads the file anew each time. */
    static ConfigSupplier source(ParseResult parsed) {
        Path file = file(parsed);
        if (!parsed.hasMatchedOption(KEEPALIVED)) {
            return () -> ConfigSource.load(file);
        }
        String configId = configId(parsed);
        return configId.isEmpty()
                ? () -> ConfigSource.loadKeepalived(file)
                : () -> ConfigSource.loadKeepalived(file, configId);
    }

    /** Reads the file by itself, whatever this host lacks. */
    static LoadedConfig judged(ParseResult parsed) throws ConfigException {
        Path file = file(parsed);
        if (!parsed.hasMatchedOption(KEEPALIVED)) {
            return ConfigSource.judge(file);
        }
        String configId = configId(parsed);
        return configId.isEmpty() ? ConfigSource.judgeKeepalived(file) : ConfigSource.judgeKeepalived(file, configId);
    }
}
