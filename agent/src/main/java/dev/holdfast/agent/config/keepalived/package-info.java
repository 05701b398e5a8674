/**
 * Reads keepalived.conf and says the same in HOCON. Pure text to text: no file, no network, no host.
 */
@NullMarked
package dev.holdfast.agent.config.keepalived;

import org.jspecify.annotations.NullMarked;
