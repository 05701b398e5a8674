package dev.holdfast.agent.peers;

import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.peer.PeerState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Peers.Heard;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lays out who is where and was heard when: an agent once, by whatever number of addresses it is known. */
final class PeerTable {
    private PeerTable() {}

    static List<PeersStatus.Peer> of(
            List<PeerState> states, Set<InetSocketAddress> counting, List<Heard> heard, long nowNanos) {
        Map<String, Heard> reports =
                heard.stream().collect(Collectors.toMap(one -> one.report().agent(), Function.identity()));
        Map<String, PeersStatus.Peer> rows = new TreeMap<>();
        states.stream()
                .filter(state -> state.refusal() != PeerRefusal.SELF)
                // The address that counts comes first, and of these one that is connected.
                .sorted(Comparator.comparing((PeerState state) -> !counting.contains(state.address()))
                        .thenComparing(state -> !state.connected()))
                .forEach(state -> {
                    String name = state.name() == null ? "" : state.name();
                    rows.putIfAbsent(
                            name.isEmpty() ? " " + text(state.address()) : name,
                            row(
                                    name,
                                    text(state.address()),
                                    counting.contains(state.address()),
                                    state.connected(),
                                    Optional.ofNullable(reports.get(name)),
                                    reason(state),
                                    nowNanos));
                });
        reports.forEach((name, report) -> rows.putIfAbsent(
                name, row(name, "", false, false, Optional.of(report), "it is not known where it listens", nowNanos)));
        return List.copyOf(rows.values());
    }

    private static PeersStatus.Peer row(
            String name,
            String address,
            boolean counts,
            boolean connected,
            Optional<Heard> heard,
            String reason,
            long nowNanos) {
        return new PeersStatus.Peer(
                name,
                address,
                counts,
                connected,
                heard.map(one -> TimeUnit.NANOSECONDS.toSeconds(nowNanos - one.atNanos())),
                heard.map(Heard::report).map(AgentReport::master).orElse(false),
                heard.map(Heard::report).map(AgentReport::state).map(Enum::name).orElse(""),
                reason);
    }

    private static String reason(PeerState state) {
        if (state.connected()) {
            return "";
        }
        PeerRefusal refusal = state.refusal();
        return refusal == null
                ? "not connected yet"
                : refusal.label() + ": " + (state.detail().isEmpty() ? refusal.text() : state.detail());
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') < 0 ? host + ":" + address.getPort() : "[" + host + "]:" + address.getPort();
    }
}
