package dev.holdfast.agent.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** Where secrets are kept outside the configuration: files, and the credentials that systemd hands to a service. */
final class KeyStore {
    static final String FILE_FORM = "the absolute path of a file that its owner alone may read (chmod 600)";
    static final String CREDENTIAL_FORM = "the name of a credential that the unit loads (LoadCredential=NAME:PATH)";

    /** Where systemd puts a service's credentials, systemd.exec(5). */
    private static final String CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY";

    private static final int LONGEST = 4096;
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Map<String, String> environment;

    KeyStore(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A secret can't be had; {@code what} names where it was looked for, never what is in it. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;
        private final String accepted;
        private final boolean elsewhere;

        UnreadableException(String what, String accepted) {
            this(what, accepted, false);
        }

        UnreadableException(String what, String accepted, boolean elsewhere) {
            super(what + ": " + accepted);
            this.what = what;
            this.accepted = accepted;
            this.elsewhere = elsewhere;
        }

        String what() {
            return what;
        }

        String accepted() {
            return accepted;
        }

        /** Whether the agent may find it all the same: on another host, as another user, or started by its unit. */
        boolean elsewhere() {
            return elsewhere;
        }
    }

    /** The text of a file without the line break at its end. */
    String file(String path) throws UnreadableException {
        Path file = Path.of(path);
        if (!file.isAbsolute()) {
            throw new UnreadableException(path, FILE_FORM);
        }
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                throw new UnreadableException(path, "a file that its owner alone may read: chmod 600 " + path);
            }
        } catch (NoSuchFileException e) {
            throw new UnreadableException(path, "a file that is there", true);
        } catch (AccessDeniedException e) {
            throw new UnreadableException(path, FILE_FORM, true);
        } catch (IOException e) {
            throw new UnreadableException(path, FILE_FORM);
        }
        return read(file, path, FILE_FORM);
    }

    /** The text of a credential without the line break at its end. */
    String credential(String name) throws UnreadableException {
        String folder = environment.get(CREDENTIALS_DIRECTORY);
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
            throw new UnreadableException(name, CREDENTIAL_FORM);
        }
        if (folder == null) {
            throw new UnreadableException(name, CREDENTIAL_FORM, true);
        }
        // Its permissions are systemd's affair: it may be readable to the service's group.
        return read(Path.of(folder).resolve(name), name, CREDENTIAL_FORM);
    }

    private static String read(Path file, String what, String accepted) throws UnreadableException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST);
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        } catch (AccessDeniedException e) {
            throw new UnreadableException(what, accepted, true);
        } catch (IOException e) {
            throw new UnreadableException(what, accepted);
        }
    }
}
