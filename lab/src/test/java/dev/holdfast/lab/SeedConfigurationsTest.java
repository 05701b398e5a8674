package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The keepalived configurations that people come with, run as they are. The hosts get the network cards and addresses that
 * the files name; on the other hosts only what must differ is changed.
 */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class SeedConfigurationsTest {
    private static final Path SEEDS = Path.of("../agent/src/test/resources/keepalived");
    private static final Duration ELECTION = Duration.ofSeconds(20);

    private static String seed(String file) throws IOException {
        return Files.readString(SEEDS.resolve(file));
    }

    private static UnaryOperator<String> replacing(String... pairs) {
        return text -> {
            String changed = text;
            for (int i = 0; i < pairs.length; i += 2) {
                assertThat(changed).contains(pairs[i]);
                changed = changed.replace(pairs[i], pairs[i + 1]);
            }
            return changed;
        };
    }

    /** The host of the first agent must win, and hand over to the second when it leaves, and so on to the last one. */
    private static void electsInOrder(Lab lab, String instance, String vip, List<AgentProcess> agents) {
        List<AgentProcess> left = new ArrayList<>(agents);
        while (!left.isEmpty()) {
            AgentProcess master = left.removeFirst();
            lab.awaitSoleHolder(master.host(), vip, ELECTION);
            master.awaitVrrpState(instance, "MASTER", ELECTION);
            for (AgentProcess backup : left) {
                backup.awaitVrrpState(instance, "BACKUP", ELECTION);
            }
            assertThat(master.terminate()).isZero();
            assertThat(master.host().holds(vip)).isFalse();
        }
    }

    @Test
    void minimal(Lab lab) throws IOException {
        String text = seed("minimal.conf");
        UnaryOperator<String> second = replacing("state MASTER", "state BACKUP", "priority 100", "priority 90");
        AgentProcess a = AgentProcess.startWithKeepalivedConf(lab.host("a", "eth0", "172.26.100.11/20"), text);
        AgentProcess b =
                AgentProcess.startWithKeepalivedConf(lab.host("b", "eth0", "172.26.100.12/20"), second.apply(text));
        electsInOrder(lab, "VI_1", "172.26.100.100", List.of(a, b));
    }

    @Test
    void productionWithANotifyScript(Lab lab) throws IOException {
        String text = seed("production.conf");
        List<AgentProcess> agents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Host host = lab.host("q" + i, "wlan0", "192.168.37.1" + i + "/22");
            Path notify =
                    host.writeScript("notify.sh", "#!/bin/sh\necho \"$1 $2 $3\" >> " + host.folder() + "/notified\n");
            agents.add(AgentProcess.startWithKeepalivedConf(
                    host,
                    replacing(
                                    "/etc/keepalived/notify.sh",
                                    notify.toString(),
                                    "priority 100",
                                    "priority " + (100 - 10 * i),
                                    "state MASTER",
                                    i == 0 ? "state MASTER" : "state BACKUP")
                            .apply(text)));
        }
        electsInOrder(lab, "qube-1161", "192.168.37.5", agents);
        for (AgentProcess agent : agents) {
            assertThat(agent.host().read("notified")).contains("INSTANCE qube-1161 MASTER");
        }
    }

    @Test
    void dockerIngressOnThreeNodes(Lab lab) throws IOException {
        AgentProcess a = AgentProcess.startWithKeepalivedConf(
                lab.host("cube01", "eth0", "10.0.0.60/24"), seed("docker-ingress-master.conf"));
        String backup = seed("docker-ingress-backup.conf");
        AgentProcess b = AgentProcess.startWithKeepalivedConf(lab.host("cube02", "eth0", "10.0.0.61/24"), backup);
        AgentProcess c = AgentProcess.startWithKeepalivedConf(
                lab.host("cube03", "eth0", "10.0.0.62/24"),
                replacing("priority 90", "priority 80").apply(backup));
        electsInOrder(lab, "VI_1", "10.0.0.70", List.of(a, b, c));
    }

    @Test
    void postgresByUnicastWithAnAddressOwner(Lab lab) throws IOException {
        AgentProcess a = AgentProcess.startWithKeepalivedConf(
                lab.host("pg1", "ens18", "10.0.1.62/8"), seed("postgres-master.conf"));
        String backup = seed("postgres-backup.conf");
        AgentProcess b = AgentProcess.startWithKeepalivedConf(lab.host("pg2", "ens18", "10.0.1.63/8"), backup);
        AgentProcess c = AgentProcess.startWithKeepalivedConf(
                lab.host("pg3", "ens18", "10.0.1.64/8"),
                replacing(
                                "priority 254", "priority 100",
                                "unicast_src_ip 10.0.1.63", "unicast_src_ip 10.0.1.64",
                                "\t\t10.0.1.64\n", "\t\t10.0.1.63\n")
                        .apply(backup));
        electsInOrder(lab, "Postgres_VIP", "10.0.2.100", List.of(a, b, c));
    }

    @Test
    void theClusterWhoseAddressIsNotAdvertised(Lab lab) throws IOException {
        String text = seed("cluster.conf");
        List<AgentProcess> agents = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Host host = lab.host("ha" + i, "eth0", "192.0.2.1" + (i + 1) + "/24");
            Path script = host.writeScript("things", "#!/bin/sh\nexit 0\n");
            Path notify = host.writeScript("notify", "#!/bin/sh\necho \"$@\" >> " + host.folder() + "/notified\n");
            UnaryOperator<String> adapted = replacing(
                    "/usr/local/etc/keepalived_toggle.d/things", script.toString(),
                    "/usr/local/sbin/keepalived_notify", notify.toString());
            UnaryOperator<String> second = replacing(
                    "priority 102", "priority 100",
                    "192.0.2.11", "192.0.2.x",
                    "192.0.2.12", "192.0.2.11",
                    "192.0.2.x", "192.0.2.12");
            agents.add(AgentProcess.startWithKeepalivedConf(host, adapted.apply(i == 0 ? text : second.apply(text))));
        }
        electsInOrder(lab, "cluster", "192.0.2.100", agents);
        assertThat(agents.getFirst().host().read("notified")).contains("unknown_type unknown_name STOPPED");
    }

    @Test
    void theServerCenterWhoseScriptDecides(Lab lab) throws IOException {
        String text = seed("server-center.conf");
        String[] addresses = {"10.0.0.246", "10.0.1.4", "10.0.1.51"};
        List<AgentProcess> agents = new ArrayList<>();
        List<Path> healthy = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            Host host = lab.host("sc" + i, "ens192", addresses[i] + "/22");
            Path flag = host.write("healthy", "");
            healthy.add(flag);
            String others = addresses[(i + 1) % 3] + "\n                " + addresses[(i + 2) % 3];
            agents.add(AgentProcess.startWithKeepalivedConf(
                    host,
                    replacing(
                                    // No API server lives here: a file stands for its health, looked at more often.
                                    "/usr/bin/curl -s -k https://localhost:6443/healthz -o /dev/null",
                                            "/usr/bin/test -e " + flag,
                                    "interval 5", "interval 1",
                                    "priority 30", "priority " + (30 - 10 * i),
                                    "10.0.1.4\n                10.0.1.51", others,
                                    "unicast_src_ip 10.0.0.246", "unicast_src_ip " + addresses[i])
                            .apply(text)));
        }
        lab.awaitSoleHolder(agents.getFirst().host(), "10.0.0.191", ELECTION);
        Files.delete(healthy.getFirst());
        agents.getFirst().awaitVrrpState("ServerCenter", "FAULT", ELECTION);
        assertThat(agents.getFirst().host().holds("10.0.0.191")).isFalse();
        electsInOrder(lab, "ServerCenter", "10.0.0.191", agents.subList(1, 3));
    }
}
