package dev.holdfast.agent.track;

import dev.holdfast.vrrp.engine.LinkState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The network interfaces of this host as the engine's netlink events tell of them; no tracker has to poll. */
public final class Interfaces {
    private final Map<String, LinkState> states = new HashMap<>();

    /** An interface is another one now. Never blocks for long. */
    public synchronized void changed(String name, LinkState state) {
        states.put(name, state);
        notifyAll();
    }

    /** Waits until an interface is no longer what it was. */
    synchronized LinkState awaitOther(String name, @Nullable LinkState than) throws InterruptedException {
        LinkState now = state(name);
        while (now == than) {
            wait();
            now = state(name);
        }
        return now;
    }

    private LinkState state(String name) {
        return states.getOrDefault(name, LinkState.ABSENT);
    }
}
