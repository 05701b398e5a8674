/**
 * What Holdfast does, shown on test hosts to somebody who has never seen it.
 */
@NullMarked
package dev.holdfast.lab.demo;

import org.jspecify.annotations.NullMarked;
