package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/** Healing in plain words, from what {@link StatusJson} and {@link HealJson} made. */
public final class HealText {
    private HealText() {}

    /**
     * State, policy, decision, what comes next and when, forces, and the journal's last lines.
     *
     * @param heal {@code swarm}, {@code managers} and {@code journal}
     * @return lines, each ended
     */
    public static String status(JsonNode heal, Instant now) {
        JsonNode swarm = heal.path("swarm");
        if (!swarm.path("enabled").asBoolean()) {
            return "Swarm: not watched (swarm.enabled is false)\n";
        }
        StringBuilder text = new StringBuilder();
        text.append("Swarm: ").append(swarm.path("state").asText("not looked at yet"));
        if (swarm.path("since").isTextual()) {
            text.append(" for ").append(since(swarm.path("since").asText(), now));
        }
        String detail = swarm.path("detail").asText();
        text.append(detail.isEmpty() ? "" : ": " + detail).append('\n');
        text.append("This host: ")
                .append(swarm.path("master").asBoolean() ? "MASTER" : "not MASTER, so it watches and does nothing")
                .append('\n');
        text.append("P").append(policy(swarm).substring(1));
        text.append("Now: ")
                .append(swarm.path("plan").asText().replace('-', ' '))
                .append(" [")
                .append(swarm.path("reason").asText())
                .append("]: ")
                .append(swarm.path("explanation").asText())
                .append('\n');
        text.append("Next: ").append(next(swarm, now)).append('\n');
        text.append(forces(swarm, now)).append('\n');
        refusals(text, swarm.path("refusals"));
        managers(text, swarm);
        String tasks = StatusTable.tasks(heal.path("managers"));
        if (!tasks.isEmpty()) {
            text.append("For the managers:\n").append(tasks);
        }
        JsonNode journal = heal.path("journal");
        if (!journal.isEmpty()) {
            text.append("\nJournal, the last of it:\n");
            journal.forEach(line -> text.append("  ").append(journalLine(line)).append('\n'));
        }
        return text.toString();
    }

    /** Which policy holds, and by whose word. */
    public static String policy(JsonNode swarm) {
        String policy = "policy: " + swarm.path("policy").asText();
        return swarm.path("policySetAt").isTextual()
                ? policy + " (set by an operator at "
                        + second(swarm.path("policySetAt").asText()) + "; configured: "
                        + swarm.path("configuredPolicy").asText() + ")\n"
                : policy + "\n";
    }

    private static String next(JsonNode swarm, Instant now) {
        if (!swarm.path("master").asBoolean()) {
            return "nothing here; should this host become MASTER, it considers healing anew";
        }
        String reason = swarm.path("reason").asText();
        String when = swarm.path("waitingUntil").isTextual()
                ? " at " + second(swarm.path("waitingUntil").asText())
                        + inSome(swarm.path("waitingUntil").asText(), now)
                : "";
        return switch (swarm.path("plan").asText()) {
            case "nothing-to-do" ->
                "the engine is asked every 2 s; healing begins when it says that there is no leader";
            case "wait" ->
                switch (reason) {
                    case "hold" ->
                        "if there is still no leader" + when
                                + ", every other gate is asked: the managers, the witnesses, the advertise address";
                    case "backoff" -> "the next attempt is considered" + when;
                    case "cooldown" ->
                        "nothing is tried before" + when.replaceFirst("^ at", "")
                                + "; look at the Swarm, or order it: holdfast heal now";
                    default -> "the next look" + when;
                };
            case "would-force" ->
                "nothing, for the policy is observe; holdfast heal guarded lets it act, holdfast heal now orders it";
            case "force" -> "the engine's answer, then the state is read again";
            case "refuse" -> afterRefusal(reason);
            default -> "the engine is asked again in 2 s";
        };
    }

    private static String afterRefusal(String reason) {
        return switch (reason) {
            case "election-running", "manager-starting" ->
                "asked again every 2 s until the engine says something certain";
            case "engine-down" -> "asked again every 2 s; start Docker on this host";
            case "socket-not-permitted" -> "nothing, until this process may use the engine's socket";
            case "quorum-still-possible", "quorum-without-us" ->
                "a leader is expected without a force; if the managers that answer are beyond help, stop Docker on them,"
                        + " and they count as dead after the hold";
            case "witness-silent", "no-witness", "witness-is-self" ->
                "asked again every 2 s; with the witness in order it heals by itself. If you know that it is not this host"
                        + " that is cut off: holdfast heal now";
            case "advertise-address-unknown",
                    "advertise-address-is-vip",
                    "advertise-address-not-local",
                    "advertise-address-unusable" ->
                "nothing, until swarm.advertise-address is right (a reload heeds it)";
            case "swarm-locked", "autolock" -> "nothing: unlock the Swarm with its key (docker swarm unlock)";
            case "not-in-swarm", "not-a-manager" -> "nothing: this host is no manager of a Swarm";
            case "node-broken" -> "nothing: restart Docker on this host, and look at its log";
            case "state-not-saved" -> "asked again every 2 s; make room in the state directory";
            default -> "asked again every 2 s, and decided anew";
        };
    }

    private static String forces(JsonNode swarm, Instant now) {
        String text = "Forces: " + swarm.path("attempts").asText("0") + " that count towards max-attempts";
        JsonNode last = swarm.path("lastForce");
        return last.isObject()
                ? text + "; the last one " + since(last.path("at").asText(), now) + " ago: "
                        + last.path("result").asText()
                : text + "; none on record";
    }

    private static void refusals(StringBuilder text, JsonNode refusals) {
        String counts = refusals.properties().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().asText())
                .collect(Collectors.joining(", "));
        if (!counts.isEmpty()) {
            text.append("Refused since the start: ").append(counts).append('\n');
        }
    }

    private static void managers(StringBuilder text, JsonNode swarm) {
        if (swarm.path("leader").isTextual()) {
            text.append("Leader: ").append(swarm.path("leader").asText()).append('\n');
        }
        for (JsonNode manager : swarm.path("managers")) {
            String hostname = manager.path("hostname").asText();
            text.append("Manager: ")
                    .append(hostname.isEmpty() ? manager.path("id").asText() : hostname)
                    .append(comma(manager.path("endpoint").asText("")))
                    .append(comma(manager.path("reachability").asText()))
                    .append('\n');
        }
    }

    private static String journalLine(JsonNode line) {
        String event = line.path("event").asText();
        String what = switch (event) {
            case "decision" ->
                line.path("decision").asText() + " [" + line.path("reason").asText() + "]";
            case "result" -> "result: " + line.path("result").asText();
            case "attempt" -> "force, advertising " + line.path("advertise").asText();
            default -> event;
        };
        String detail = line.path("detail").asText();
        return second(line.path("at").asText()) + " " + what + (detail.isEmpty() ? "" : ": " + detail);
    }

    /** What an order would do, before anybody says yes. */
    public static String preview(JsonNode preview) {
        StringBuilder text = new StringBuilder();
        text.append("Swarm: ")
                .append(preview.path("state").asText("not looked at yet"))
                .append(": ")
                .append(preview.path("detail").asText())
                .append('\n');
        for (JsonNode manager : preview.path("managers")) {
            text.append("Manager ")
                    .append(manager.path("name").asText())
                    .append(": ")
                    .append(
                            switch (manager.path("answer").asText()) {
                                case "answers" -> "answers";
                                case "silent" -> "does not answer";
                                default -> "could not be asked";
                            })
                    .append('\n');
        }
        for (JsonNode gate : preview.path("overruled")) {
            text.append("Gate [")
                    .append(gate.path("reason").asText())
                    .append("]: ")
                    .append(gate.path("text").asText())
                    .append("; the order overrules it\n");
        }
        if (preview.path("wouldForce").asBoolean()) {
            text.append("\nThe order makes this host the one manager of the Swarm, advertising ")
                    .append(preview.path("advertise").asText())
                    .append(". Services, secrets, configs and networks stay as this host knows them.\n")
                    .append("If a majority of managers lives where this host can't see it, the order destroys what it")
                    .append(" does from now on.\n");
        } else {
            text.append("\nNot even an order heals here [")
                    .append(preview.path("reason").asText())
                    .append("]: ")
                    .append(preview.path("explanation").asText())
                    .append('\n');
        }
        return text.toString();
    }

    /** What the order did, in one line. */
    public static String outcome(JsonNode outcome) {
        return switch (outcome.path("result").asText("")) {
            case "success" ->
                "healed, this host leads the Swarm (" + outcome.path("detail").asText() + ")";
            case "failure" ->
                "the force did not help (" + outcome.path("detail").asText() + ")";
            default ->
                "nothing was forced: " + outcome.path("explanation").asText() + " ["
                        + outcome.path("reason").asText() + "]";
        };
    }

    private static String comma(String text) {
        return text.isEmpty() ? "" : ", " + text;
    }

    private static String second(String instant) {
        return instant.replaceFirst("\\.\\d+Z$", "Z");
    }

    private static String since(String instant, Instant now) {
        try {
            return span(Duration.between(Instant.parse(instant), now));
        } catch (DateTimeException e) {
            return "an unknown time";
        }
    }

    private static String inSome(String instant, Instant now) {
        try {
            Duration left = Duration.between(now, Instant.parse(instant));
            return left.isPositive() ? " (in " + span(left) + ")" : "";
        } catch (DateTimeException e) {
            return "";
        }
    }

    private static String span(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
