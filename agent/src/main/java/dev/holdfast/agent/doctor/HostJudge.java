package dev.holdfast.agent.doctor;

import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Judges what else of this host bears on a virtual router. */
final class HostJudge {
    private static final Pattern KEEPS =
            Pattern.compile("(?m)^\\s*KeepConfiguration\\s*=\\s*(yes|true|on|1|static)\\s*$");

    /** Capabilities by the number of their bit, capabilities(7). */
    private static final Map<String, Integer> NEEDED = Map.of("CAP_NET_ADMIN", 12, "CAP_NET_RAW", 13);

    private static final int SYS_NICE = 23;

    private HostJudge() {}

    /**
     * Whether a process like this one may do what the agent does.
     *
     * @param effective the set of capabilities, a bit each
     * @param realTime whether the event loop is to be scheduled in real time
     */
    static List<Finding> capabilities(long effective, boolean realTime) {
        List<Finding> findings = new ArrayList<>();
        NEEDED.forEach((name, bit) -> {
            if ((effective >>> bit & 1) == 0) {
                findings.add(new Finding(
                        Complaint.CAPABILITY_MISSING,
                        name,
                        "this process lacks " + name + ", without which the agent can't run",
                        "sudo holdfast doctor   # in a container: --cap-add " + name.substring(4)));
            }
        });
        if (realTime && (effective >>> SYS_NICE & 1) == 0) {
            findings.add(new Finding(
                    Complaint.REAL_TIME_REFUSED,
                    "CAP_SYS_NICE",
                    "this process lacks CAP_SYS_NICE: an agent like it can't be scheduled in real time, and on a busy host"
                            + " is late",
                    "sudo holdfast doctor   # in a container: --cap-add SYS_NICE"));
        }
        return findings;
    }

    /**
     * Settings of the kernel under which a virtual address does not work.
     *
     * @param sysctl the value of a setting, for example of {@code net.ipv4.conf.all.arp_ignore}; empty if there is none
     */
    static List<Finding> kernel(InstanceSpec spec, Function<String, Optional<String>> sysctl) {
        String name = spec.interfaceName();
        if (spec.family() == IpFamily.IPV6) {
            String key = "net.ipv6.conf." + name + ".disable_ipv6";
            return sysctl.apply(key).filter("1"::equals).stream()
                    .map(_ -> new Finding(
                            Complaint.KERNEL_SETTING,
                            name,
                            spec.name() + ": IPv6 is turned off on " + name,
                            "sysctl -w " + key + "=0"))
                    .toList();
        }
        List<Finding> findings = new ArrayList<>();
        // The larger of the two counts, and 8 answers for no address at all.
        for (String which : List.of("all", name)) {
            String key = "net.ipv4.conf." + which + ".arp_ignore";
            if (sysctl.apply(key).filter("8"::equals).isPresent()) {
                findings.add(new Finding(
                        Complaint.KERNEL_SETTING,
                        name,
                        spec.name() + ": " + key + " is 8, so this host answers no ARP request for its addresses",
                        "sysctl -w " + key + "=0"));
            }
        }
        return findings;
    }

    /**
     * Whether systemd-networkd removes addresses that it did not set.
     *
     * @param link what it notes of the interface, {@code KEY=value} lines
     * @param network its file for the interface, with drop-ins
     */
    static List<Finding> networkd(String interfaceName, String link, String network) {
        Optional<String> file = value(link, "NETWORK_FILE");
        boolean managed =
                value(link, "ADMIN_STATE").filter("configured"::equals).isPresent();
        if (!managed || file.isEmpty() || KEEPS.matcher(network).find()) {
            return List.of();
        }
        String name = file.get().substring(file.get().lastIndexOf('/') + 1);
        String folder = "/etc/systemd/network/" + name + ".d";
        return List.of(new Finding(
                Complaint.NETWORKD_REMOVES_ADDRESS,
                interfaceName,
                "systemd-networkd manages " + interfaceName + " by " + file.get()
                        + ", and removes the virtual address whenever it starts anew",
                "mkdir -p " + folder + " && printf '[Network]\\nKeepConfiguration=static\\n' > " + folder
                        + "/holdfast.conf && networkctl reload"));
    }

    /** The value of a key among {@code KEY=value} lines. */
    static Optional<String> value(String lines, String key) {
        return lines.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** Whether a keepalived that runs on this host has one of its virtual routers. */
    static List<Finding> keepalived(InstanceSpec spec, List<InstanceSpec> ofKeepalived) {
        return ofKeepalived.stream()
                .filter(other -> other.interfaceName().equals(spec.interfaceName())
                        && other.virtualRouterId() == spec.virtualRouterId()
                        && other.family() == spec.family())
                .map(other -> new Finding(
                        Complaint.KEEPALIVED_BESIDE,
                        spec.name(),
                        spec.name() + ": a keepalived on this host runs the virtual router id " + spec.virtualRouterId()
                                + " on " + spec.interfaceName() + " too, as " + other.name(),
                        "systemctl disable --now keepalived"))
                .toList();
    }
}
