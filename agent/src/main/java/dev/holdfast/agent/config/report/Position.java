package dev.holdfast.agent.config.report;

/**
 * A place in a configuration file.
 *
 * @param file the file's name as the user gave it
 * @param line 1 for the first line; 0 for the file as a whole
 */
public record Position(String file, int line) implements Comparable<Position> {

    /** The same file as a whole, for what is missing or can't be placed. */
    public static Position of(String file) {
        return new Position(file, 0);
    }

    @Override
    public int compareTo(Position other) {
        int byFile = file.compareTo(other.file);
        return byFile != 0 ? byFile : Integer.compare(line, other.line);
    }

    /** {@code FILE:LINE}, or {@code FILE} for the file as a whole. */
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
