package dev.holdfast.lab;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Frames that the switch does not pass on although every cable is whole: a network that fell apart somewhere in its middle.
 * Each call replaces what was dropped before, in one step.
 */
public final class SwitchFilter {
    private static final String TABLE = "bridge lab_split";

    private final Lab lab;

    /** The filter of a lab's switch; drops nothing yet. */
    public SwitchFilter(Lab lab) {
        this.lab = lab;
    }

    /**
     * Hosts of one side hear each other and no host of another one. A host on several sides, such as a gateway that both can
     * still reach, hears them all; one on no side hears nobody.
     */
    public void split(List<List<Host>> sides) {
        Set<String> rules = new HashSet<>();
        List<Host> all = lab.hosts();
        for (Host from : all) {
            for (Host to : all) {
                if (!from.equals(to) && sides.stream().noneMatch(side -> side.contains(from) && side.contains(to))) {
                    rules.add(drop(from, to));
                }
            }
        }
        replace(rules);
    }

    /** What the host sends reaches nobody; it hears all that the others say. */
    public void mute(Host host) {
        replace(Set.of("iifname \"%s\" drop".formatted(host.link().port())));
    }

    /** The host hears nobody; what it says reaches all others. */
    public void deafen(Host host) {
        replace(Set.of("oifname \"%s\" drop".formatted(host.link().port())));
    }

    /** Passes everything on again. */
    public void mend() {
        replace(Set.of());
    }

    private static String drop(Host from, Host to) {
        return "iifname \"%s\" oifname \"%s\" drop"
                .formatted(from.link().port(), to.link().port());
    }

    private void replace(Set<String> rules) {
        StringBuilder script = new StringBuilder("add table %1$s\ndelete table %1$s\n".formatted(TABLE));
        if (!rules.isEmpty()) {
            script.append("table %s {\nchain passing {\ntype filter hook forward priority 0\n".formatted(TABLE));
            rules.forEach(rule -> script.append(rule).append('\n'));
            script.append("}\n}\n");
        }
        Command.run("nsenter", "--net=" + Lab.NAMESPACES.resolve(lab.switchNamespace()), "--", "nft", script.toString())
                .orThrow();
    }
}
