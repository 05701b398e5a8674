/**
 * The state machine of one virtual router (RFC 9568 section 6): events and the time go in, actions come out.
 */
@NullMarked
package dev.holdfast.vrrp.fsm;

import org.jspecify.annotations.NullMarked;
