package dev.holdfast.vrrp.fsm;

/** What a virtual router wants done on its host. Actions of one event are carried out in their order. */
public sealed interface VrrpAction {
    /**
     * Send one advertisement now.
     *
     * @param priority the priority in it; 0 resigns
     */
    record SendAdvert(int priority) implements VrrpAction {}

    /**
     * The addresses belong on this host, from now until {@link ReleaseAddresses}. They may be here already, when a hand-over
     * ends in which this router keeps the role or takes it back.
     */
    record AcquireAddresses() implements VrrpAction {}

    /** The addresses belong on this host no more. After a hand-over it comes later than the change of state. */
    record ReleaseAddresses() implements VrrpAction {}

    /**
     * Tell the neighbours who holds the addresses now (gratuitous ARP, unsolicited neighbour advertisement). Comes after
     * each advert of a rival too, so a rival that can't hear us asks for it once in each of its intervals.
     */
    record Announce() implements VrrpAction {}

    /**
     * The state is another one; comes before the actions that the new state asks for.
     *
     * @param from the state left
     * @param to the state entered
     * @param reason why
     */
    record StateChanged(VrrpState from, VrrpState to, TransitionReason reason) implements VrrpAction {}
}
