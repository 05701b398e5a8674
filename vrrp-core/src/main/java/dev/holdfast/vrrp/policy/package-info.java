/**
 * Pure rules around the protocol: how trackers become a priority or a fault, and how virtual routers move together.
 */
@NullMarked
package dev.holdfast.vrrp.policy;

import org.jspecify.annotations.NullMarked;
