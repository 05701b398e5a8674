package dev.holdfast.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Where healing keeps what must outlive the process: small files by name. What a method wrote is on disk when it returns; after
 * a crash a file has its old content or its new.
 */
interface StateStore {

    /** {@return the content, or null if there is no such file} */
    byte @Nullable [] read(String name) throws IOException;

    /** Replaces a file, or makes it. */
    void replace(String name, byte[] content) throws IOException;

    /** Appends a line, on a line of its own even if the last one is torn. */
    void append(String name, byte[] line) throws IOException;

    /** {@return how long a file is, bytes; 0 if there is none} */
    long size(String name) throws IOException;

    /** Renames a file over another. */
    void rename(String from, String to) throws IOException;

    /** {@return the file for people} */
    default String where(String name) {
        return name;
    }

    /** {@return the files of a directory, which is made when something is written} */
    static StateStore in(Path directory) {
        return new StateStore() {
            @Override
            public String where(String name) {
                return directory.resolve(name).toString();
            }

            @Override
            public byte @Nullable [] read(String name) throws IOException {
                Path file = directory.resolve(name);
                return Files.exists(file) ? Files.readAllBytes(file) : null;
            }

            @Override
            public void replace(String name, byte[] content) throws IOException {
                StateFiles.replace(directory.resolve(name), content);
            }

            @Override
            public void append(String name, byte[] line) throws IOException {
                StateFiles.appendLine(directory.resolve(name), line);
            }

            @Override
            public long size(String name) throws IOException {
                Path file = directory.resolve(name);
                return Files.exists(file) ? Files.size(file) : 0;
            }

            @Override
            public void rename(String from, String to) throws IOException {
                Files.move(
                        directory.resolve(from),
                        directory.resolve(to),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            }
        };
    }
}
