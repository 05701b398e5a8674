package dev.holdfast.swarm;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A disk for simulations. */
final class MemoryFiles implements StateStore {

    private final Map<String, ByteArrayOutputStream> files = new HashMap<>();

    @Override
    public byte @Nullable [] read(String name) {
        ByteArrayOutputStream file = files.get(name);
        return file == null ? null : file.toByteArray();
    }

    @Override
    public void replace(String name, byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(content);
        files.put(name, file);
    }

    @Override
    public void append(String name, byte[] line) {
        ByteArrayOutputStream file = files.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
        file.writeBytes(line);
        file.write('\n');
    }

    @Override
    public long size(String name) {
        ByteArrayOutputStream file = files.get(name);
        return file == null ? 0 : file.size();
    }

    @Override
    public void rename(String from, String to) {
        ByteArrayOutputStream file = files.remove(from);
        if (file != null) {
            files.put(to, file);
        }
    }
}
