/**
 * The channel to the other agents as healing sees it: which agents there are, what they report, and their messages as text.
 */
@NullMarked
package dev.holdfast.agent.peers;

import org.jspecify.annotations.NullMarked;
