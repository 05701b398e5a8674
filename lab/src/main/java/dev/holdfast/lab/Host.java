package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A test host: a network namespace with one network card on the lab's switch, and a folder for its files. */
public final class Host {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lab lab;
    private final String name;
    private final String namespace;
    private final String interfaceName;
    private final String address;
    private final String cidr;
    private final Path folder;
    private volatile Link link;

    Host(Lab lab, String name, String namespace, String interfaceName, String cidr, Path folder) {
        this.lab = lab;
        this.name = name;
        this.namespace = namespace;
        this.interfaceName = interfaceName;
        this.cidr = cidr;
        this.address = cidr.substring(0, cidr.indexOf('/'));
        this.folder = folder;
        this.link = attach(interfaceName, cidr);
    }

    /**
     * Gives the host one more network card on the switch; the card is up when this returns.
     *
     * @param cidr its address, for example {@code 10.77.0.50/24}
     */
    public Link attach(String newInterface, String cidr) {
        String port = lab.nextPort();
        Command.run(
                        "ip",
                        "-n",
                        namespace,
                        "link",
                        "add",
                        newInterface,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        port,
                        "netns",
                        lab.switchNamespace())
                .orThrow();
        Command.run("ip", "-n", lab.switchNamespace(), "link", "set", port, "master", "br0", "up")
                .orThrow();
        Command.run("ip", "-n", namespace, "addr", "add", cidr, "dev", newInterface)
                .orThrow();
        Command.run("ip", "-n", namespace, "link", "set", newInterface, "up").orThrow();
        return new Link(lab.switchNamespace(), port);
    }

    /** Makes the (first) network card anew after its {@link #link()} was removed: same name and address, another MAC. */
    public void restoreLink() {
        link = attach(interfaceName, cidr);
    }

    /** Its name in the lab. */
    public String name() {
        return name;
    }

    /** The name of its network namespace, as {@code ip netns} shows it. */
    public String namespace() {
        return namespace;
    }

    /** The name of its (first) network card. */
    public String interfaceName() {
        return interfaceName;
    }

    /** Its own address, without a prefix length. */
    public String address() {
        return address;
    }

    /** A folder for its files; goes away with the lab. */
    public Path folder() {
        return folder;
    }

    /** The cable of its (first) network card. */
    public Link link() {
        return link;
    }

    /** Writes a file into the host's folder. */
    public Path write(String fileName, String text) {
        try {
            return Files.writeString(folder.resolve(fileName), text);
        } catch (IOException e) {
            throw new LabException("cannot write " + fileName + " for " + name, e);
        }
    }

    /** Writes a script into the host's folder that anybody may run. */
    public Path writeScript(String fileName, String text) {
        return permit(write(fileName, text), "rwxr-xr-x");
    }

    /** Writes a file into the host's folder that its owner alone may read. */
    public Path writeSecret(String fileName, String text) {
        return permit(write(fileName, text), "rw-------");
    }

    private Path permit(Path file, String permissions) {
        try {
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new LabException("cannot make " + file.getFileName() + " of " + name + " " + permissions, e);
        }
    }

    /** Reads a file of the host's folder; empty if it is not there. */
    public String read(String fileName) {
        try {
            Path file = folder.resolve(fileName);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new LabException("cannot read " + fileName + " of " + name, e);
        }
    }

    /**
     * Runs a command on the host to its end.
     *
     * @return its standard output
     * @throws LabException if it fails or takes more than 30 s
     */
    public String exec(String... command) {
        return exec(Command.USUAL_LIMIT, command);
    }

    /** The same with another time limit. */
    public String exec(Duration limit, String... command) {
        return Command.run(limit, inside(List.of(command)), folder).orThrow().out();
    }

    /** Runs a command on this host and gives all that came of it, failure included. */
    Command.Output run(String... command) {
        return run(Command.USUAL_LIMIT, command);
    }

    /** The same for what takes longer. */
    Command.Output run(Duration limit, String... command) {
        return Command.run(limit, inside(List.of(command)), folder);
    }

    /** Runs a command on the host to its end and tells whether it succeeded. */
    public boolean succeeds(String... command) {
        return Command.run(Command.USUAL_LIMIT, inside(List.of(command)), folder)
                .ok();
    }

    /**
     * Starts a process on the host; the lab ends it when it closes.
     *
     * @param processName for the log file and dumps; unique on the host
     */
    public LabProcess start(String processName, String... command) {
        return start(processName, List.of(command), List.of());
    }

    /** The same with entries {@code NAME=value} added to its environment. */
    public LabProcess start(String processName, List<String> command, List<String> environment) {
        LabProcess process = LabProcess.start(
                name + "/" + processName, inside(command), folder, folder.resolve(processName + ".log"), environment);
        lab.register(process);
        return process;
    }

    /** Runs a task in a thread of its own whose sockets belong to this host. */
    public <T> T call(Callable<T> task) {
        return NetNs.call(namespacePath(), task);
    }

    Path namespacePath() {
        return Lab.NAMESPACES.resolve(namespace);
    }

    private List<String> inside(List<String> command) {
        // Not "ip netns exec": that remounts /sys and hides the cgroups from an engine.
        List<String> full = new ArrayList<>(List.of("nsenter", "--net=" + namespacePath(), "--"));
        full.addAll(command);
        return full;
    }

    /** Whether the address is on one of the host's network cards now. */
    public boolean holds(String ip) {
        return addresses().contains(ip);
    }

    /** All addresses of the host now, without prefix lengths; not those of a card whose carrier a program holds back. */
    public List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        for (JsonNode card : json("addr", "show")) {
            if (card.path("proto_down").asBoolean()) {
                continue;
            }
            for (JsonNode info : card.path("addr_info")) {
                addresses.add(info.path("local").asText());
            }
        }
        return addresses;
    }

    /** The hardware address of its (first) network card, in lower case with colons. */
    public String mac() {
        return json("link", "show", "dev", interfaceName)
                .path(0)
                .path("address")
                .asText();
    }

    /** Which hardware address this host would send to for an address of its network; empty without a usable entry. */
    public Optional<String> neighbour(String ip) {
        String mac = json("neigh", "show", ip).path(0).path("lladdr").asText("");
        return mac.isEmpty() ? Optional.empty() : Optional.of(mac);
    }

    private JsonNode json(String... ipArguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-j", "-n", namespace));
        command.addAll(List.of(ipArguments));
        String out = Command.run(Command.USUAL_LIMIT, command).orThrow().out();
        try {
            return JSON.readTree(out.isBlank() ? "[]" : out);
        } catch (JsonProcessingException e) {
            throw new LabException("not JSON from " + command + ": " + out, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
