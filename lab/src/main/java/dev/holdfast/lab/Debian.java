package dev.holdfast.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A lab host with a whole Debian on it: its own file system over a shared one, and systemd as the first process of
 * its process namespace. Whatever it changes goes away with the lab.
 */
final class Debian implements AutoCloseable {
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

    private final Host host;
    private final LabProcess process;

    private Debian(Host host, LabProcess process) {
        this.host = host;
        this.process = process;
    }

    /** Boots it and waits until systemd has started what a Debian starts. */
    static Debian boot(Host host, Lab lab, Path root) {
        Path folder = host.folder().resolve("debian");
        Path group = unifiedGroups().resolve(lab.cgroup()).resolve(host.name());
        try {
            for (String part : List.of("upper", "work", "root")) {
                Files.createDirectories(folder.resolve(part));
            }
            Files.createDirectories(group);
        } catch (IOException e) {
            throw new LabException("cannot make the Debian of " + host, e);
        }
        String script = """
                set -e
                cd %1$s
                mount --make-rprivate /
                mount -t overlay overlay -o lowerdir=%2$s,upperdir=upper,workdir=work root
                cd root
                mount -t proc proc proc
                mount -t sysfs -o ro sysfs sys
                mount -t cgroup2 cgroup2 sys/fs/cgroup
                mount -t tmpfs -o mode=755 tmpfs dev
                for device in null zero full random urandom tty; do
                  touch dev/$device
                  mount --bind /dev/$device dev/$device
                done
                mkdir dev/pts dev/shm
                mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
                ln -s pts/ptmx dev/ptmx
                mount -t tmpfs -o mode=755 tmpfs run
                mount -t tmpfs tmpfs tmp
                hostname %3$s
                mkdir -p mnt
                pivot_root . mnt
                umount -l mnt
                # systemd mounts a service's credentials in a namespace of its own, from where they must get back.
                mount --make-rshared /
                exec env -i container=lab PATH=/usr/sbin:/usr/bin /usr/lib/systemd/systemd --system \
                  --log-target=console --show-status=no
                """.formatted(folder, root, host.name());
        LabProcess process = host.start(
                "debian",
                "sh",
                "-c",
                "echo $$ > %s/cgroup.procs && exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup sh -c \"$1\""
                        .formatted(group),
                "sh",
                script);
        Debian debian = new Debian(host, process);
        Await.until("the Debian of " + host + " to be up", BOOT_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new LabException("the Debian of " + host + " ended: " + process.log());
            }
            // "degraded" is up as well: a lab lacks things that a machine has.
            return debian.run("systemctl", "is-system-running").out().matches("(?s)(running|degraded).*");
        });
        return debian;
    }

    private static Path unifiedGroups() {
        try {
            return Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .map(line -> line.split(" ", -1))
                    .filter(mount -> mount[2].equals("cgroup2"))
                    .map(mount -> Path.of(mount[1]))
                    .findFirst()
                    .orElseThrow(
                            () -> new LabException("systemd needs control groups of version 2, and none are mounted"));
        } catch (IOException e) {
            throw new LabException("cannot read /proc/mounts", e);
        }
    }

    /** The host it runs on. */
    Host host() {
        return host;
    }

    /** Writes one of its files, outside /run and /tmp, which are its own. */
    void write(String path, String text) {
        Command.Output written = in(
                Map.of("text", text), "sh", "-c", "mkdir -p \"${1%/*}\" && printf %s \"$text\" > \"$1\"", "sh", path);
        written.orThrow();
    }

    /** Runs a command in it to its end. */
    Command.Output run(String... command) {
        return in(Map.of(), command);
    }

    private Command.Output in(Map<String, String> environment, String... command) {
        Path self = Path.of("/proc", Long.toString(process.pid()), "task", Long.toString(process.pid()), "children");
        try {
            String first = Files.readString(self).strip();
            if (first.isEmpty()) {
                return new Command.Output(List.of(command), -1, "", "not booted yet");
            }
            List<String> full = new ArrayList<>(List.of(
                    "nsenter",
                    "--target",
                    first,
                    "--mount",
                    "--pid",
                    "--net",
                    "--uts",
                    "--ipc",
                    "--cgroup",
                    "--root",
                    "--wd",
                    "--",
                    "env",
                    "-i",
                    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                    "DEBIAN_FRONTEND=noninteractive"));
            environment.forEach((name, value) -> full.add(name + "=" + value));
            full.addAll(List.of(command));
            return Command.run(COMMAND_LIMIT, full);
        } catch (IOException e) {
            throw new LabException("the Debian of " + host + " is gone", e);
        }
    }

    /** A property of a unit, as systemctl shows it. */
    String property(String unit, String name) {
        return run("systemctl", "show", "--value", "--property", name, unit)
                .orThrow()
                .out()
                .strip();
    }

    @Override
    public void close() {
        process.close();
    }
}
