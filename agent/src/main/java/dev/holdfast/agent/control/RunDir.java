package dev.holdfast.agent.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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

    /** The event socket's path within a run-dir. */
    public static Path eventSocket(Path folder) {
        return folder.resolve("events.sock");
    }

    /**
     * Opens a socket in this folder that only this user may connect to, in place of one that a killed agent left. It is made in
     * a folder nobody else may enter and then moved, so that it is never open to others, not even for a moment.
     */
    public ServerSocketChannel listen(Path socket) throws IOException {
        Path closet = folder.resolve("new");
        Path fresh = closet.resolve("s");
        Files.deleteIfExists(fresh);
        Files.deleteIfExists(closet);
        Files.createDirectory(
                closet, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(closet);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
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
