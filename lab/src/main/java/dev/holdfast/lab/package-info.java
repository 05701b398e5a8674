/**
 * Test hosts in network namespaces, with real peers and built agents in them.
 */
@NullMarked
package dev.holdfast.lab;

import org.jspecify.annotations.NullMarked;
