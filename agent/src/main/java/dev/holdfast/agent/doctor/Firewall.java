package dev.holdfast.agent.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the programs that tell of this host's packet filters. */
final class Firewall {
    private final HostFacts host;
    private final List<String> unseen;

    Firewall(HostFacts host, List<String> unseen) {
        this.host = host;
        this.unseen = unseen;
    }

    /** What would not pass. */
    List<Finding> judge(List<Traffic> traffic) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        boolean toldV4 = iptables("iptables", traffic, findings);
        boolean toldV6 = iptables("ip6tables", traffic, findings);
        legacy("ip_tables_names", "iptables-legacy", traffic, findings);
        legacy("ip6_tables_names", "ip6tables-legacy", traffic, findings);
        Optional<String> nft = host.tool("nft", "-j", "list", "ruleset");
        if (nft.isPresent()) {
            try {
                findings.addAll(NftRuleset.read(nft.get(), toldV4 && toldV6).judge(traffic));
            } catch (JsonProcessingException e) {
                unseen.add("nftables: what nft prints is no JSON");
            }
        }
        return findings;
    }

    /** Whether it told of all of its tables. */
    private boolean iptables(String program, List<Traffic> traffic, List<Finding> findings)
            throws InterruptedException {
        Optional<String> text = host.tool(program + "-save");
        text.ifPresent(
                rules -> findings.addAll(IptablesRules.read(rules, program).judge(traffic)));
        // It leaves out tables that hold what it has no words for, and says so in a comment.
        return text.filter(rules -> !rules.contains("incompatible")).isPresent();
    }

    /** The tables of the kernel's older filter, which today's iptables does not show. Asking only then loads no module. */
    private void legacy(String names, String program, List<Traffic> traffic, List<Finding> findings)
            throws InterruptedException {
        boolean used = HostFacts.text(Path.of("/proc/net", names))
                .filter(tables -> !tables.isBlank())
                .isPresent();
        if (used) {
            iptables(program, traffic, findings);
        }
    }
}
