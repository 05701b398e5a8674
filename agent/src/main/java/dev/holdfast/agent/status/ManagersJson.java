package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.swarm.managers.KeepAction;
import dev.holdfast.swarm.managers.ManagersStatus;

/** What is done for the managers of the Swarm, as JSON. */
final class ManagersJson {
    private ManagersJson() {}

    static ObjectNode of(ManagersStatus status) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("mode", status.mode().label())
                .put("wanted", status.wanted());
        ArrayNode tasks = node.putArray("tasks");
        status.tasks()
                .forEach(task -> tasks.addObject()
                        .put("task", task.task().label())
                        .put("plan", task.plan())
                        .put("reason", task.reason())
                        .put("explanation", task.explanation())
                        .put(
                                "waitingUntil",
                                task.waitingUntil() == null
                                        ? null
                                        : task.waitingUntil().toString()));
        ObjectNode repairs = node.putObject("repairs");
        for (KeepAction action : KeepAction.values()) {
            ManagersStatus.Count count = status.repairs().get(action);
            if (count != null) {
                repairs.putObject(action.label())
                        .put("success", count.succeeded())
                        .put("failure", count.failed());
            }
        }
        return node;
    }
}
