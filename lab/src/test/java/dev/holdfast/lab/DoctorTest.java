package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code holdfast doctor} finds on real hosts, and that the commands it prints mend it. */
@EndToEnd
class DoctorTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static String config(Host host, int priority, String more) {
        return """
                holdfast {
                  node = %s
                  %s
                  swarm.enabled = false
                }
                %s
                """.formatted(host.name(), Router.of(Mode.V3_FAST, priority).vrrpSection(host, "", ""), more);
    }

    private static Command.Output doctor(Host host, Path config) {
        return host.run(
                AgentProcess.executable().toString(),
                "doctor",
                "-c",
                config.toString(),
                "--run-dir",
                host.folder().resolve("run").toString());
    }

    /** The names in brackets at the ends of the findings' first lines. */
    private static List<String> findings(Command.Output output) {
        return output.out()
                .lines()
                .filter(line -> !line.startsWith(" ") && line.endsWith("]"))
                .map(line -> line.substring(line.lastIndexOf('[') + 1, line.length() - 1))
                .toList();
    }

    private static void healthy(Host host, Path config) {
        Command.Output output = doctor(host, config);
        assertThat(output.out().lines())
                .as("%s%s", output.out(), output.err())
                .singleElement()
                .asString()
                .startsWith("Nothing to complain about");
        assertThat(output.exit()).isZero();
    }

    /** Has the finding, runs the command below it, and is healthy then. */
    private static void findsAndMends(Host host, Path config, String finding) {
        Command.Output output = doctor(host, config);
        assertThat(findings(output)).as("%s%s", output.out(), output.err()).containsOnly(finding);
        assertThat(output.exit()).isEqualTo(1);
        List<String> commands = new ArrayList<>();
        output.out()
                .lines()
                .filter(line -> line.startsWith(" "))
                .map(line -> line.strip().replace(" && systemctl reload holdfast", ""))
                .forEach(commands::add);
        commands.forEach(command -> host.exec("sh", "-c", command));
        healthy(host, config);
    }

    @Test
    void whatItPrintsMendsWhatItFinds(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Path script = a.writeScript("check", "#!/bin/sh\n");
        String more = """
                holdfast.vrrp.scripts.up { command = ["%s"], interval = 1s }
                holdfast.vrrp.instances.VI_1.track.scripts = [up]
                """.formatted(script);
        Path config = a.write("holdfast.conf", config(a, 100, more));
        healthy(a, config);

        Firewall.drop(a, Firewall.Way.INPUT);
        findsAndMends(a, config, "firewall-drops");
        Firewall.open(a);
        a.exec("iptables", "-A", "OUTPUT", "-p", "112", "-d", "224.0.0.18", "-j", "DROP");
        findsAndMends(a, config, "firewall-drops");
        a.exec("iptables", "-F");

        a.exec("chmod", "-x", script.toString());
        findsAndMends(a, config, "script-not-executable");
        a.exec("ip", "link", "set", "eth0", "down");
        findsAndMends(a, config, "interface-down");

        // Somebody else's virtual router with the same id.
        String stranger = config(b, 100, "").replace(Router.VIP, "10.77.0.200");
        AgentProcess other = AgentProcess.start(b, stranger);
        other.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        findsAndMends(a, config, "vrid-in-use");
    }

    @Test
    void agentsAreHeldAgainstEachOther(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        // Named, since those who don't hear each other would not know each other either.
        String known = "holdfast.peers.agents = [\"" + a.address() + "\", \"" + b.address() + "\"]\n";
        AgentProcess agentA = AgentProcess.start(a, config(a, 100, known));
        AgentProcess agentB = AgentProcess.start(b, config(b, 100, known));
        Path config = b.folder().resolve("holdfast.conf");
        Await.until(
                "one MASTER",
                SOON,
                () -> agentA.vrrpState(Router.INSTANCE).equals("MASTER")
                        != agentB.vrrpState(Router.INSTANCE).equals("MASTER"));
        assertThat(findings(doctor(b, config))).containsExactly("duplicate-priority");
        agentB.reload(config(b, 90, known));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Await.until("nothing to complain about", SOON, () -> doctor(b, config).ok());

        Firewall.drop(b, Firewall.Way.INPUT);
        agentB.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        assertThat(findings(doctor(b, config))).contains("two-masters", "firewall-drops");
        Firewall.open(b);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Await.until("nothing to complain about", SOON, () -> doctor(b, config).ok());
    }
}
