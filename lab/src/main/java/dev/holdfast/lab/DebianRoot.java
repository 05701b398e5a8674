package dev.holdfast.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** The file system of a fresh Debian with systemd, unpacked by debootstrap once and shared by all labs, which never write to it. */
final class DebianRoot {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String PACKAGES = "systemd,systemd-sysv,dbus,iproute2";

    private DebianRoot() {}

    /**
     * Its folder; making it takes a minute or two and the distribution's packages.
     *
     * @param release Debian's name for it
     */
    static synchronized Path of(String release) {
        Path root = Path.of("target", "debian", release).toAbsolutePath();
        if (Files.isDirectory(root)) {
            return root;
        }
        try {
            Files.createDirectories(root.getParent());
            Path draft = Files.createTempDirectory(root.getParent(), release);
            // In a mount namespace of its own: debootstrap may leave file systems mounted behind.
            Command.run(
                            LIMIT,
                            List.of(
                                    "unshare",
                                    "--mount",
                                    "debootstrap",
                                    "--variant=minbase",
                                    "--include=" + PACKAGES,
                                    release,
                                    draft.toString()))
                    .orThrow();
            // Each boot is a host of its own.
            Files.writeString(draft.resolve("etc/machine-id"), "");
            Command.run("chmod", "755", draft.toString()).orThrow();
            return Files.move(draft, root, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException("cannot make a Debian " + release, e);
        }
    }
}
