package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A real Docker engine on a lab host, in mount and process namespaces of its own: when it is killed, its containers go
 * with it, and nothing stays behind.
 */
public final class Dockerd implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Pattern FORCE = Pattern.compile("ForceNewCluster\\\\*\":true");
    private static final Pattern CHANGING_CALL = Pattern.compile(
            "(?:Calling (?<method>POST|PUT|DELETE|PATCH) (?<path>[^\\s\"]+)"
                    // Since engine 28.
                    + "|msg=\"handling (?<method28>POST|PUT|DELETE|PATCH) request\".* request-url=\"?(?<path28>[^\\s\"]+))");

    /** The root of an unpacked distribution whose engine is run instead of this machine's; usually none. */
    private static final Optional<Path> ROOT = Optional.ofNullable(System.getProperty("holdfast.engine.root"))
            .filter(path -> !path.isBlank())
            .map(Path::of);

    /** The image every engine gets: busybox and nothing else. */
    public static final String IMAGE = "lab/busybox";

    private final Host host;
    private final Path folder;
    private final Path socket;
    private final List<LabProcess> runs = new ArrayList<>();

    private Dockerd(Host host) {
        this.host = host;
        this.folder = host.folder().resolve("engine");
        this.socket = folder.resolve("docker.sock");
    }

    /** Starts an engine and waits until it answers, 3..6 s on an idle machine. */
    public static Dockerd start(Host host, Lab lab) {
        Dockerd dockerd = launch(host, lab);
        dockerd.awaitReady();
        return dockerd;
    }

    /** Starts an engine and does not wait; {@link #awaitReady} does. Several start faster beside each other. */
    public static Dockerd launch(Host host, Lab lab) {
        List<String> missing = Preflight.missingForDocker();
        if (!missing.isEmpty()) {
            throw new LabException("no Docker engine can run here: " + String.join("; ", missing));
        }
        Dockerd dockerd = new Dockerd(host);
        dockerd.run(lab);
        return dockerd;
    }

    private void run(Lab lab) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LabException("cannot make " + folder, e);
        }
        // /run is the engine's own, or several would share plugin sockets; the shell is its namespace's first process
        // and reaps orphans. Debug logs name each call, which is how tests count them. As after a reboot nothing is
        // left
        // of the run before: a process id in containerd's old file may be somebody else's by now, and the engine would
        // wait for that one in vain.
        String script = """
                %3$s && hostname %4$s && rm -rf %1$s/pid %1$s/exec &&
                dockerd --debug --data-root %1$s/data --exec-root %1$s/exec -H unix://%1$s/docker.sock \
                  --pidfile %1$s/pid --cgroup-parent /%2$s --exec-opt native.cgroupdriver=cgroupfs &
                wait $!
                """.formatted(
                folder, lab.cgroup(), ROOT.map(this::mountsAround).orElse("mount -t tmpfs tmpfs /run"), host.name());
        runs.add(host.start(
                "dockerd" + (runs.size() + 1),
                "unshare",
                "--mount",
                "--uts",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                script));
    }

    /**
     * What an engine finds in the root of another distribution: the kernel's own file systems, and the folder of its host. The
     * root becomes that of the mount namespace, since what a container does not pivot away from nobody can enter it later.
     */
    private String mountsAround(Path root) {
        return """
                mount --bind %1$s %1$s && for kernel in proc sys dev; do mount --rbind /$kernel %1$s/$kernel; done &&
                mount -t tmpfs tmpfs %1$s/run && mount -t tmpfs tmpfs %1$s/tmp &&
                mkdir -p %1$s%2$s && mount --bind %2$s %1$s%2$s &&
                cd %1$s && pivot_root . mnt && cd / && umount -l /mnt""".formatted(root, host.folder());
    }

    /** Waits until the engine answers and has the test image. */
    public void awaitReady() {
        Await.until("the Docker engine of " + host, READY_LIMIT, () -> {
            if (!process().isAlive()) {
                throw new LabException("the Docker engine of " + host + " ended: "
                        + process().lines().reversed().stream()
                                .limit(3)
                                .map(LabProcess.Line::text)
                                .toList());
            }
            return Files.exists(socket) && answers();
        });
        importImage();
    }

    private boolean answers() {
        try {
            return Http.get(socket, "/_ping", 2_000).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void importImage() {
        Path root = folder.resolve("root");
        try {
            if (!Files.exists(root)) {
                Files.createDirectories(root.resolve("bin"));
                Path busybox = Path.of(Command.run("sh", "-c", "PATH=$PATH:/usr/sbin command -v busybox")
                        .orThrow()
                        .out()
                        .strip());
                Files.copy(busybox, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new LabException("cannot make the test image's root", e);
        }
        Command.run("sh", "-c", "tar -C %s -c . | docker -H unix://%s import - %s".formatted(root, socket, IMAGE))
                .orThrow();
    }

    /** Kills the engine and starts it again on the same data, as a reboot of the host would. */
    public void restart(Lab lab) {
        relaunch(lab);
        awaitReady();
    }

    /** The same without waiting. */
    public void relaunch(Lab lab) {
        kill();
        run(lab);
    }

    /** Kills the engine with its containers at once. */
    public void kill() {
        process().close();
    }

    /** Stops its CPU time without ending it: it keeps its connections and answers nothing. */
    public void pause() {
        signalEngine("STOP");
    }

    /** Undoes {@link #pause()}. */
    public void resume() {
        signalEngine("CONT");
    }

    private void signalEngine(String signal) {
        long shell = onlyChildOf(process().pid());
        Command.run("kill", "-s", signal, "--", Long.toString(onlyChildOf(shell)))
                .orThrow();
    }

    private static long onlyChildOf(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.children()
                        .filter(child -> !child.info().command().orElse("").endsWith("containerd-shim-runc-v2"))
                        .findFirst())
                .orElseThrow(() -> new LabException("process " + pid + " has no child"))
                .pid();
    }

    /** The host it runs on. */
    public Host host() {
        return host;
    }

    /** Where it keeps what it has. */
    public Path data() {
        return folder.resolve("data");
    }

    /** The version it tells, for example {@code 20.10.24}. */
    public String version() {
        return get("/version").path("Version").asText("unknown").replaceFirst("\\+.*", "");
    }

    /** Its socket, as {@code docker -H} and an agent's {@code docker-host} want it. */
    public String url() {
        return "unix://" + socket;
    }

    /** The process of its latest run. */
    public LabProcess process() {
        return runs.getLast();
    }

    /** Runs the docker command line against this engine and returns what it printed. */
    public String docker(String... arguments) {
        return Command.run(Duration.ofSeconds(60), dockerCommand(arguments))
                .orThrow()
                .out()
                .strip();
    }

    /** Runs the docker command line against this engine and tells whether it succeeded. */
    public boolean dockerSucceeds(String... arguments) {
        return Command.run(Duration.ofSeconds(60), dockerCommand(arguments)).ok();
    }

    private List<String> dockerCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "-H", url()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What the API answers to a GET, for example of {@code /info}; a missing node if it fails or takes over 3 s. */
    public JsonNode get(String path) {
        try {
            // Less than the 20 s that an engine thinks during an election: who polls wants the news, not that answer.
            Http.Answer answer = Http.get(socket, path, 3_000);
            return answer.status() == 200 ? JSON.readTree(answer.body()) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new LabException("not JSON from " + path + " of the engine of " + host, e);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Every call that could have changed something, as {@code METHOD /path}, in the order of the engine's log. */
    public List<String> changingCalls() {
        List<String> calls = new ArrayList<>();
        for (LabProcess run : runs) {
            for (LabProcess.Line line : run.lines()) {
                var call = CHANGING_CALL.matcher(line.text());
                if (call.find()) {
                    calls.add(
                            call.group("method") != null
                                    ? call.group("method") + " " + call.group("path")
                                    : call.group("method28") + " " + call.group("path28"));
                }
            }
        }
        return calls;
    }

    /** How many calls to force a new cluster the engine has received, from its log. */
    public long forceCalls() {
        return runs.stream()
                .flatMap(run -> run.lines().stream())
                .filter(line -> FORCE.matcher(line.text()).find())
                .count();
    }

    @Override
    public void close() {
        runs.forEach(LabProcess::close);
    }
}
