package dev.holdfast.swarm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writing files so that a crash at any moment leaves the old content or the new, and what was acknowledged is on disk. */
public final class StateFiles {

    private StateFiles() {}

    /** Replaces a file: temporary file, fsync, rename, fsync of the directory. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path directory = directoryOf(file);
        Files.createDirectories(directory);
        Path temporary = directory.resolve(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, content);
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(directory);
    }

    /** Appends a line, which starts on a line of its own even if the last one is torn, and waits until it is on disk. */
    public static void appendLine(Path file, byte[] line) throws IOException {
        Path directory = directoryOf(file);
        Files.createDirectories(directory);
        boolean isNew = !Files.exists(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean torn = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
            byte[] content = new byte[line.length + (torn ? 2 : 1)];
            System.arraycopy(line, 0, content, torn ? 1 : 0, line.length);
            if (torn) {
                content[0] = '\n';
            }
            content[content.length - 1] = '\n';
            channel.position(size);
            writeFully(channel, content);
            channel.force(true);
        }
        if (isNew) {
            syncDirectory(directory);
        }
    }

    private static void writeFully(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a directory is needed, not " + file);
        }
        return parent;
    }
}
