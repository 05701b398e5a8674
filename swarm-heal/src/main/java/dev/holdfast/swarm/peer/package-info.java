/**
 * What agents say to each other about the Swarm: messages, and the port through which healing reaches the others. How the bytes
 * travel, and who may send them, is not known here.
 */
@NullMarked
package dev.holdfast.swarm.peer;

import org.jspecify.annotations.NullMarked;
