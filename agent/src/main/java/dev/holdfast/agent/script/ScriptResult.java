package dev.holdfast.agent.script;

import java.time.Duration;

/** How one run of a script ended. */
public sealed interface ScriptResult {
    /** Whether the script ran and said yes. */
    boolean success();

    /** The result in a few words, for logs and status. */
    String describe();

    /**
     * It ended by itself.
     *
     * @param status the exit status; 128 + N where signal N ended it
     */
    record Exited(int status) implements ScriptResult {
        @Override
        public boolean success() {
            return status == 0;
        }

        @Override
        public String describe() {
            return switch (status) {
                case 126 -> "exit status 126 (not executable)";
                case 127 -> "exit status 127 (command not found)";
                default -> "exit status " + status;
            };
        }
    }

    /**
     * It was killed with its children.
     *
     * @param limit the time it was given
     */
    record TimedOut(Duration limit) implements ScriptResult {
        @Override
        public boolean success() {
            return false;
        }

        @Override
        public String describe() {
            return "killed after " + limit.toMillis() + " ms";
        }
    }

    /**
     * It never ran.
     *
     * @param reason why not
     */
    record NotStarted(String reason) implements ScriptResult {
        @Override
        public boolean success() {
            return false;
        }

        @Override
        public String describe() {
            return "not started: " + reason;
        }
    }
}
