/**
 * Runs virtual routers on a Linux host: one event loop owns them all.
 */
@NullMarked
package dev.holdfast.vrrp.engine;

import org.jspecify.annotations.NullMarked;
