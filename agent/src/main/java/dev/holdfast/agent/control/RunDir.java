package dev.holdfast.agent.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder of one running agent, held by a lock that the kernel drops with the process: no stale pid file. */
public final class RunDir implements AutoCloseable {
    /** Where a running agent keeps its files unless told otherwise. */
    public static final Path DEFAULT = Path.of("/run/holdfast");

    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel channel;

    private RunDir(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder if need be and takes it.
     *
     * @throws IOException with a message for the operator: it can't be written, or another agent has it
     */
    public static RunDir take(Path folder) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("the run-dir " + folder + " can't be used: " + reason(e), e);
        }
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The holder is this very process.
        } catch (IOException e) {
            channel.close();
            throw new IOException("the run-dir " + folder + " can't be locked: " + reason(e), e);
        }
        if (lock == null) {
            channel.close();
            throw new IOException("another agent runs with the run-dir " + folder);
        }
        return new RunDir(folder, channel);
    }

    /** The control socket's path within a run-dir. */
    public static Path socket(Path folder) {
        return folder.resolve("control.sock");
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** The system's words without the path that the message names anyway. */
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            case FileSystemException f -> f.getClass().getSimpleName() + " " + f.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
