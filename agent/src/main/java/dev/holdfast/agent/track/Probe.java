package dev.holdfast.agent.track;

import dev.holdfast.agent.config.ScriptConfig;
import dev.holdfast.agent.script.ScriptResult;
import dev.holdfast.agent.script.ScriptRunner;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Something that can be looked at again and again. Equal probes look at the same thing in the same way. */
sealed interface Probe {
    /** Shown in status and as the reason of a fault. */
    String name();

    TrackerStatus.Kind kind();

    /** From one look's start to the next. */
    Duration interval();

    /** Successes in a row that end DOWN. */
    int rise();

    /** Failures in a row that end UP. */
    int fall();

    /**
     * Looks once; returns when another look may start.
     *
     * @param outcome hears the result and its words, once
     */
    void look(BiConsumer<Boolean, String> outcome) throws InterruptedException;

    /** Runs a script; the result is there at its deadline even if the kernel can't end it, but no second one starts then. */
    record Script(ScriptConfig config) implements Probe {
        @Override
        public String name() {
            return config.name();
        }

        @Override
        public TrackerStatus.Kind kind() {
            return TrackerStatus.Kind.SCRIPT;
        }

        @Override
        public Duration interval() {
            return config.interval();
        }

        @Override
        public int rise() {
            return config.rise();
        }

        @Override
        public int fall() {
            return config.fall();
        }

        @Override
        public void look(BiConsumer<Boolean, String> outcome) throws InterruptedException {
            ScriptRunner.run(
                    config.command(),
                    config.user(),
                    config.timeout(),
                    (ScriptResult result) -> outcome.accept(result.success(), result.describe()));
        }
    }

    /** Asks the kernel whether an interface is up and its link has a carrier. */
    record Interface(String name) implements Probe {
        private static final Duration INTERVAL = Duration.ofMillis(500);

        @Override
        public TrackerStatus.Kind kind() {
            return TrackerStatus.Kind.INTERFACE;
        }

        @Override
        public Duration interval() {
            return INTERVAL;
        }

        @Override
        public int rise() {
            return 1;
        }

        @Override
        public int fall() {
            return 1;
        }

        @Override
        public void look(BiConsumer<Boolean, String> outcome) {
            try {
                // By ioctl, which sees this process's network namespace; /sys may be mounted from another one.
                NetworkInterface found = NetworkInterface.getByName(name);
                if (found == null) {
                    outcome.accept(false, "no such interface");
                } else {
                    boolean up = found.isUp();
                    outcome.accept(up, up ? "up" : "down");
                }
            } catch (SocketException e) {
                outcome.accept(false, String.valueOf(e.getMessage()));
            }
        }
    }
}
