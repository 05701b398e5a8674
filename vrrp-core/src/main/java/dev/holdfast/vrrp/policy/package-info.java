/**
 * Pure rules around the protocol: how trackers become a priority or a fault.
 */
@NullMarked
package dev.holdfast.vrrp.policy;

import org.jspecify.annotations.NullMarked;
