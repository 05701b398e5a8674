package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.Position;
import java.util.Map;

/**
 * Where each key of a loaded configuration was written.
 *
 * @param file the file's name, for keys that were not written
 * @param byKey the place of each written key, by its full name such as {@code holdfast.vrrp.instances.VI_1.interface}
 */
public record Positions(String file, Map<String, Position> byKey) {
    public Positions {
        byKey = Map.copyOf(byKey);
    }

    /** The place of the key, or of the closest written one around it, or the file as a whole. */
    public Position of(String key) {
        return of(file, byKey, key);
    }

    static Position of(String file, Map<String, Position> byKey, String key) {
        for (String outer = key;
                ;
                outer = outer.substring(0, Math.max(outer.lastIndexOf('.'), outer.lastIndexOf('[')))) {
            Position position = byKey.get(outer);
            if (position != null) {
                return position;
            }
            if (outer.lastIndexOf('.') < 0 && outer.lastIndexOf('[') < 0) {
                return Position.of(file);
            }
        }
    }
}
