package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.peer.ClusterSecret;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code peers}. Nothing of a secret is ever shown. */
final class PeersReader {
    private static final String AGENT_FORM =
            "a list of all agents' own addresses, each ADDRESS or ADDRESS:PORT with a literal"
                    + " address, and none a virtual address";
    private static final String SOURCE_FORM = "one of file and credential";
    private static final String OTHERS_FORM = "a list of { file = PATH } or { credential = NAME }, 3 at most";
    private static final int MOST_OTHERS = 3;

    private final Report report;
    private final KeyStore store;
    private final boolean keysElsewhere;

    /** @param keysElsewhere a secret that this process can't have is a warning, for the agent may */
    PeersReader(Report report, KeyStore store, boolean keysElsewhere) {
        this.report = report;
        this.store = store;
        this.keysElsewhere = keysElsewhere;
    }

    PeersConfig read(Section peers, Set<IpAddress> virtual) {
        InetSocketAddress listen = peers.scalar("listen", SocketAddresses.LISTEN_FORM, SocketAddresses::listen)
                .orElseGet(() -> SocketAddresses.listen("0.0.0.0:" + PeersConfig.PORT));
        List<ClusterSecret> secrets = new ArrayList<>();
        boolean shown = peers.has("secret");
        Section first = peers.secretSection("secret");
        if (shown) {
            secret(first).ifPresent(secrets::add);
        }
        List<Section.Placed<ClusterSecret>> others = peers.secretList("other-secrets", OTHERS_FORM, this::secret);
        if (!shown && peers.has("other-secrets")) {
            report.fault(
                    FaultReason.MISSING,
                    peers.path("secret"),
                    "",
                    "secret { file = PATH }, the one shown to the others");
        }
        if (others.size() > MOST_OTHERS) {
            report.fault(
                    FaultReason.OUT_OF_RANGE, peers.path("other-secrets"), others.size() + " secrets", OTHERS_FORM);
        }
        for (Section.Placed<ClusterSecret> other : others) {
            if (!secrets.contains(other.value())) {
                secrets.add(other.value());
            }
        }
        List<InetSocketAddress> agents = agents(peers, listen.getPort(), virtual);
        peers.finish();
        return new PeersConfig(listen, secrets, agents);
    }

    private List<InetSocketAddress> agents(Section peers, int port, Set<IpAddress> virtual) {
        List<InetSocketAddress> agents = new ArrayList<>();
        Set<InetSocketAddress> seen = new HashSet<>();
        for (Section.Placed<InetSocketAddress> placed : peers.list("agents", AGENT_FORM, text -> agent(text, port))) {
            InetSocketAddress agent = placed.value();
            if (virtual.contains(IpAddress.of(agent.getAddress().getAddress()))) {
                report.fault(
                        FaultReason.CONFLICT, placed.path(), agent.getAddress().getHostAddress(), AGENT_FORM);
            } else if (!seen.add(agent)) {
                report.fault(
                        FaultReason.DUPLICATE, placed.path(), agent.getAddress().getHostAddress(), "each agent once");
            } else {
                agents.add(agent);
            }
        }
        return agents;
    }

    private static InetSocketAddress agent(String text, int port) {
        InetSocketAddress agent = SocketAddresses.peer(text, port);
        if (!Names.isHostAddress(IpAddress.of(agent.getAddress().getAddress()))) {
            throw new Section.OutOfRangeException(AGENT_FORM);
        }
        return agent;
    }

    private Optional<ClusterSecret> secret(Section section) {
        Optional<String> file = section.scalar("file", KeyStore.FILE_FORM, text -> text);
        Optional<String> credential = section.scalar("credential", KeyStore.CREDENTIAL_FORM, text -> text);
        section.finish();
        if (file.isPresent() == credential.isPresent()) {
            report.fault(FaultReason.CONFLICT, section.path(), "", SOURCE_FORM);
            return Optional.empty();
        }
        String key = section.path(file.isPresent() ? "file" : "credential");
        if (file.isPresent() && !file.get().startsWith("/")) {
            // Perhaps the secret itself.
            report.fault(FaultReason.UNREADABLE, key, Fault.HIDDEN, KeyStore.FILE_FORM);
            return Optional.empty();
        }
        return Optional.ofNullable(secret(key, file, credential));
    }

    private @Nullable ClusterSecret secret(String key, Optional<String> file, Optional<String> credential) {
        try {
            return ClusterSecret.parse(
                    file.isPresent() ? store.file(file.get()) : store.credential(credential.orElseThrow()));
        } catch (KeyStore.UnreadableException e) {
            if (e.elsewhere() && keysElsewhere) {
                report.warn(
                        WarningReason.KEY_MISSING,
                        key,
                        e.what() + " can't be read here, and without it the agent does not start; accepted: "
                                + e.accepted());
                // No agent runs with it.
                return ClusterSecret.parse("hex:" + "00".repeat(ClusterSecret.MIN_LENGTH));
            }
            report.fault(FaultReason.UNREADABLE, key, e.what(), e.accepted());
        } catch (IllegalArgumentException e) {
            report.fault(FaultReason.OUT_OF_RANGE, key, "", ClusterSecret.ACCEPTED);
        }
        return null;
    }
}
