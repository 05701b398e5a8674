/**
 * The few system calls that the JDK does not offer, through {@code java.lang.foreign}; no other package links native code.
 */
@NullMarked
package dev.holdfast.vrrp.engine.ffi;

import org.jspecify.annotations.NullMarked;
