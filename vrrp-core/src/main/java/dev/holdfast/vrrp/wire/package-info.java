/**
 * The bytes of VRRP: advertisements of version 2 (RFC 3768, authentication of RFC 2338) and 3 (RFC 9568), HMAC trailers, frames of ARP and of neighbour discovery.
 */
@NullMarked
package dev.holdfast.vrrp.wire;

import org.jspecify.annotations.NullMarked;
