/** The first configuration: what this host tells, what is proposed from it, and the file. */
@NullMarked
package dev.holdfast.agent.init;

import org.jspecify.annotations.NullMarked;
