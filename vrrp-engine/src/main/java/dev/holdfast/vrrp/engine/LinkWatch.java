package dev.holdfast.vrrp.engine;

import java.util.HashMap;
import java.util.Map;

/** Tells the listener which links are others than before: level-triggered, so that a lost message costs nothing. */
final class LinkWatch {
    private Map<String, LinkState> told = Map.of();

    void look(HostNetwork network, EngineListener listener) {
        Map<String, LinkState> now = network.linkStates();
        if (now.equals(told)) {
            return;
        }
        Map<String, LinkState> before = told;
        told = now;
        Map<String, LinkState> changed = new HashMap<>(now);
        before.keySet().forEach(name -> changed.putIfAbsent(name, LinkState.ABSENT));
        changed.forEach((name, state) -> {
            if (state != before.getOrDefault(name, LinkState.ABSENT)) {
                listener.linkChanged(name, state);
            }
        });
    }
}
