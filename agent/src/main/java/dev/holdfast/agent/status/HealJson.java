package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.swarm.HealOutcome;
import dev.holdfast.swarm.HealPlan;
import dev.holdfast.swarm.HealPreview;
import dev.holdfast.swarm.managers.ManagersStatus;

/** What an order to heal would do and has done, as JSON. */
public final class HealJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private HealJson() {}

    /** What is done for the managers. */
    public static ObjectNode managers(ManagersStatus status) {
        return ManagersJson.of(status);
    }

    /** What it would do. */
    public static ObjectNode preview(HealPreview preview) {
        ObjectNode node = NODES.objectNode()
                .put("state", preview.state() == null ? null : preview.state().name())
                .put("detail", preview.stateDetail())
                .put("wouldForce", preview.plan() instanceof HealPlan.Force)
                .put(
                        "advertise",
                        preview.plan() instanceof HealPlan.Force force
                                ? force.advertiseAddress().getHostAddress()
                                : null)
                .put("reason", preview.plan().reasonLabel())
                .put("explanation", preview.plan().explanation());
        ArrayNode managers = node.putArray("managers");
        preview.managers()
                .forEach(asked -> managers.addObject()
                        .put("name", asked.manager().displayName())
                        .put("answer", asked.answer().label()));
        ArrayNode overruled = node.putArray("overruled");
        preview.overruled()
                .forEach(gate ->
                        overruled.addObject().put("reason", gate.reason()).put("text", gate.text()));
        return node;
    }

    /** What it did. */
    public static ObjectNode outcome(HealOutcome outcome) {
        return NODES.objectNode()
                .put(
                        "result",
                        outcome.result() == null ? null : outcome.result().label())
                .put("detail", outcome.detail())
                .put("reason", outcome.plan().reasonLabel())
                .put("explanation", outcome.plan().explanation());
    }
}
