package dev.holdfast.agent.cli;

import java.io.Console;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Who sits in front of the commands, if anybody does. */
interface Terminal {
    /** Nobody: everything is plain, and nothing is asked. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean isPresent() {
            return false;
        }

        @Override
        public boolean hasColours() {
            return false;
        }

        @Override
        public Optional<String> ask(String question) {
            return Optional.empty();
        }

        @Override
        public boolean pause(Duration howLong) {
            return false;
        }
    };

    /** Whether input and output are a terminal. */
    boolean isPresent();

    /** Whether the output may be coloured. */
    boolean hasColours();

    /** Asks and waits for a line; empty at its end. */
    Optional<String> ask(String question);

    /** Waits; false means to stop. */
    boolean pause(Duration howLong);

    /** The one of this process. */
    static Terminal ofThisProcess(Map<String, String> environment) {
        // Whether there is one without a terminal differs between releases of the JDK.
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isEmpty()) {
            return NONE;
        }
        Console console = terminal.get();
        // See no-color.org: any value but an empty one.
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal() {
            @Override
            public boolean isPresent() {
                return true;
            }

            @Override
            public boolean hasColours() {
                return colours;
            }

            @Override
            public Optional<String> ask(String question) {
                return Optional.ofNullable(console.readLine("%s", question));
            }

            @Override
            public boolean pause(Duration howLong) {
                try {
                    Thread.sleep(howLong);
                    return true;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        };
    }
}
