package dev.holdfast.vrrp.engine.netlink;

import java.nio.ByteBuffer;

/** One message of the kernel, as far as it matters here. */
public sealed interface RouteMessage {
    /** RTM_NEWLINK: a link exists, or changed. */
    record LinkIs(Link link) implements RouteMessage {}

    /** RTM_DELLINK: a link is gone. */
    record LinkGone(int ifindex) implements RouteMessage {}

    /** RTM_NEWADDR: an address exists, or changed. */
    record AddressIs(HostAddress address) implements RouteMessage {}

    /**
     * RTM_DELADDR: an address is gone.
     *
     * @param address what was there
     * @param port the netlink port that asked for it, most often the id of the process; 0: the kernel itself, or unknown
     */
    record AddressGone(HostAddress address, int port) implements RouteMessage {}

    /**
     * RTM_NEWROUTE, RTM_NEWRULE: a route or rule that we made, in this run or an earlier one; those of others are not told.
     *
     * @param rule whether it is a rule
     * @param body the message without its header
     */
    record OursIs(boolean rule, ByteBuffer body) implements RouteMessage {}

    /**
     * NLMSG_ERROR: the answer to a request.
     *
     * @param sequence the request's number
     * @param result 0 for success, else -errno
     * @param text the kernel's own words (extended acknowledgement); may be empty
     */
    record Answer(int sequence, int result, String text) implements RouteMessage {}

    /**
     * NLMSG_DONE: the end of a dump.
     *
     * @param sequence the request's number
     * @param consistent false if the tables changed meanwhile, so that the dump must be repeated
     */
    record Done(int sequence, boolean consistent) implements RouteMessage {}
}
