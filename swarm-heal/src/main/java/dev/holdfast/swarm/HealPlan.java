package dev.holdfast.swarm;

import java.net.InetAddress;

/** What to do now, always with a named reason. Never final: the next look decides anew. */
public sealed interface HealPlan {

    /** {@return what stands behind the plan, in words and numbers} */
    String detail();

    /** {@return the reason's name, as it is counted and logged} */
    String reasonLabel();

    /** {@return the kind of decision, e.g. {@code would-force}} */
    String kind();

    /** {@return the whole decision in words} */
    String explanation();

    /** Two plans say the same if only their numbers differ. */
    default boolean sameDecision(HealPlan other) {
        return kind().equals(other.kind()) && reasonLabel().equals(other.reasonLabel());
    }

    /** All is well, or it is not this host's business. */
    record NothingToDo(HealReason reason, String detail) implements HealPlan {
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
     * @param untilNanos the earliest time at which another plan is possible, on the healer's clock
     */
    record Wait(HealReason reason, String detail, long untilNanos) implements HealPlan {
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

    /** Something is wrong, and forcing is not the answer, or not surely. */
    record Refuse(HealRefusal reason, String detail) implements HealPlan {
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

    /** {@link HealMode#OBSERVE}: every gate is open, and another mode would force. */
    record WouldForce(InetAddress advertiseAddress, String detail) implements HealPlan {
        @Override
        public String kind() {
            return "would-force";
        }

        @Override
        public String reasonLabel() {
            return HealReason.QUORUM_LOST.label();
        }

        @Override
        public String explanation() {
            return "new cluster, advertising " + advertiseAddress.getHostAddress() + ", but the policy is observe: "
                    + join(HealReason.QUORUM_LOST.text(), detail);
        }
    }

    /** Every gate is open. */
    record Force(InetAddress advertiseAddress, String detail) implements HealPlan {
        @Override
        public String kind() {
            return "force";
        }

        @Override
        public String reasonLabel() {
            return HealReason.QUORUM_LOST.label();
        }

        @Override
        public String explanation() {
            return "new cluster, advertising " + advertiseAddress.getHostAddress() + ": "
                    + join(HealReason.QUORUM_LOST.text(), detail);
        }
    }

    private static String join(String text, String detail) {
        return detail.isEmpty() ? text : text + " (" + detail + ")";
    }
}
