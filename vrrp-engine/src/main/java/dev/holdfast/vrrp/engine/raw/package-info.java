/**
 * Raw sockets of protocol 112: hearing and sending advertisements without allocating.
 */
@NullMarked
package dev.holdfast.vrrp.engine.raw;

import org.jspecify.annotations.NullMarked;
