package dev.holdfast.swarm;

import java.net.InetAddress;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code swarm}, and what healing must know of the rest of the configuration.
 *
 * @param enabled false: the engine is never asked, nothing is ever done
 * @param dockerHost {@code unix:///path} or {@code tcp://host:port}
 * @param advertiseAddress null: the address the Swarm knows this node by
 * @param vips every address that any agent may move: never to be advertised
 */
public record SwarmConfig(
        boolean enabled,
        URI dockerHost,
        @Nullable InetAddress advertiseAddress,
        HealConfig heal,
        Set<InetAddress> vips) {

    /** Where Docker listens unless told otherwise. */
    public static final URI DEFAULT_DOCKER_HOST = URI.create("unix:///var/run/docker.sock");

    /** Checks the scheme. */
    public SwarmConfig {
        String scheme = dockerHost.getScheme();
        if (!"unix".equals(scheme) && !"tcp".equals(scheme)) {
            throw new IllegalArgumentException(
                    "docker-host must be unix:///PATH or tcp://HOST:PORT, not " + dockerHost);
        }
        vips = Set.copyOf(vips);
    }

    /** {@return the same with another policy} */
    SwarmConfig withMode(HealMode changed) {
        return new SwarmConfig(enabled, dockerHost, advertiseAddress, heal.withMode(changed), vips);
    }

    /**
     * The engine's address: the configured one, else {@code DOCKER_HOST}, else the default.
     *
     * @param configured null or blank if the configuration says nothing
     * @param environment the process environment
     * @throws IllegalArgumentException if the chosen text is no URI
     */
    public static URI dockerHost(@Nullable String configured, Map<String, String> environment) {
        String fromEnvironment = environment.getOrDefault("DOCKER_HOST", "");
        if (configured != null && !configured.isBlank()) {
            return URI.create(configured.strip());
        }
        return fromEnvironment.isBlank() ? DEFAULT_DOCKER_HOST : URI.create(fromEnvironment.strip());
    }
}
