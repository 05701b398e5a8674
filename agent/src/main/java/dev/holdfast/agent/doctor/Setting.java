package dev.holdfast.agent.doctor;

import java.nio.file.Path;

/**
 * How a key of an instance is set by a command: by a line at the end of the file, for in HOCON the last one counts.
 *
 * @param file the configuration
 * @param hocon false for a keepalived.conf, where it takes an editor
 */
record Setting(Path file, boolean hocon) {
    String command(String instance, String key, int value) {
        return hocon
                ? "echo 'holdfast.vrrp.instances." + quoted(instance) + "." + key + " = " + value + "' >> " + file
                        + " && systemctl reload holdfast"
                : "editor " + file + "   # " + key.replace('-', '_').replaceFirst("priorities\\..*", "priority") + " "
                        + value + " in vrrp_instance " + instance + "; then systemctl reload holdfast";
    }

    /** A name as one step of a key. */
    static String quoted(String name) {
        return name.matches("[A-Za-z0-9_-]+")
                ? name
                : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
