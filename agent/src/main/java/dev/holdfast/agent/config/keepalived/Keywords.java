package dev.holdfast.agent.config.keepalived;

import static dev.holdfast.agent.config.keepalived.Keywords.Block.AUTHENTICATION;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.AUTH_HMAC;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.GARP_GROUP;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.GLOBAL_DEFS;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.TOP;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.TRACK_FILE;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.TRACK_GROUP;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.VRRP_INSTANCE;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.VRRP_SCRIPT;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.VRRP_SYNC_GROUP;
import static dev.holdfast.agent.config.keepalived.Keywords.Block.VRRP_TRACK_PROCESS;

import dev.holdfast.agent.config.report.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every keyword of keepalived 2.4 that has to do with VRRP, and what becomes of it. The table in the documents is made of it. */
public final class Keywords {
    /** The block that a keyword stands in. */
    public enum Block {
        /** Outside of all blocks. */
        TOP,
        GLOBAL_DEFS,
        VRRP_INSTANCE,
        AUTHENTICATION,
        AUTH_HMAC,
        VRRP_SCRIPT,
        VRRP_SYNC_GROUP,
        TRACK_FILE,
        VRRP_TRACK_PROCESS,
        GARP_GROUP,
        TRACK_GROUP;

        /** The keyword that opens it, or {@code top level}. */
        public String title() {
            return this == TOP ? "top level" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** What becomes of a keyword. */
    public enum Outcome {
        CARRIED_OVER("carried over"),
        IN_PART("in part"),
        LEFT_OUT("left out");

        private final String phrase;

        Outcome(String phrase) {
            this.phrase = phrase;
        }

        /** As the documents say it. */
        public String phrase() {
            return phrase;
        }
    }

    /**
     * One keyword in one block.
     *
     * @param note what it becomes, or why it is left out
     */
    public record Keyword(Block block, String name, Outcome outcome, String note) {}

    private static final Set<String> INCLUDES =
            Set.of("include", "includer", "includem", "includew", "includeb", "includea");
    private static final String LVS = "balancing load (LVS) is not its task; keepalived can go on doing that";
    private static final String EXTRA_IF =
            "announce.refresh, which announces each address on the interface that holds it";
    private static final String SCHEDULING =
            "scheduling is set in the service's unit (Nice=, CPUAffinity=, LimitRTTIME=)";
    private static final String NO_VMAC_ADDR = "all addresses of an instance are on its one virtual MAC";
    private static final String NO_MAIL = "no mail is sent; a notify hook or an alert on the metrics can";
    private static final String NO_FIREWALL = "no firewall rule is ever made";
    private static final String ONE_PROCESS = "the agent is one process, and its name is fixed";
    private static final String NO_SNMP = "there is no SNMP and no D-Bus; /metrics and /api/v1/status say the same";
    private static final String BUFFERS = "socket buffers can't be configured";
    private static final String DUMPS = "holdfast status --json shows the state";
    private static final String RELOAD = "a reload happens on HUP, at once, and a wrong file changes nothing";
    private static final String HOOKS = "the hook of that name (notify: any); a user and group after it are not";
    private static final String PRIORITY_CHANGES =
            "notify-priority-changes; the FIFO's lines and the event socket's are keepalived's";
    private static final String NO_BFD = "there is no BFD; adverts of 10 ms and more are possible with version 3";
    private static final String NO_TABLE_NAMES =
            "tables are main, local, default or a number; no file of names is read";
    private static final String NO_STATIC = "static addresses are the network configuration's";
    private static final String GENERAL = "the same without vrrp_, with - for _";
    private static final String SAME = "the same, with - for _";
    private static final String NAMESPACE = "start the agent in the namespace (ip netns exec, NetworkNamespacePath=)";
    private static final String SEVERAL = "several agents on one host each get a --run-dir and a --state-dir";
    private static final String FIXED_TIMERS = "Master_Down is three intervals and the skew, as in RFC 9568";
    private static final String STRICT =
            "strict; what it forbids is left out or reset as keepalived does, but the MASTER answers on its addresses";
    private static final String INTERFACES = "the state of interfaces comes from the kernel";

    private static final List<Keyword> TABLE = table();

    private Keywords() {}

    private static List<Keyword> table() {
        List<Keyword> all = new ArrayList<>();
        INCLUDES.stream()
                .sorted()
                .forEach(name -> all.add(new Keyword(
                        TOP, name, Outcome.CARRIED_OVER, "with patterns, in any block; faults keep file and line")));
        carried(all, TOP, "one", "global_defs");
        carried(all, TOP, "one in holdfast.vrrp.instances", "vrrp_instance");
        carried(all, TOP, "one in holdfast.vrrp.scripts", "vrrp_script");
        carried(all, TOP, "one in holdfast.vrrp.groups", "vrrp_sync_group");
        carried(all, TOP, "one in holdfast.vrrp.files", "track_file", "vrrp_track_file");
        carried(all, TOP, "one in holdfast.vrrp.processes", "vrrp_track_process");
        left(all, TOP, NO_BFD, "bfd_instance");
        part(all, TOP, "announce of the instances on its interfaces", "garp_group");
        left(all, TOP, NO_STATIC, "static_ipaddress", "static_routes", "static_rules", "track_group");
        left(all, TOP, INTERFACES, "linkbeat_use_polling", "linkbeat_interfaces", "interface_up_down_delays");
        left(all, TOP, NAMESPACE, "net_namespace", "net_namespace_ipvs", "namespace_with_ipsets");
        left(all, TOP, SEVERAL, "instance", "use_pid_dir");
        left(all, TOP, "there is no child process", "child_wait_time");
        left(all, TOP, LVS, "virtual_server", "virtual_server_group", "SSL");
        globals(all);
        instance(all);
        carried(all, AUTHENTICATION, "type = pass; AH is not, and says so", "auth_type");
        carried(all, AUTHENTICATION, "password; only the first eight bytes count", "auth_pass");
        carried(all, AUTH_HMAC, "keys, with file or secret", "key");
        carried(all, AUTH_HMAC, "the same, with - for _", "active_key", "time_window", "anti_replay", "mode");
        carried(all, VRRP_SCRIPT, "command; without a shell unless it uses one", "script");
        carried(all, VRRP_SCRIPT, "the same", "interval", "timeout", "weight", "rise", "fall");
        part(all, VRRP_SCRIPT, "user; its group is the user's own", "user");
        carried(all, VRRP_SCRIPT, "init = down", "init_fail");
        group(all);
        carried(all, TRACK_FILE, "the same", "file", "weight");
        carried(all, TRACK_FILE, "init-value and overwrite", "init_file");
        carried(
                all,
                VRRP_TRACK_PROCESS,
                "the same, with - for _",
                "process",
                "param_match",
                "weight",
                "quorum",
                "quorum_max",
                "delay",
                "terminate_delay",
                "fork_delay",
                "full_command");
        carried(all, GARP_GROUP, "announce.arp-interval, announce.na-interval", "garp_interval", "gna_interval");
        carried(all, GARP_GROUP, "the instances on it", "interface");
        part(all, GARP_GROUP, "the instances on them; each interface keeps the intervals by itself", "interfaces");
        left(all, TRACK_GROUP, NO_STATIC, "group");
        return List.copyOf(all);
    }

    private static void group(List<Keyword> all) {
        carried(all, VRRP_SYNC_GROUP, "members", "group");
        carried(all, VRRP_SYNC_GROUP, "track.scripts, with weight and reverse", "track_script");
        carried(all, VRRP_SYNC_GROUP, "track.interfaces, with weight and reverse", "track_interface");
        part(all, VRRP_SYNC_GROUP, HOOKS, "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop");
        carried(all, VRRP_SYNC_GROUP, PRIORITY_CHANGES, "notify_priority_changes");
        carried(
                all,
                VRRP_SYNC_GROUP,
                "always so: weights count in groups; without it the import warns",
                "sync_group_tracking_weight");
        left(all, VRRP_SYNC_GROUP, "put what all members track into the group's track", "global_tracking");
        carried(all, VRRP_SYNC_GROUP, "track.files, with weight and reverse", "track_file");
        carried(all, VRRP_SYNC_GROUP, "track.processes, with weight and reverse", "track_process");
        left(all, VRRP_SYNC_GROUP, NO_BFD, "track_bfd");
        left(all, VRRP_SYNC_GROUP, "a group that is removed runs the stop hook", "notify_deleted");
        left(all, VRRP_SYNC_GROUP, NO_MAIL, "smtp_alert");
    }

    private static void globals(List<Keyword> all) {
        carried(all, GLOBAL_DEFS, "version", "vrrp_version");
        part(all, GLOBAL_DEFS, "a comment, for it is often the same on all nodes; set holdfast.node", "router_id");
        part(all, GLOBAL_DEFS, "user of all scripts; notify hooks run as the agent does", "script_user");
        announcements(all, GLOBAL_DEFS, "vrrp_");
        carried(all, GLOBAL_DEFS, "announce.arp-interval", "vrrp_garp_interval");
        carried(all, GLOBAL_DEFS, "announce.na-interval", "vrrp_gna_interval");
        carried(all, GLOBAL_DEFS, "announce { repeat = 1, delay = 0s, refresh = 0s }", "vrrp_min_garp");
        part(all, GLOBAL_DEFS, EXTRA_IF, "vrrp_garp_extra_if", "vrrp_vmac_garp_intvl");
        carried(all, GLOBAL_DEFS, GENERAL, "vrrp_lower_prio_no_advert", "vrrp_higher_prio_send_advert");
        carried(all, GLOBAL_DEFS, "multicast.ipv4 and multicast.ipv6", "vrrp_mcast_group4", "vrrp_mcast_group6");
        carried(all, GLOBAL_DEFS, GENERAL, "vrrp_skip_check_adv_addr");
        left(all, GLOBAL_DEFS, "always on: only the peers are heard", "vrrp_check_unicast_src");
        part(all, GLOBAL_DEFS, STRICT, "vrrp_strict");
        left(all, GLOBAL_DEFS, FIXED_TIMERS, "vrrp_down_timer_adverts");
        left(all, GLOBAL_DEFS, "adverts of an equal owner are judged as RFC 9568 says", "vrrp_owner_ignore_adverts");
        left(all, GLOBAL_DEFS, "the checksum is the RFC's; both forms are understood", "v3_checksum_as_v2");
        left(
                all,
                GLOBAL_DEFS,
                NO_FIREWALL,
                "vrrp_iptables",
                "vrrp_ipsets",
                "nftables",
                "nftables_priority",
                "nftables_ifindex",
                "nftables_counters");
        left(
                all,
                GLOBAL_DEFS,
                SCHEDULING,
                "vrrp_priority",
                "vrrp_no_swap",
                "vrrp_rt_priority",
                "vrrp_cpu_affinity",
                "vrrp_rlimit_rttime",
                "vrrp_rlimit_rtime",
                "max_auto_priority",
                "min_auto_priority_delay",
                "umask",
                "set_supplementary_groups");
        left(
                all,
                GLOBAL_DEFS,
                ONE_PROCESS,
                "process_names",
                "process_name",
                "vrrp_process_name",
                "checker_process_name",
                "lvs_process_name",
                "bfd_process_name");
        left(
                all,
                GLOBAL_DEFS,
                NO_MAIL,
                "notification_email",
                "notification_email_from",
                "smtp_server",
                "smtp_helo_name",
                "smtp_connect_timeout",
                "smtp_alert",
                "smtp_alert_vrrp",
                "smtp_alert_checker",
                "no_email_faults",
                "no_checker_emails");
        carried(all, GLOBAL_DEFS, "vrrp.notify.fifo", "notify_fifo", "vrrp_notify_fifo");
        left(
                all,
                GLOBAL_DEFS,
                "whoever reads the FIFO is started by the service manager",
                "notify_fifo_script",
                "vrrp_notify_fifo_script");
        left(
                all,
                GLOBAL_DEFS,
                "the FIFO has transitions alone; whoever opens the event socket gets the last one of each first",
                "fifo_write_vrrp_states_on_reload");
        left(all, GLOBAL_DEFS, LVS, "lvs_notify_fifo", "lvs_notify_fifo_script");
        left(
                all,
                GLOBAL_DEFS,
                NO_SNMP,
                "snmp_socket",
                "enable_traps",
                "enable_snmp_vrrp",
                "enable_snmp_keepalived",
                "enable_snmp_rfc",
                "enable_snmp_rfcv2",
                "enable_snmp_rfcv3",
                "enable_snmp_checker",
                "snmp_vs_stats_update_interval",
                "snmp_rs_stats_update_interval",
                "enable_dbus",
                "dbus_service_name",
                "dbus_no_interface_name");
        left(
                all,
                GLOBAL_DEFS,
                "the service's unit can run them (ExecStartPre=, ExecStopPost=)",
                "startup_script",
                "startup_script_timeout",
                "shutdown_script",
                "shutdown_script_timeout");
        left(all, GLOBAL_DEFS, "always so: an instance waits in FAULT for its interface", "dynamic_interfaces");
        left(all, GLOBAL_DEFS, "each instance names its interface", "default_interface");
        carried(all, GLOBAL_DEFS, "the start of `virtual-mac.name`", "vmac_prefix");
        left(all, GLOBAL_DEFS, NO_VMAC_ADDR, "vmac_addr_prefix");
        left(all, GLOBAL_DEFS, "a virtual MAC joins no group, so it sends no IGMP", "disable_local_igmp");
        left(
                all,
                GLOBAL_DEFS,
                "not checked; let none but root write to scripts",
                "enable_script_security",
                "use_symlink_paths");
        left(
                all,
                GLOBAL_DEFS,
                BUFFERS,
                "vrrp_netlink_cmd_rcv_bufs",
                "vrrp_netlink_cmd_rcv_bufs_force",
                "vrrp_netlink_monitor_rcv_bufs",
                "vrrp_netlink_monitor_rcv_bufs_force",
                "process_monitor_rcv_bufs",
                "process_monitor_rcv_bufs_force",
                "vrrp_rx_bufs_policy",
                "vrrp_rx_bufs_multiplier");
        carried(all, GLOBAL_DEFS, PRIORITY_CHANGES, "vrrp_notify_priority_changes");
        carried(all, GLOBAL_DEFS, "startup-delay", "vrrp_startup_delay");
        left(all, GLOBAL_DEFS, "startup-delay counts from the agent's start", "vrrp_delay_after_boot");
        left(all, GLOBAL_DEFS, "adverts of other routers are not logged", "log_unknown_vrids");
        left(all, GLOBAL_DEFS, "nothing is random here", "random_seed");
        left(all, GLOBAL_DEFS, RELOAD, "reload_check_config", "reload_time_file", "reload_repeat", "reload_file");
        left(all, GLOBAL_DEFS, "a missing file is a warning; includea makes it a fault", "include_check");
        left(
                all,
                GLOBAL_DEFS,
                DUMPS,
                "config_save_dir",
                "tmp_config_directory",
                "data_use_instance",
                "json_version",
                "state_dump_file",
                "stats_dump_file",
                "json_dump_file");
        left(all, GLOBAL_DEFS, NO_TABLE_NAMES, "iproute_usr_dir", "iproute_etc_dir");
        left(
                all,
                GLOBAL_DEFS,
                LVS,
                "lvs_timeouts",
                "lvs_flush",
                "lvs_flush_on_stop",
                "lvs_flush_onstop",
                "lvs_sync_daemon",
                "nftables_ipvs",
                "nftables_ipvs_priority",
                "nftables_ipvs_start_fwmark",
                "checker_priority",
                "checker_no_swap",
                "checker_rt_priority",
                "checker_cpu_affinity",
                "checker_rlimit_rttime",
                "checker_rlimit_rtime",
                "checker_log_all_failures",
                "lvs_netlink_cmd_rcv_bufs",
                "lvs_netlink_cmd_rcv_bufs_force",
                "lvs_netlink_monitor_rcv_bufs",
                "lvs_netlink_monitor_rcv_bufs_force",
                "rs_init_notifies");
        left(
                all,
                GLOBAL_DEFS,
                NO_BFD,
                "bfd_priority",
                "bfd_no_swap",
                "bfd_rt_priority",
                "bfd_cpu_affinity",
                "bfd_rlimit_rttime",
                "bfd_rlimit_rtime");
    }

    private static void instance(List<Keyword> all) {
        carried(all, VRRP_INSTANCE, "initial-state", "state");
        carried(all, VRRP_INSTANCE, "the same, with - for _", "interface", "virtual_router_id", "priority", "version");
        carried(all, VRRP_INSTANCE, "advert-interval, rounded as the version needs it", "advert_int");
        carried(all, VRRP_INSTANCE, "preempt", "preempt", "nopreempt");
        carried(all, VRRP_INSTANCE, "preempt-delay", "preempt_delay");
        part(
                all,
                VRRP_INSTANCE,
                "addresses, with dev, label, scope, brd, noprefixroute, preferred_lft 0 or forever, and no_track with dev; "
                        + "-nodad is always so; not peer, home, mngtmpaddr and autojoin",
                "virtual_ipaddress");
        part(all, VRRP_INSTANCE, "excluded-addresses; options as above", "virtual_ipaddress_excluded");
        carried(all, VRRP_INSTANCE, "unicast.source; without unicast_peer multicast.source", "unicast_src_ip");
        carried(
                all,
                VRRP_INSTANCE,
                "unicast.peers, with min-ttl and max-ttl; any TTL without them, as there",
                "unicast_peer");
        carried(all, VRRP_INSTANCE, "authentication", "authentication");
        carried(all, VRRP_INSTANCE, "track.scripts, with weight and reverse", "track_script");
        carried(all, VRRP_INSTANCE, "track.interfaces, with weight and reverse", "track_interface");
        part(all, VRRP_INSTANCE, HOOKS, "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop");
        left(all, VRRP_INSTANCE, "an instance that is removed runs the stop hook", "notify_deleted");
        carried(all, VRRP_INSTANCE, SAME, "lower_prio_no_advert", "higher_prio_send_advert", "skip_check_adv_addr");
        left(all, VRRP_INSTANCE, "there is no such hook", "notify_master_rx_lower_pri");
        carried(all, VRRP_INSTANCE, PRIORITY_CHANGES, "notify_priority_changes");
        left(all, VRRP_INSTANCE, NO_MAIL, "smtp_alert");
        carried(all, VRRP_INSTANCE, "authentication with type = hmac", "auth_hmac");
        carried(all, VRRP_INSTANCE, "track.files, with weight and reverse", "track_file");
        carried(all, VRRP_INSTANCE, "track.processes, with weight and reverse", "track_process");
        left(all, VRRP_INSTANCE, NO_BFD, "track_bfd");
        left(
                all,
                VRRP_INSTANCE,
                "always so: an instance is in FAULT while its link is down or its source address is gone",
                "track_src_ip");
        left(
                all,
                VRRP_INSTANCE,
                "unicast without peers is warned about, and never becomes multicast",
                "unicast_fault_no_peer");
        left(all, VRRP_INSTANCE, "an instance always follows its own link", "dont_track_primary");
        part(
                all,
                VRRP_INSTANCE,
                "`virtual-mac`, with its name and MAC; netlink_notify_msg is not needed, and there are no groups",
                "use_vmac");
        carried(all, VRRP_INSTANCE, "`virtual-mac.transmit = base`", "vmac_xmit_base");
        left(all, VRRP_INSTANCE, NO_VMAC_ADDR, "use_vmac_addr");
        left(
                all,
                VRRP_INSTANCE,
                "an ipvlan has the interface's own MAC, so the address is on the interface itself to the same effect",
                "use_ipvlan");
        left(all, VRRP_INSTANCE, "the interface is enough", "vrf");
        carried(all, VRRP_INSTANCE, "multicast.source", "mcast_src_ip");
        carried(all, VRRP_INSTANCE, "multicast.group", "mcast_dst_ip");
        carried(all, VRRP_INSTANCE, "unicast.ttl", "unicast_ttl");
        left(all, VRRP_INSTANCE, "always on: only the peers are heard", "check_unicast_src");
        left(
                all,
                VRRP_INSTANCE,
                "the checksum is the RFC's; both forms are understood",
                "old_unicast_checksum",
                "v3_checksum_as_v2");
        left(all, VRRP_INSTANCE, "the family is that of the first address", "native_ipv6");
        left(all, VRRP_INSTANCE, "an instance has an address, if only an excluded one", "no_virtual_ipaddress");
        carried(all, VRRP_INSTANCE, "promote-secondaries", "promote_secondaries");
        left(all, VRRP_INSTANCE, INTERFACES, "linkbeat_use_polling");
        part(
                all,
                VRRP_INSTANCE,
                "routes, with via, dev, src, table, metric, scope, onlink, mtu, advmss and their types; not with several "
                        + "gateways, vrf, tos, encap or named tables; what only tunes a route is left out and named",
                "virtual_routes");
        part(
                all,
                VRRP_INSTANCE,
                "rules, with from, to, table, fwmark, iif, oif and priority; not with goto, ports, uidrange, l3mdev or tos",
                "virtual_rules");
        left(
                all,
                VRRP_INSTANCE,
                "the MASTER always answers on its addresses, and no firewall rule is made",
                "accept",
                "no_accept");
        part(all, VRRP_INSTANCE, STRICT, "strict_mode");
        left(all, VRRP_INSTANCE, "the log says the same for all instances", "debug");
        left(all, VRRP_INSTANCE, LVS, "lvs_sync_daemon_interface");
        announcements(all, VRRP_INSTANCE, "");
        part(all, VRRP_INSTANCE, EXTRA_IF, "garp_extra_if", "vmac_garp_intvl");
        left(all, VRRP_INSTANCE, FIXED_TIMERS, "down_timer_adverts", "timer_expired_backup", "thread_timer_expired");
        left(all, VRRP_INSTANCE, "adverts of an equal owner are judged as RFC 9568 says", "owner_ignore_adverts");
        left(all, VRRP_INSTANCE, BUFFERS, "kernel_rx_buf_size");
    }

    private static void announcements(List<Keyword> all, Block block, String prefix) {
        carried(all, block, "announce.repeat", prefix + "garp_master_repeat");
        carried(all, block, "announce.delay", prefix + "garp_master_delay");
        carried(all, block, "announce.refresh; where nothing is said, it is 30 s here", prefix + "garp_master_refresh");
        carried(all, block, "announce.refresh-repeat", prefix + "garp_master_refresh_repeat");
        carried(all, block, "announce.lower-priority-repeat", prefix + "garp_lower_prio_repeat");
        carried(all, block, "announce.lower-priority-delay", prefix + "garp_lower_prio_delay");
    }

    private static void carried(List<Keyword> all, Block block, String note, String... names) {
        add(all, block, Outcome.CARRIED_OVER, note, names);
    }

    private static void part(List<Keyword> all, Block block, String note, String... names) {
        add(all, block, Outcome.IN_PART, note, names);
    }

    private static void left(List<Keyword> all, Block block, String note, String... names) {
        add(all, block, Outcome.LEFT_OUT, note, names);
    }

    private static void add(List<Keyword> all, Block block, Outcome outcome, String note, String... names) {
        for (String name : names) {
            all.add(new Keyword(block, name, outcome, note));
        }
    }

    /** All of them, block by block. */
    public static List<Keyword> all() {
        return TABLE;
    }

    /** A keyword as it is understood in a block. */
    public static Optional<Keyword> find(Block block, String name) {
        return TABLE.stream()
                .filter(keyword -> keyword.block() == block && keyword.name().equals(name))
                .findFirst();
    }

    /** The block that a keyword opens, if its inner keywords are in the table. */
    static Optional<Block> home(String keyword) {
        return keyword.equals("vrrp_track_file")
                ? Optional.of(TRACK_FILE)
                : Stream.of(Block.values())
                        .filter(block -> block != TOP && block.title().equals(keyword))
                        .findFirst();
    }

    /** Whether its value is a command line, with quotes and escapes as in a shell. */
    static boolean takesCommand(String keyword) {
        return keyword.equals("script") || keyword.startsWith("notify");
    }

    static boolean isKnown(String name) {
        return TABLE.stream().anyMatch(keyword -> keyword.name().equals(name));
    }

    /** Why a keyword in a block was not carried over. */
    static String explain(Block block, String name) {
        Optional<Keyword> known = find(block, name);
        if (known.isPresent() && known.get().outcome() == Outcome.LEFT_OUT) {
            return "is left out: " + known.get().note();
        }
        Set<Block> homes = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (Keyword keyword : TABLE) {
            if (keyword.name().equals(name)) {
                homes.add(keyword.block());
            }
            if (keyword.block() == block) {
                names.add(keyword.name());
            }
        }
        if (!homes.isEmpty()) {
            return "does not belong here and is left out; its place is "
                    + String.join(" or ", homes.stream().map(Block::title).toList());
        }
        return "is not a known keyword and is left out"
                + Suggestions.closest(name, names)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("");
    }
}
