package dev.holdfast.agent.track;

import dev.holdfast.agent.config.ScriptConfig;
import dev.holdfast.agent.script.ScriptResult;
import dev.holdfast.agent.script.ScriptRunner;
import dev.holdfast.vrrp.policy.RiseFall;
import java.util.function.Consumer;

/** Runs a script; the result is there at its deadline even if the kernel can't end it, but no second one starts then. */
record ScriptProbe(ScriptConfig config) implements ConfiguredProbe {
    @Override
    public RiseFall.State initialState() {
        return switch (config.init()) {
            case UP -> RiseFall.State.UP;
            case DOWN -> RiseFall.State.DOWN;
            case UNKNOWN -> RiseFall.State.UNKNOWN;
        };
    }

    @Override
    public void look(Consumer<Reading> outcome) throws InterruptedException {
        ScriptRunner.run(
                config.command(),
                config.user(),
                config.timeout(),
                (ScriptResult result) -> outcome.accept(Reading.of(result.success(), result.describe())));
    }
}
