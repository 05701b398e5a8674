package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the {@link PromiseBook} outlives the process. */
public interface BookStore {

    /** The file in the state directory. */
    String FILE = "promises";

    /** {@return the content, or null if nothing was ever written} */
    byte @Nullable [] read() throws IOException;

    /** Replaces the content, which is on disk when this returns; after a crash there is the old content or the new. */
    void replace(byte[] content) throws IOException;

    /** {@return the file {@value #FILE} of that directory, which is made when something is written} */
    static BookStore in(Path stateDir) {
        Path file = stateDir.resolve(FILE);
        return new BookStore() {
            @Override
            public byte @Nullable [] read() throws IOException {
                try {
                    return Files.readAllBytes(file);
                } catch (NoSuchFileException e) {
                    return null;
                }
            }

            @Override
            public void replace(byte[] content) throws IOException {
                StateFiles.replace(file, content);
            }
        };
    }
}
