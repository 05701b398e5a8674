package dev.holdfast.vrrp.engine;

/**
 * What is checked of an advertisement beyond what makes it one for this instance.
 *
 * @param strict other addresses than the configured ones, or another destination than the group, refuse it; else other
 *     addresses are only told of
 * @param skipKnownSender the addresses are not compared again in an advert of the router that sent the last one
 */
public record ReceiveChecks(boolean strict, boolean skipKnownSender) {
    /** Other addresses are told of, each time. */
    public static final ReceiveChecks USUAL = new ReceiveChecks(false, false);
}
