package dev.holdfast.vrrp.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sets {@code promote_secondaries} on interfaces for as long as an instance wants it: without it the kernel removes all other
 * IPv4 addresses of a subnet together with the first one. What was set already is the host's own and stays.
 */
final class SecondaryPromotion {
    private final Path settings;
    private final Map<String, Set<String>> instancesByDevice = new HashMap<>();
    private final Set<String> setHere = new HashSet<>();

    /** @param root the root of the file system */
    SecondaryPromotion(Path root) {
        this.settings = root.resolve("proc/sys/net/ipv4/conf");
    }

    /**
     * Sees to it that it is set, also on an interface that was made anew.
     *
     * @return what went wrong, in words
     */
    Optional<String> keep(String instance, Set<String> devices) {
        for (String device : devices) {
            instancesByDevice.computeIfAbsent(device, _ -> new HashSet<>()).add(instance);
            try {
                // procfs answers from memory, so this is nothing to wait for.
                if (!Files.readString(file(device)).strip().equals("1")) {
                    Files.writeString(file(device), "1");
                    setHere.add(device);
                }
            } catch (NoSuchFileException e) {
                // The interface is missing, which is told elsewhere.
                setHere.remove(device);
            } catch (IOException e) {
                return Optional.of("promote_secondaries of " + device + " could not be set: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The instance no longer wants it; the last one to say so puts back what was there before. */
    void leave(String instance) {
        instancesByDevice.entrySet().removeIf(entry -> {
            boolean last = entry.getValue().remove(instance) && entry.getValue().isEmpty();
            if (last && setHere.remove(entry.getKey())) {
                try {
                    Files.writeString(file(entry.getKey()), "0");
                } catch (IOException e) {
                    // The interface is gone, and its setting with it.
                    return true;
                }
            }
            return last;
        });
    }

    private Path file(String device) {
        return settings.resolve(device).resolve("promote_secondaries");
    }
}
