/**
 * Holdfast and keepalived side by side, in the same lab, in turn, in one run. Each figure is a small class; measuring, judging
 * against the goals, and printing are apart.
 */
@NullMarked
package dev.holdfast.lab.bench;

import org.jspecify.annotations.NullMarked;
