/**
 * Links and addresses of the host through rtnetlink(7): reading messages is pure, sockets are apart from it.
 */
@NullMarked
package dev.holdfast.vrrp.engine.netlink;

import org.jspecify.annotations.NullMarked;
