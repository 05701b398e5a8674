package dev.holdfast.swarm.managers;

/** What one of the keepers makes of this moment, always with a named reason. Never final: the next look decides anew. */
public sealed interface KeepPlan {

    /** {@return the kind of plan, e.g. {@code wait}} */
    String kind();

    /** {@return the reason's name} */
    String reasonLabel();

    /** {@return the whole plan in words} */
    String explanation();

    /** Two plans say the same if only their numbers differ. */
    default boolean sameAs(KeepPlan other) {
        return kind().equals(other.kind()) && reasonLabel().equals(other.reasonLabel());
    }

    /** All is well, or not this agent's business. */
    record Nothing(KeepReason reason, String detail) implements KeepPlan {
        @Override
        public String kind() {
            return "nothing-to-do";
        }

        @Override
        public String reasonLabel() {
            return reason.label();
        }

        @Override
        public String explanation() {
            return join(reason.text(), detail);
        }
    }

    /**
     * Something will change by itself.
     *
     * @param untilNanos when another plan is possible at the earliest, on the healer's clock
     */
    record Wait(KeepReason reason, String detail, long untilNanos) implements KeepPlan {
        @Override
        public String kind() {
            return "wait";
        }

        @Override
        public String reasonLabel() {
            return reason.label();
        }

        @Override
        public String explanation() {
            return join(reason.text(), detail);
        }
    }

    /** Something is wrong, and nothing is done about it. */
    record Refuse(KeepRefusal reason, String detail) implements KeepPlan {
        @Override
        public String kind() {
            return "refuse";
        }

        @Override
        public String reasonLabel() {
            return reason.label();
        }

        @Override
        public String explanation() {
            return join(reason.text(), detail);
        }
    }

    /**
     * Something is done.
     *
     * @param subject the node id it is done to; empty for this node
     * @param onlySaid whether it is only said, because the mode is observe
     */
    record Act(KeepAction action, String subject, KeepReason reason, String detail, boolean onlySaid)
            implements KeepPlan {
        @Override
        public String kind() {
            return (onlySaid ? "would-" : "") + action.label();
        }

        @Override
        public String reasonLabel() {
            return reason.label();
        }

        @Override
        public String explanation() {
            return join(reason.text(), detail);
        }

        @Override
        public boolean sameAs(KeepPlan other) {
            return KeepPlan.super.sameAs(other) && other instanceof Act act && act.subject.equals(subject);
        }
    }

    private static String join(String text, String detail) {
        return detail.isEmpty() ? text : text + " (" + detail + ")";
    }
}
