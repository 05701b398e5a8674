package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads the text of a configuration file. */
final class ConfigText {
    /** Far more than any configuration needs, and little enough to hold in memory. */
    private static final int MAX_BYTES = 1 << 20;

    private ConfigText() {}

    /** The file's text: UTF-8, or Latin-1 when it can't be that, as old comments are. A byte order mark is dropped. */
    static String read(Path file) throws ConfigException {
        if (Files.isDirectory(file)) {
            throw unreadable(file, "a file, not a directory");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw missing(file);
        } catch (AccessDeniedException e) {
            throw unreadable(file, "a file that this user may read");
        } catch (IOException e) {
            throw unreadable(file, "a readable file (" + e.getMessage() + ")");
        }
        if (bytes.length > MAX_BYTES) {
            throw unreadable(file, "a file of at most " + MAX_BYTES + " bytes");
        }
        return decode(bytes);
    }

    static String decode(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    static ConfigException missing(Path file) {
        return unreadable(file, "a file that exists");
    }

    private static ConfigException unreadable(Path file, String accepted) {
        return new ConfigException(
                List.of(new Fault(FaultReason.UNREADABLE, Position.of(file.toString()), "", "", accepted)));
    }
}
