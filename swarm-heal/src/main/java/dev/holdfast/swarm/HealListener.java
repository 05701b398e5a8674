package dev.holdfast.swarm;

/**
 * Hears what healing does, for metrics and hooks. Called on the healer's thread; must return soon. The healer writes its
 * own log lines, so a listener need not.
 */
public interface HealListener {

    /** Hears nothing. */
    HealListener NONE = new HealListener() {};

    /** The engine was looked at; called for each look, before anything is made of it. */
    default void looked(SwarmHealer.Look look) {}

    /** The classification, or its fault, changed. Also called for the first one. */
    default void stateChanged(SwarmSnapshot snapshot) {}

    /** The decision changed its kind or reason. */
    default void decided(HealPlan plan) {}

    /** A new refusal; counted once when it starts, not at every look. */
    default void refused(HealRefusal reason, String detail) {}

    /** A force call was made and judged. */
    default void forced(ForceResult result, String detail) {}
}
