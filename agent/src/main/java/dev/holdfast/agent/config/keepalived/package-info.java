/**
 * Reads keepalived.conf and says the same in HOCON. Text to text: it touches no network and no host, and no file but those
 * that are included.
 */
@NullMarked
package dev.holdfast.agent.config.keepalived;

import org.jspecify.annotations.NullMarked;
