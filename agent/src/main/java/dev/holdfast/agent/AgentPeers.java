package dev.holdfast.agent;

import dev.holdfast.agent.config.HoldfastConfig;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.peers.AnswersByKind;
import dev.holdfast.agent.peers.OwnAnswers;
import dev.holdfast.agent.peers.OwnReport;
import dev.holdfast.agent.peers.PeerLink;
import dev.holdfast.agent.peers.SwarmAddresses;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.swarm.HealReason;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.LocalAddresses;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.TcpManagerProbe;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The channel to the other agents, tied to what this one sees and is configured for. */
final class AgentPeers implements AutoCloseable {
    private final SwarmAddresses nodes = new SwarmAddresses();
    private final BooleanSupplier master;
    private final Supplier<Optional<SwarmHealer>> healer;
    private final PeerLink link;
    private volatile String node = "";

    /**
     * Closed until the first {@link #apply}.
     *
     * @param master whether this host is MASTER of anything
     * @param healer empty while the Swarm is not watched
     * @param managers answers what concerns the managers of the Swarm
     */
    AgentPeers(BooleanSupplier master, Supplier<Optional<SwarmHealer>> healer, PeerAnswers managers) {
        this.master = master;
        this.healer = healer;
        // Where the Swarm is not watched nobody knows enough to promise anything.
        PeerAnswers healing = (from, request) -> healer.get()
                .map(SwarmHealer::answers)
                .orElse((_, _) -> new PeerReply.Refused(HealReason.DISABLED.label(), HealReason.DISABLED.text()))
                .answer(from, request);
        AnswersByKind others = new AnswersByKind(Map.of(
                PeerRequest.Promise.class,
                healing,
                PeerRequest.Release.class,
                healing,
                PeerRequest.Heal.class,
                healing,
                PeerRequest.Standing.class,
                managers,
                PeerRequest.Tokens.class,
                managers,
                PeerRequest.Inventory.class,
                managers,
                PeerRequest.Bootstrap.class,
                managers));
        this.link = new PeerLink(
                new OwnAnswers(
                        this::report, () -> SwarmAddresses.managers(status(), look()), new TcpManagerProbe(), others),
                this::report,
                LocalAddresses.ofThisHost()::current,
                () -> nodes.of(status(), look()));
    }

    /** Makes the channel what the configuration says. */
    void apply(HoldfastConfig config) {
        node = config.node();
        List<InstanceSpec> specs =
                config.vrrp().instances().stream().map(InstanceConfig::spec).toList();
        link.apply(config.node(), config.peers(), unicastPeers(specs), virtualAddresses(specs));
    }

    /** The others, as healing asks them. */
    Peers peers() {
        return link;
    }

    PeersStatus peersStatus() {
        return link.status();
    }

    private Optional<HealStatus> status() {
        return healer.get().map(SwarmHealer::status);
    }

    private Optional<SwarmHealer.Look> look() {
        return healer.get().map(SwarmHealer::latest);
    }

    private Lineage lineage() {
        return healer.get().map(SwarmHealer::lineage).orElse(Lineage.NONE);
    }

    private AgentReport report() {
        return OwnReport.of(node, master.getAsBoolean(), status(), look(), lineage(), System.nanoTime());
    }

    private static List<InetAddress> unicastPeers(List<InstanceSpec> specs) {
        return specs.stream()
                .map(InstanceSpec::transport)
                .filter(Transport.Unicast.class::isInstance)
                .flatMap(transport -> ((Transport.Unicast) transport).peers().stream())
                .map(Transport.Peer::address)
                .map(IpAddress::toInetAddress)
                .distinct()
                .toList();
    }

    private static Set<InetAddress> virtualAddresses(List<InstanceSpec> specs) {
        return specs.stream()
                .flatMap(spec -> Stream.concat(spec.addresses().stream(), spec.excludedAddresses().stream()))
                .map(VipAddress::address)
                .map(IpAddress::toInetAddress)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        link.close();
    }
}
