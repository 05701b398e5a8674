package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The container image, built by a real engine that can pull nothing, on a base that holds a C library and nothing else. */
@EndToEnd
@Tag("soak")
@ResourceLock("engines")
class ContainerTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String IMAGE = "holdfast:test";
    private static final String BUILD_BASE = "lab/build";
    private static final String BASE = "lab/libc";
    private static final String[] STATUS = {
        "exec", "holdfast", "/usr/lib/holdfast/runtime/bin/java", "@/usr/lib/holdfast/lib/container.options", "status"
    };
    private static final List<String> LEAST = List.of(
            "--cap-drop=ALL",
            "--cap-add=NET_ADMIN",
            "--cap-add=NET_RAW",
            "--cap-add=SYS_NICE",
            "--security-opt=no-new-privileges:true");

    /** As many will run it. Old engines refuse that where the machine itself is a container with fewer capabilities than there are. */
    private static List<String> privileged(Dockerd engine) {
        boolean possible = engine.dockerSucceeds(
                "run", "--rm", "--privileged", "--network=host", Dockerd.IMAGE, "/bin/busybox", "true");
        System.out.println(possible ? "privileged" : "not privileged: this engine refuses it here");
        return possible ? List.of("--privileged") : LEAST;
    }

    /** A base without a shell: the libraries that Java is linked against, and what finds them. */
    private static void importBase(Dockerd engine) throws IOException {
        Path base = Files.createDirectories(engine.host().folder().resolve("base"));
        Command.run(
                        "sh",
                        "-c",
                        """
                set -e
                cd "$1"
                find "$2" -type f \\( -name '*.so' -o -path '*/bin/java' \\) -exec ldd {} + 2> /dev/null \\
                  | sed -n 's/.*=> \\(\\/[^ ]*\\) (.*/\\1/p; s/^[[:space:]]*\\(\\/[^ ]*\\) (.*/\\1/p' | sort -u \\
                  | grep -v "^$2" | while read -r library; do
                    mkdir -p ".${library%/*}"
                    cp -L "$library" ".$library"
                  done
                mkdir -p etc tmp var/lib run
                tar -c . | docker -H "$3" import - "$4"
                """,
                        "sh",
                        base.toString(),
                        AgentProcess.executable().getParent().getParent().toString(),
                        engine.url(),
                        BASE)
                .orThrow();
    }

    /** Stands for an image with a JDK: the context brings a Holdfast that is built already, so that a shell is enough. */
    private static void importBuildBase(Dockerd engine) throws IOException {
        Path base = Files.createDirectories(engine.host().folder().resolve("build-base"));
        Command.run("sh", "-c", """
                set -e
                cd "$1"
                mkdir bin
                cp "$(PATH=$PATH:/usr/sbin command -v busybox)" bin/
                for tool in sh cat cp ln mkdir '['; do ln -s busybox "bin/$tool"; done
                tar -c . | docker -H "$2" import - "$3"
                """, "sh", base.toString(), engine.url(), BUILD_BASE)
                .orThrow();
    }

    /** What git knows and what ./dev build made: a context as a user has it. */
    private static String build(Dockerd engine) {
        return Command.run(
                        Duration.ofMinutes(5),
                        List.of(
                                "env",
                                "DOCKER_BUILDKIT=0",
                                "docker",
                                "-H",
                                engine.url(),
                                "build",
                                "--build-arg",
                                "BUILD_IMAGE=" + BUILD_BASE,
                                "--build-arg",
                                "BASE_IMAGE=" + BASE,
                                "--tag",
                                IMAGE,
                                ROOT.toString()))
                .orThrow()
                .out();
    }

    private static void copy(Dockerd from, Dockerd to) {
        Command.run(
                        Duration.ofMinutes(3),
                        List.of(
                                "sh",
                                "-c",
                                "docker -H %s save %s | docker -H %s load".formatted(from.url(), IMAGE, to.url())))
                .orThrow();
    }

    private static void run(Dockerd engine, List<String> rights, String config) {
        Host host = engine.host();
        host.write("holdfast.conf", config);
        List<String> command = new ArrayList<>(List.of(
                "run",
                "--detach",
                "--name=holdfast",
                "--network=host",
                "--restart=unless-stopped",
                "--stop-timeout=40"));
        command.addAll(rights);
        command.addAll(List.of("--volume=" + host.folder() + ":/etc/holdfast:ro", IMAGE));
        engine.docker(command.toArray(String[]::new));
    }

    /** Kills the agent itself; docker kill would count as wanted, and nothing starts again what was ended so. */
    private static void crash(Host host) {
        Command.run("sh", "-c", """
                for pid in $(ip netns pids "$1"); do
                  if grep -qs 'container[.]options' "/proc/$pid/cmdline"; then kill -s KILL "$pid"; fi
                done
                """, "sh", host.namespace()).orThrow();
    }

    private static boolean answers(Dockerd engine) {
        return engine.dockerSucceeds(STATUS);
    }

    private static String status(Dockerd engine) {
        return engine.docker(STATUS);
    }

    @Test
    void threeContainersHoldOneAddressAndFailOver(Lab lab) throws IOException {
        List<Dockerd> engines = Stream.of("a", "b", "c")
                .map(lab::host)
                .map(host -> Dockerd.launch(host, lab))
                .toList();
        engines.forEach(Dockerd::awaitReady);
        Dockerd a = engines.get(0);
        Dockerd b = engines.get(1);
        Dockerd c = engines.get(2);
        importBase(a);
        importBuildBase(a);
        build(a);
        copy(a, b);
        copy(a, c);

        run(a, privileged(a), Router.of(Mode.V3_FAST, 200).holdfast(a.host()));
        run(b, privileged(b), Router.of(Mode.V3_FAST, 150).holdfast(b.host()));
        // The last one with no more than it needs.
        run(c, LEAST, Router.of(Mode.V3_FAST, 100).holdfast(c.host()));
        lab.awaitSoleHolder(a.host(), Router.VIP, SOON);
        for (Dockerd engine : engines) {
            Await.until("the agent on " + engine.host() + " to tell its status", SOON, () -> answers(engine));
            // No complaint: neither about a capability nor about an AOT cache that does not fit.
            assertThat(engine.docker("logs", "holdfast").lines().filter(line -> line.contains(" WARN ")))
                    .as("warnings on " + engine.host())
                    .isEmpty();
        }
        assertThat(status(a)).contains("MASTER");

        // A crash: the engine starts it again, by its restart policy.
        String started = a.docker("inspect", "--format={{.State.StartedAt}}", "holdfast");
        crash(a.host());
        Await.until(
                "the engine to start it again",
                SOON,
                () -> !a.docker("inspect", "--format={{.State.StartedAt}}", "holdfast")
                        .equals(started));
        // What crashed has left the address for its lifetime: that it is there does not say that somebody is up.
        Await.until(
                "the new one to be MASTER", SOON, () -> answers(a) && status(a).contains("MASTER"));
        lab.awaitSoleHolder(a.host(), Router.VIP, SOON);

        // A planned stop hands over.
        a.docker("stop", "holdfast");
        lab.awaitSoleHolder(b.host(), Router.VIP, SOON);
        assertThat(a.docker("inspect", "--format={{.State.ExitCode}}", "holdfast"))
                .isEqualTo("0");

        // With its engine the container goes, and the address moves on.
        b.kill();
        lab.awaitSoleHolder(c.host(), Router.VIP, SOON);
        System.out.println("image: " + a.docker("image", "inspect", "--format={{.Size}}", IMAGE) + " bytes");
    }
}
