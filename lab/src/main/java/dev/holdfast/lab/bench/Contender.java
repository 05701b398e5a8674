package dev.holdfast.lab.bench;

import dev.holdfast.lab.AgentProcess;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Keepalived;
import dev.holdfast.lab.LabProcess;
import java.util.regex.Pattern;

/** The programs that are measured side by side. */
enum Contender {
    /** The built image. */
    HOLDFAST {
        @Override
        String version() {
            return AgentProcess.version().replaceFirst("^holdfast ", "");
        }

        @Override
        Running launch(Host host, RouterConfig config) {
            return new RunningHoldfast(AgentProcess.launch(host, config.holdfast(host)));
        }
    },
    /** The installed one, or the binary that {@code KEEPALIVED} names. */
    KEEPALIVED {
        @Override
        String version() {
            return Keepalived.version().replaceFirst("^v", "");
        }

        @Override
        Running launch(Host host, RouterConfig config) {
            return new RunningKeepalived(Keepalived.launch(host, config.keepalived(host)));
        }
    };

    /** Its name in words and as a key. */
    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The version it tells. */
    abstract String version();

    /** Starts it on a host; does not wait. */
    abstract Running launch(Host host, RouterConfig config);

    private record RunningHoldfast(AgentProcess agent) implements Running {
        @Override
        public LabProcess process() {
            return agent.process();
        }

        @Override
        public int timesEntered(String state) {
            // By the metric and not by the log: the log may drop lines under load, and says so.
            return (int) agent.metric("holdfast_vrrp_transitions_total", "to", state);
        }
    }

    private record RunningKeepalived(Keepalived keepalived) implements Running {
        @Override
        public LabProcess process() {
            return keepalived.process();
        }

        @Override
        public int timesEntered(String state) {
            Pattern entered = Pattern.compile("\\([^)]+\\) Entering " + state + " STATE");
            return (int) process().lines().stream()
                    .filter(line -> entered.matcher(line.text()).find())
                    .count();
        }
    }
}
