package dev.holdfast.agent;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealListener;
import dev.holdfast.swarm.HealPorts;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.LocalAddresses;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.TcpManagerProbe;
import dev.holdfast.swarm.docker.DockerSwarmAdministration;
import dev.holdfast.swarm.docker.DockerSwarmGateway;
import dev.holdfast.swarm.managers.KeepRefusal;
import dev.holdfast.swarm.managers.KeeperPorts;
import dev.holdfast.swarm.managers.Keepers;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.Peers;
import dev.holdfast.vrrp.engine.announce.ArpPing;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.IpAddress;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the healer that the configuration asks for, and the keepers of managers beside it; others when a reload names another engine,
 * or none.
 */
final class SwarmWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SwarmWatch.class);

    private final Path stateDir;
    private final Mastership mastership;
    private final HealListener listener;
    private final Supplier<Peers> peers;
    private final Function<URI, HealPorts> ports;
    private @Nullable SwarmHealer healer;
    private @Nullable Keepers keepers;
    private @Nullable SwarmConfig running;
    private boolean closely;

    /**
     * A watch over nothing until the first {@link #apply}.
     *
     * @param listener hears of each look
     * @param peers the other agents; asked for when a watch begins
     */
    SwarmWatch(Path stateDir, Mastership mastership, HealListener listener, Supplier<Peers> peers) {
        this(
                stateDir,
                mastership,
                listener,
                peers,
                dockerHost -> HealPorts.ofThisHost(new DockerSwarmGateway(dockerHost), SwarmWatch::answersByArp));
    }

    /** @param ports the world around the engine at an address, or a test's */
    SwarmWatch(
            Path stateDir,
            Mastership mastership,
            HealListener listener,
            Supplier<Peers> peers,
            Function<URI, HealPorts> ports) {
        this.stateDir = stateDir;
        this.mastership = mastership;
        this.listener = listener;
        this.peers = peers;
        this.ports = ports;
    }

    /** Makes the running healer what the configuration says. */
    synchronized void apply(SwarmConfig wanted, ManagersConfig managers) {
        if (healer != null && running != null && running.dockerHost().equals(wanted.dockerHost()) && wanted.enabled()) {
            running = wanted;
            healer.reconfigure(wanted);
            if (keepers != null) {
                keepers.reconfigure(managers, wanted);
            }
            return;
        }
        close();
        if (wanted.enabled()) {
            AtomicReference<SwarmHealer> made = new AtomicReference<>();
            Keepers beside = new Keepers(
                    managers,
                    wanted,
                    new KeeperPorts(
                            new DockerSwarmAdministration(wanted.dockerHost()),
                            peers.get(),
                            () -> Optional.ofNullable(made.get())
                                    .map(SwarmHealer::lineage)
                                    .orElse(Lineage.NONE),
                            new TcpManagerProbe(),
                            LocalAddresses.ofThisHost(),
                            HealClock.system()),
                    stateDir);
            SwarmHealer fresh = new SwarmHealer(
                    wanted, ports.apply(wanted.dockerHost()).withPeers(peers.get()), stateDir, listener, beside);
            made.set(fresh);
            keepers = beside;
            fresh.watchClosely(closely);
            healer = fresh;
            running = wanted;
            mastership.follow(new Mastership.Follower() {
                @Override
                public void masterSince(long nanos) {
                    fresh.masterSince(nanos);
                }

                @Override
                public void notMaster() {
                    fresh.notMaster();
                }
            });
            fresh.start();
        }
    }

    /** Whether somebody goes by what is seen, so that it must be fresh also while this host is not MASTER. */
    synchronized void watchClosely(boolean wanted) {
        closely = wanted;
        if (healer != null) {
            healer.watchClosely(wanted);
        }
    }

    /** The healer that runs; empty if the watch is off. */
    synchronized Optional<SwarmHealer> healer() {
        return Optional.ofNullable(healer);
    }

    /** What healing sees and means to do; empty if the watch is off. */
    synchronized Optional<HealStatus> status() {
        return Optional.ofNullable(healer).map(SwarmHealer::status);
    }

    /** What is done for the managers; empty if the watch is off. */
    synchronized Optional<ManagersStatus> managers() {
        return Optional.ofNullable(keepers).map(Keepers::status);
    }

    /** Answers the other agents what concerns the managers. */
    PeerAnswers answers() {
        return (from, request) -> {
            Keepers asked;
            synchronized (this) {
                asked = keepers;
            }
            return asked == null
                    ? new PeerReply.Refused(KeepRefusal.NO_LEADER.label(), "the Swarm is not watched")
                    : asked.answer(from, request);
        };
    }

    @Override
    public synchronized void close() {
        mastership.unfollow();
        if (healer != null) {
            healer.notMaster();
            healer.close();
            healer = null;
            running = null;
        }
        if (keepers != null) {
            keepers.close();
            keepers = null;
        }
    }

    /** For witnesses: a gateway often drops ICMP and can't drop ARP. */
    private static boolean answersByArp(InetAddress address, Duration timeout) {
        try {
            return ArpPing.answers(IpAddress.of(address.getAddress()), timeout);
        } catch (SystemCallException | UncheckedIOException e) {
            LOG.warn("{} can't be asked by ARP: {}", address.getHostAddress(), e.getMessage());
            return false;
        }
    }
}
