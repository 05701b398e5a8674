package dev.holdfast.agent.cli;

/** How a command ends. */
public enum ExitCode {
    /** Done. */
    DONE(0),
    /** It could not be done. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** The configuration is wrong. */
    CONFIGURATION(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** What the process exits with. */
    public int number() {
        return number;
    }
}
