package dev.holdfast.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the lab needs of the machine it runs on, said before anything is touched. */
public final class Preflight {
    /** Tool to the Debian and Ubuntu package that brings it. */
    private static final Map<String, String> TOOLS = new TreeMap<>(Map.of(
            "ip", "iproute2",
            "bridge", "iproute2",
            "nsenter", "util-linux",
            "unshare", "util-linux",
            "setsid", "util-linux",
            "tcpdump", "tcpdump",
            "keepalived", "keepalived"));

    private static final Map<String, String> DOCKER_TOOLS =
            new TreeMap<>(Map.of("dockerd", "docker.io", "docker", "docker-cli", "busybox", "busybox-static"));

    private static final List<Path> SBIN =
            List.of(Path.of("/usr/local/sbin"), Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"));

    private Preflight() {}

    /** What is missing for network hosts and keepalived, one sentence each; empty when the lab can run. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("the lab makes network namespaces and must run as root (try: sudo ./dev test)");
        } else if (!Command.run("unshare", "-n", "true").ok()) {
            missing.add("root may not make network namespaces here: a container needs --privileged");
        }
        missing.addAll(missingTools(TOOLS));
        return missing;
    }

    /** What is missing for real Docker engines on the hosts, one sentence each. */
    public static List<String> missingForDocker() {
        return missingTools(DOCKER_TOOLS);
    }

    static void require() {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new LabException("the lab cannot run here: " + String.join("; ", missing));
        }
    }

    private static List<String> missingTools(Map<String, String> tools) {
        List<String> missing = new ArrayList<>();
        tools.forEach((tool, packageName) -> {
            if (!onPath(tool)) {
                missing.add(tool + " is missing (package " + packageName + ")");
            }
        });
        return missing;
    }

    private static boolean onPath(String tool) {
        List<Path> folders = new ArrayList<>(SBIN);
        String path = System.getenv("PATH");
        if (path != null) {
            for (String folder : path.split(File.pathSeparator, -1)) {
                folders.add(Path.of(folder));
            }
        }
        return folders.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(tool)));
    }
}
