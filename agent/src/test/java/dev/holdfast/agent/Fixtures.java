package dev.holdfast.agent;

import dev.holdfast.agent.config.Command;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.ScriptConfig;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.Authentication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Small configurations for tests. */
public final class Fixtures {
    private Fixtures() {}

    /** An instance on eth0 with the address 10.0.0.70/24 and a password that must never be shown. */
    public static InstanceSpec spec(String name, int virtualRouterId, int priority) {
        return InstanceSpec.builder(name, "eth0", virtualRouterId)
                .priority(priority)
                .addresses(List.of(VipAddress.parse("10.0.0.70/24")))
                .authentication(new Authentication.Pass("s3cret"))
                .vipLifetime(Duration.ofSeconds(4))
                .build();
    }

    public static InstanceConfig instance(InstanceSpec spec, Tracked... scripts) {
        return new InstanceConfig(spec, new TrackConfig(List.of(scripts), List.of()), NotifyConfig.NONE);
    }

    /** Runs every 20 ms with a limit of 300 ms; one result is enough in either direction. */
    public static ScriptConfig script(String name, String... argv) {
        return new ScriptConfig(
                name,
                Command.of(argv),
                Duration.ofMillis(20),
                Duration.ofMillis(300),
                1,
                1,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.empty());
    }

    /** A command of the shell. */
    public static Command sh(String script, String... arguments) {
        String[] argv = {"/bin/sh", "-c", script, "sh"};
        String[] all = Arrays.copyOf(argv, argv.length + arguments.length);
        System.arraycopy(arguments, 0, all, argv.length, arguments.length);
        return Command.of(all);
    }

    /** A file's text, empty while it does not exist. */
    public static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
