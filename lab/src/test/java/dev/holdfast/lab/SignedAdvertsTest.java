package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.lab.Router.Mode;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adverts with an HMAC: who has the key is heard, who has not is refused and harms nobody. */
@EndToEnd
class SignedAdvertsTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String ONE = "hex:" + "01".repeat(32);
    private static final String TWO = "a second key of more than 32 bytes of text";
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");

    private static AgentProcess agent(Host host, Mode mode, int priority, String authentication) {
        return AgentProcess.start(host, config(host, mode, priority, authentication));
    }

    private static String config(Host host, Mode mode, int priority, String authentication) {
        return Router.of(mode, priority).holdfast(host, "authentication { " + authentication + " }", "");
    }

    private static String key(int id, String secret) {
        return "keys { %d { secret = \"%s\" } }".formatted(id, secret);
    }

    private static void awaitRefused(AgentProcess agent, String reason) {
        Await.until(
                reason + " on " + agent.host(),
                SOON,
                () -> agent.metric("holdfast_vrrp_rejected_total", "reason", reason) > 0);
    }

    @Test
    void strangersAndForgersTakeNothing(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        AgentProcess master = agent(a, Mode.V3_FAST, 200, key(1, ONE));
        AgentProcess backup = agent(b, Mode.V3_FAST, 100, key(1, ONE));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        backup.awaitVrrpState("VI_1", "BACKUP", SOON);

        Host stranger = lab.host("stranger");
        Keepalived.launch(stranger, Router.of(Mode.V3_FAST, 254).keepalived(stranger));
        awaitRefused(master, "hmac_missing");
        awaitRefused(backup, "hmac_missing");
        Host forger = lab.host("forger");
        agent(forger, Mode.V3_FAST, 254, key(1, TWO));
        awaitRefused(master, "hmac_bad");
        awaitRefused(backup, "hmac_bad");

        assertThat(master.vrrpState("VI_1")).isEqualTo("MASTER");
        assertThat(backup.vrrpState("VI_1")).isEqualTo("BACKUP");
        assertThat(master.metric("holdfast_vrrp_transitions_total", "to", "MASTER"))
                .isEqualTo(1);
        assertThat(backup.metric("holdfast_vrrp_transitions_total", "to", "MASTER"))
                .isZero();
        for (AgentProcess agent : List.of(master, backup)) {
            assertThat(agent.log() + agent.status() + agent.stateFile() + agent.command("status"))
                    .doesNotContain(ONE, ONE.substring(4), TWO);
        }
    }

    @Test
    void aSecretIsIntroducedAndReplacedWithoutAnyTransition(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        AgentProcess master = agent(a, Mode.V3_FAST, 200, "type = none");
        AgentProcess backup = agent(b, Mode.V3_FAST, 100, "type = none");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        backup.awaitVrrpState("VI_1", "BACKUP", SOON);
        double before = backup.metric("holdfast_vrrp_transitions_total");

        String both = "keys { 1 { secret = \"%s\" }, 2 { secret = \"%s\" } }".formatted(ONE, TWO);
        for (String step : List.of(
                key(1, ONE) + ", mode = receive-only",
                key(1, ONE) + ", mode = permissive",
                key(1, ONE),
                both + ", active-key = 1",
                both + ", active-key = 2",
                key(2, TWO))) {
            // The one that must understand what the other is about to say goes first in one round and last in another.
            backup.reload(config(b, Mode.V3_FAST, 100, step));
            master.reload(config(a, Mode.V3_FAST, 200, step));
            double heard = backup.metric("holdfast_vrrp_adverts_received_total");
            Await.until(
                    "adverts after " + step,
                    SOON,
                    () -> backup.metric("holdfast_vrrp_adverts_received_total") > heard + 5);
        }

        assertThat(backup.metric("holdfast_vrrp_transitions_total")).isEqualTo(before);
        assertThat(master.vrrpState("VI_1")).isEqualTo("MASTER");
        assertThat(backup.metric("holdfast_vrrp_rejected_total")).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"V2_MULTICAST", "V2_UNICAST", "V3_FAST"})
    void keepalivedUnderstandsTheTrailersAndIsUnderstood(Mode mode, Lab lab) {
        assumeTrue(keepalivedSigns(), "only keepalived 2.4.2 and later can sign, this is " + Keepalived.version());
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host c = lab.host("c");
        String keepalivedConf = Router.of(mode, 150, a, c)
                .keepalived(b)
                .replace(
                        "virtual_ipaddress {",
                        "auth_hmac {\n key 3 %s\n active_key 3\n }\n virtual_ipaddress {".formatted(ONE));
        AgentProcess first = AgentProcess.start(
                a, Router.of(mode, 200, b, c).holdfast(a, "authentication { " + key(3, ONE) + " }", ""));
        Keepalived.start(b, keepalivedConf);
        AgentProcess last = AgentProcess.start(
                c, Router.of(mode, 100, a, b).holdfast(c, "authentication { " + key(3, ONE) + " }", ""));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        last.awaitVrrpState("VI_1", "BACKUP", SOON);

        first.terminate();
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        double heard = last.metric("holdfast_vrrp_adverts_received_total");
        Await.until(
                "adverts of keepalived", SOON, () -> last.metric("holdfast_vrrp_adverts_received_total") > heard + 2);

        assertThat(last.metric("holdfast_vrrp_rejected_total")).isZero();
        assertThat(last.metric("holdfast_vrrp_transitions_total", "to", "MASTER"))
                .isZero();
        assertThat(lab.holders(Router.VIP)).containsExactly(b);
    }

    private static boolean keepalivedSigns() {
        MatchResult version =
                VERSION.matcher(Keepalived.version()).results().findFirst().orElseThrow();
        int number = Integer.parseInt(version.group(1)) * 10_000
                + Integer.parseInt(version.group(2)) * 100
                + Integer.parseInt(version.group(3));
        return number >= 20_402;
    }
}
