package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.engine.VirtualRoute;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Holds a configuration against the host it is to run on. All of it are warnings: an interface may appear later, and a file
 * may be checked on another host than the one it is for.
 */
public final class HostChecks {
    private final Host host;
    private final Positions positions;
    private final List<ConfigWarning> warnings = new ArrayList<>();

    private HostChecks(Host host, Positions positions) {
        this.host = host;
        this.positions = positions;
    }

    /** What the host lacks, in the order of the file. */
    public static List<ConfigWarning> of(LoadedConfig loaded, Host host) {
        HostChecks checks = new HostChecks(host, loaded.positions());
        for (InstanceConfig instance : loaded.config().vrrp().instances()) {
            checks.instance(instance);
        }
        for (GroupConfig group : loaded.config().vrrp().groups()) {
            String key = "holdfast.vrrp.groups." + Section.keyOf(group.name());
            checks.interfaces(key, group.track());
            checks.hooks(key, group.hooks());
        }
        for (ScriptConfig script : loaded.config().vrrp().scripts()) {
            checks.script(script);
        }
        InetAddress advertise = loaded.config().swarm().advertiseAddress();
        if (advertise != null && loaded.config().swarm().enabled()) {
            checks.address("holdfast.swarm.advertise-address", advertise);
        }
        return checks.warnings.stream()
                .sorted(Comparator.comparing(ConfigWarning::position))
                .toList();
    }

    private void instance(InstanceConfig instance) {
        InstanceSpec spec = instance.spec();
        String key = "holdfast.vrrp.instances." + Section.keyOf(spec.name());
        networkInterface(key + ".interface", spec.interfaceName());
        addresses(key + ".addresses", spec.addresses());
        addresses(key + ".excluded-addresses", spec.excludedAddresses());
        List<VirtualRoute> routes = spec.routing().routes();
        for (int i = 0; i < routes.size(); i++) {
            String item = key + ".routes[" + i + "]";
            routes.get(i).device().ifPresent(device -> networkInterface(item, device));
        }
        String sourceKey =
                key + (spec.transport() instanceof Transport.Unicast ? ".unicast.source" : ".multicast.source");
        spec.transport().source().ifPresent(source -> address(sourceKey, source.toInetAddress()));
        interfaces(key, instance.track());
        hooks(key, instance.hooks());
    }

    private void interfaces(String key, TrackConfig track) {
        List<Tracked> interfaces = track.interfaces();
        for (int i = 0; i < interfaces.size(); i++) {
            networkInterface(
                    key + ".track.interfaces[" + i + "]", interfaces.get(i).name());
        }
    }

    private void hooks(String key, NotifyConfig hooks) {
        hooks(key + ".notify.any", hooks.any());
        hooks(key + ".notify.master", hooks.master());
        hooks(key + ".notify.backup", hooks.backup());
        hooks(key + ".notify.fault", hooks.fault());
        hooks(key + ".notify.stop", hooks.stop());
    }

    private void addresses(String key, List<VipAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            String item = key + "[" + i + "].device";
            addresses.get(i).options().device().ifPresent(device -> networkInterface(item, device));
        }
    }

    private void hooks(String key, List<Command> commands) {
        for (int i = 0; i < commands.size(); i++) {
            // What is in a directory of hooks may change at any time.
            if (!host.hasDirectory(commands.get(i).program())) {
                command(key + "[" + i + "]", commands.get(i));
            }
        }
    }

    private void script(ScriptConfig script) {
        String key = "holdfast.vrrp.scripts." + Section.keyOf(script.name());
        command(key + ".command", script.command());
        script.user()
                .filter(user -> !host.hasUser(user))
                .ifPresent(user -> warn(WarningReason.USER_MISSING, key + ".user", "this host has no user " + user));
    }

    private void networkInterface(String key, String name) {
        if (!host.hasInterface(name)) {
            warn(
                    WarningReason.INTERFACE_MISSING,
                    key,
                    "this host has no interface " + name + " at the moment; it is waited for");
        }
    }

    private void address(String key, InetAddress address) {
        if (!host.hasAddress(address)) {
            warn(
                    WarningReason.ADDRESS_MISSING,
                    key,
                    "this host does not have the address " + address.getHostAddress() + " at the moment");
        }
    }

    private void command(String key, Command command) {
        Path program = command.program();
        if (!host.hasFile(program)) {
            warn(WarningReason.SCRIPT_MISSING, key, "this host has no file " + program);
        } else if (!host.canExecute(program)) {
            warn(WarningReason.SCRIPT_NOT_EXECUTABLE, key, program + " may not be executed; chmod +x " + program);
        }
        // A shell's script is among its arguments.
        boolean forces = command.argv().stream()
                .anyMatch(word -> word.contains("force-new-cluster")
                        || (word.startsWith("/")
                                && word.indexOf('\0') < 0
                                && host.beginningOf(Path.of(word))
                                        .filter(text -> text.contains("force-new-cluster"))
                                        .isPresent()));
        if (forces) {
            warn(
                    WarningReason.SCRIPT_FORCES_SWARM,
                    key,
                    "this script forces a new Swarm cluster, which destroys a healthy quorum that is electing a leader;"
                            + " remove it, Holdfast heals the Swarm itself");
        }
    }

    private void warn(WarningReason reason, String key, String text) {
        warnings.add(new ConfigWarning(reason, positions.of(key), key, text));
    }
}
