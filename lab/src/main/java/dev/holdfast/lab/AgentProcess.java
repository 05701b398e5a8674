package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built agent on a lab host, started as a user would and asked only by what the contract promises. */
public final class AgentProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HTTP_PORT = 9651;
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{(.*)\\})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Host host;
    private final Path configFile;
    private final Path runFolder;
    private final Path stateFolder;
    private final String configOption;
    private final Surroundings surroundings;
    private LabProcess process;
    private int starts;

    /**
     * What the agent's process finds around it other than usual.
     *
     * @param wrapper a command line that its own is appended to, and which must become the agent (exec)
     * @param environment entries {@code NAME=value}
     */
    public record Surroundings(List<String> wrapper, List<String> environment) {
        static final Surroundings USUAL = new Surroundings(List.of(), List.of());
    }

    private AgentProcess(Host host, String configOption, Path configFile, Surroundings surroundings) {
        this.host = host;
        this.configOption = configOption;
        this.configFile = configFile;
        this.surroundings = surroundings;
        this.runFolder = host.folder().resolve("run");
        this.stateFolder = host.folder().resolve("state");
        this.process = launch();
    }

    /**
     * Starts the agent with a configuration of its own kind and waits until it serves its status.
     *
     * @param config the text of holdfast.conf
     */
    public static AgentProcess start(Host host, String config) {
        return start(host, config, Surroundings.USUAL);
    }

    /** The same in other surroundings. */
    public static AgentProcess start(Host host, String config, Surroundings surroundings) {
        AgentProcess agent = new AgentProcess(host, "-c", host.write("holdfast.conf", config), surroundings);
        agent.awaitUp();
        return agent;
    }

    /** The same without waiting, for configurations that it must refuse. */
    public static AgentProcess launch(Host host, String config) {
        return new AgentProcess(host, "-c", host.write("holdfast.conf", config), Surroundings.USUAL);
    }

    /** Starts the agent with a keepalived.conf and waits until it serves its status. */
    public static AgentProcess startWithKeepalivedConf(Host host, String config) {
        AgentProcess agent =
                new AgentProcess(host, "--keepalived-conf", host.write("keepalived.conf", config), Surroundings.USUAL);
        agent.awaitUp();
        return agent;
    }

    private LabProcess launch() {
        starts++;
        List<String> command = new ArrayList<>(surroundings.wrapper());
        command.addAll(List.of(
                executable().toString(),
                "run",
                configOption,
                configFile.toString(),
                "--run-dir",
                runFolder.toString(),
                "--state-dir",
                stateFolder.toString()));
        return host.start(starts == 1 ? "holdfast" : "holdfast" + starts, command, surroundings.environment());
    }

    /**
     * The built agent's program.
     *
     * @throws LabException if it has not been built
     */
    public static Path executable() {
        Path home = Path.of(System.getProperty("holdfast.home", "../agent/target/holdfast"))
                .toAbsolutePath()
                .normalize();
        Path executable = home.resolve("bin/holdfast");
        if (!Files.isExecutable(executable)) {
            throw new LabException(executable + " is missing: ./dev build makes it");
        }
        return executable;
    }

    /** The version it tells. */
    public static String version() {
        return Command.run(executable().toString(), "version").orThrow().out().strip();
    }

    /** Waits until it serves its status. */
    public void awaitUp() {
        Await.until("the agent of " + host + " to be up", START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new LabException("the agent of " + host + " ended: " + process.log());
            }
            return get("/healthz").status() != 0;
        });
    }

    /** Starts it again after its end, with the same files. */
    public void restart() {
        process.close();
        process = launch();
        awaitUp();
    }

    /** The process: its log, its signals. */
    public LabProcess process() {
        return process;
    }

    /** The host it runs on. */
    public Host host() {
        return host;
    }

    /** What it has logged so far. */
    public String log() {
        return process.log();
    }

    /** Asks it to leave (SIGTERM) and waits for the end. */
    public int terminate() {
        process.signal("TERM");
        return process.awaitExit(Duration.ofSeconds(15));
    }

    /** Replaces its configuration and has it reload (SIGHUP). */
    public void reload(String config) {
        host.write(configFile.getFileName().toString(), config);
        process.signal("HUP");
    }

    /** Runs a command of the same program against this agent. */
    public String command(String... arguments) {
        return tryCommand(arguments).orThrow().out();
    }

    /** The same for a command that may fail. */
    Command.Output tryCommand(String... arguments) {
        return tryCommand(Command.USUAL_LIMIT, arguments);
    }

    /** The same for one that may also take longer. */
    Command.Output tryCommand(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--run-dir", runFolder.toString()));
        return host.run(limit, command.toArray(String[]::new));
    }

    private Http.Answer get(String path) {
        return host.call(() -> {
            try {
                return Http.getLocal(HTTP_PORT, path);
            } catch (java.io.IOException e) {
                return new Http.Answer(0, "");
            }
        });
    }

    /** The HTTP status of a path, 0 if nobody answers. */
    public int httpStatus(String path) {
        return get(path).status();
    }

    /** What {@code /api/v1/status} tells. */
    public JsonNode status() {
        String body = get("/api/v1/status").body();
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new LabException("the status of " + host + " is not JSON: " + body, e);
        }
    }

    /** The run-dir's {@code state} file. */
    public String stateFile() {
        return host.read("run/state");
    }

    /** Where the agent's own files lie: {@code run} and {@code state} in the host's folder. */
    public static List<Path> folders(Host host) {
        return List.of(host.folder().resolve("run"), host.folder().resolve("state"));
    }

    /**
     * A metric's samples summed up over all whose labels include the given ones; 0 if there is none.
     *
     * @param labels names and values in turn
     */
    public double metric(String name, String... labels) {
        double sum = 0;
        for (String line : get("/metrics").body().lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && sample.group(1).equals(name) && hasLabels(sample, labels)) {
                sum += Double.parseDouble(sample.group(3));
            }
        }
        return sum;
    }

    private static boolean hasLabels(Matcher sample, String... labels) {
        Map<String, String> found = new java.util.HashMap<>();
        if (sample.group(2) != null) {
            LABEL.matcher(sample.group(2)).results().forEach(label -> found.put(label.group(1), label.group(2)));
        }
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].equals(found.get(labels[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The VRRP state of its instance by the metric: INIT, BACKUP, MASTER or FAULT. */
    public String vrrpState(String instance) {
        return switch ((int) metric("holdfast_vrrp_state", "instance", instance)) {
            case 1 -> "BACKUP";
            case 2 -> "MASTER";
            case 3 -> "FAULT";
            default -> "INIT";
        };
    }

    /** Waits until its instance is in that state. */
    public void awaitVrrpState(String instance, String state, Duration limit) {
        Await.until(
                instance + " of " + host + " to be " + state,
                limit,
                () -> vrrpState(instance).equals(state));
    }

    /** Whether it says the Swarm is in that state, for example {@code NO_LEADER}. */
    public boolean swarmStateIs(String state) {
        return metric("holdfast_swarm_state", "state", state) == 1;
    }

    /** Waits until it says that the Swarm is in that state. */
    public void awaitSwarmState(String state, Duration limit) {
        Await.until("the agent of " + host + " to see " + state, limit, () -> swarmStateIs(state));
    }

    /** Waits until it has counted a decision not to force for that reason, for example {@code witness-silent}. */
    public void awaitRefusal(String reason, Duration limit) {
        Await.until(
                "the agent of " + host + " to refuse to heal: " + reason,
                limit,
                () -> metric("holdfast_swarm_heal_refusals_total", "reason", reason) > 0);
    }

    /** How many force calls it says it has made, whatever came of them. */
    public long forceCalls() {
        return (long) metric("holdfast_swarm_force_total");
    }

    @Override
    public void close() {
        process.close();
    }
}
