package dev.holdfast.vrrp.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Who took an address away, as far as this host tells. */
final class Remover {
    /** What network services leave in /run while they run; they remove addresses that they don't know. */
    private static final Map<String, String> SUSPECTS = new LinkedHashMap<>(Map.of(
            "systemd/netif/state", "systemd-networkd (KeepConfiguration= in its .network file may help)",
            "NetworkManager/devices", "NetworkManager (an unmanaged device or a static address may help)",
            "dhcpcd/pid", "dhcpcd"));

    private final Path root;

    /** @param root the root of the file system */
    Remover(Path root) {
        this.root = root;
    }

    /**
     * In words, after "vanished"; empty where nothing is known.
     *
     * @param port the netlink port that asked for it: the id of the process, for most; 0 or less says nothing
     */
    String describe(int port) {
        if (port > 0) {
            Path name = root.resolve("proc/" + port + "/comm");
            try {
                // procfs answers from memory, so this is nothing to wait for.
                return ", removed by " + Files.readString(name).strip() + " (process " + port + ")";
            } catch (IOException e) {
                return ", removed by process " + port + ", which has ended";
            }
        }
        String running = SUSPECTS.entrySet().stream()
                .filter(suspect -> Files.exists(root.resolve("run").resolve(suspect.getKey())))
                .map(Map.Entry::getValue)
                .sorted()
                .collect(Collectors.joining(", "));
        return running.isEmpty() ? "" : ", perhaps by what runs here: " + running;
    }
}
