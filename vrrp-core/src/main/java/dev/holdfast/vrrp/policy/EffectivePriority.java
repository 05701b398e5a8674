package dev.holdfast.vrrp.policy;

import java.util.List;

/**
 * What all trackers of an instance make of it.
 *
 * @param priority 1..255, what adverts carry
 * @param faults what forces the instance into FAULT, in words; empty if nothing does
 */
public record EffectivePriority(int priority, List<String> faults) {
    public EffectivePriority {
        faults = List.copyOf(faults);
    }
}
