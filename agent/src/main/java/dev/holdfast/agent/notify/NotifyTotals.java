package dev.holdfast.agent.notify;

import java.util.Map;

/**
 * How many hooks ran since the start, by instance; an instance without any is absent.
 *
 * @param succeeded ended with status 0
 * @param failed ended otherwise, were killed at their time limit, or could not be started
 * @param dropped transitions whose hooks never ran because too many waited
 */
public record NotifyTotals(Map<String, Long> succeeded, Map<String, Long> failed, Map<String, Long> dropped) {}
