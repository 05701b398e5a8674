/**
 * A small authenticated channel between programs that share a secret: mutual TLS 1.3, one kept connection to each peer,
 * requests and answers as byte strings. What they mean is not known here.
 */
@NullMarked
package dev.holdfast.peer;

import org.jspecify.annotations.NullMarked;
