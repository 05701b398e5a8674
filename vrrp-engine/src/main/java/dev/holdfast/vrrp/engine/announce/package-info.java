/**
 * Telling the neighbours where an address is now: when, and by which frames.
 */
@NullMarked
package dev.holdfast.vrrp.engine.announce;

import org.jspecify.annotations.NullMarked;
