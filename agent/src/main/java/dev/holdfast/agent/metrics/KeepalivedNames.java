package dev.holdfast.agent.metrics;

import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.track.TrackerStatus;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.wire.RejectReason;
import java.util.Optional;
import java.util.stream.Stream;

/** The names, labels and types of mehdy/keepalived-exporter, so that its dashboards and alerts go on working. */
final class KeepalivedNames {
    private KeepalivedNames() {}

    /** @param status empty if the agent can't tell now */
    static void add(Samples samples, Optional<AgentStatus> status) {
        samples.gauge("keepalived_up", "1 if the agent answered this scrape").add(status.isPresent() ? 1 : 0);
        status.ifPresent(seen -> {
            states(samples, seen);
            counters(samples, seen);
            scripts(samples, seen);
        });
    }

    private static void states(Samples samples, AgentStatus status) {
        Samples.Family state = samples.gauge("keepalived_vrrp_state", "0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT");
        for (AgentStatus.Instance instance : status.instances()) {
            InstanceSpec spec = instance.vrrp().spec();
            spec.addresses()
                    .forEach(vip -> state.add(
                            instance.vrrp().state().code(),
                            "iname",
                            spec.name(),
                            "intf",
                            vip.options().device().orElse(spec.interfaceName()),
                            "vrid",
                            Integer.toString(spec.virtualRouterId()),
                            "ip_address",
                            text(vip)));
        }
    }

    /** As keepalived writes it: without the prefix of a host address. */
    private static String text(VipAddress vip) {
        return vip.prefixLength() == vip.address().family().addressBytes() * 8
                ? vip.address().toString()
                : vip.address() + "/" + vip.prefixLength();
    }

    private static void counters(Samples samples, AgentStatus status) {
        Samples.Family received = samples.counter("keepalived_advertisements_received", "Advertisements accepted");
        Samples.Family sent = samples.counter("keepalived_advertisements_sent", "Advertisements sent");
        Samples.Family become = samples.counter("keepalived_become_master", "How often MASTER was entered");
        Samples.Family release = samples.counter("keepalived_release_master", "How often MASTER was left");
        Samples.Family zeroReceived = samples.counter("keepalived_priority_zero_received", "Resignations accepted");
        Samples.Family zeroSent = samples.counter("keepalived_priority_zero_sent", "Resignations sent");
        Samples.Family length = samples.counter("keepalived_packet_length_errors", "Refused for their length");
        Samples.Family ttl = samples.counter("keepalived_ip_ttl_errors", "Refused for their TTL");
        Samples.Family type = samples.counter("keepalived_invalid_type_received", "Refused for their type");
        Samples.Family list = samples.counter("keepalived_address_list_errors", "Refused for their addresses");
        Samples.Family interval =
                samples.counter("keepalived_advertisements_interval_errors", "Refused for their interval");
        Samples.Family authType =
                samples.counter("keepalived_authentication_invalid", "Always 0: an unknown type counts as a mismatch");
        Samples.Family authMismatch =
                samples.counter("keepalived_authentication_mismatch", "Refused for their authentication type");
        Samples.Family authFailure =
                samples.counter("keepalived_authentication_failure", "Refused for their password or HMAC");
        for (AgentStatus.Instance instance : status.instances()) {
            InstanceStatus vrrp = instance.vrrp();
            String[] labels = {
                "iname", vrrp.spec().name(),
                "intf", vrrp.spec().interfaceName(),
                "vrid", Integer.toString(vrrp.spec().virtualRouterId())
            };
            long entered = vrrp.transitions().getOrDefault(VrrpState.MASTER, 0L);
            received.add(vrrp.advertsReceived(), labels);
            sent.add(vrrp.advertsSent(), labels);
            become.add(entered, labels);
            release.add(vrrp.state() == VrrpState.MASTER ? entered - 1 : entered, labels);
            zeroReceived.add(vrrp.resignationsReceived(), labels);
            zeroSent.add(vrrp.resignationsSent(), labels);
            length.add(rejected(vrrp, RejectReason.TRUNCATED, RejectReason.LENGTH), labels);
            ttl.add(rejected(vrrp, RejectReason.TTL), labels);
            type.add(rejected(vrrp, RejectReason.TYPE), labels);
            list.add(rejected(vrrp, RejectReason.ADDRESS_LIST), labels);
            interval.add(rejected(vrrp, RejectReason.ADVERT_INTERVAL, RejectReason.ZERO_INTERVAL), labels);
            authType.add(0, labels);
            authMismatch.add(rejected(vrrp, RejectReason.AUTH_TYPE), labels);
            authFailure.add(
                    rejected(
                            vrrp,
                            RejectReason.AUTH_DATA,
                            RejectReason.HMAC_MISSING,
                            RejectReason.HMAC_MALFORMED,
                            RejectReason.HMAC_STALE,
                            RejectReason.HMAC_UNKNOWN_KEY,
                            RejectReason.HMAC_BAD,
                            RejectReason.HMAC_REPLAY),
                    labels);
        }
    }

    private static long rejected(InstanceStatus vrrp, RejectReason... reasons) {
        return Stream.of(reasons)
                .mapToLong(reason -> vrrp.rejected().getOrDefault(reason, 0L))
                .sum();
    }

    private static void scripts(Samples samples, AgentStatus status) {
        Samples.Family good = samples.gauge("keepalived_script_status", "0 BAD, 1 GOOD");
        Samples.Family state = samples.gauge("keepalived_script_state", "Always 0, idle");
        for (TrackerStatus tracker : status.trackers()) {
            if (tracker.kind() == TrackerKind.SCRIPT && tracker.state() != RiseFall.State.UNKNOWN) {
                good.add(tracker.state() == RiseFall.State.UP ? 1 : 0, "name", tracker.name());
                state.add(0, "name", tracker.name());
            }
        }
    }
}
