package dev.holdfast.agent.config;

import dev.holdfast.peer.ClusterSecret;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The channel between the agents.
 *
 * @param listen a literal address and a port 1..65535; default {@code 0.0.0.0:9652}
 * @param secrets the first is shown to the others, each is accepted from them; empty: there is no channel
 * @param agents where all agents listen, this one included; empty if they are not named
 */
public record PeersConfig(InetSocketAddress listen, List<ClusterSecret> secrets, List<InetSocketAddress> agents) {
    /** The port that agents listen at unless told otherwise. */
    public static final int PORT = 9652;

    /** Copies the lists. */
    public PeersConfig {
        secrets = List.copyOf(secrets);
        agents = List.copyOf(agents);
    }

    /** {@return whether there is a channel} */
    public boolean isOn() {
        return !secrets.isEmpty();
    }
}
