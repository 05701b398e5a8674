package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.Position;

/**
 * One line of a keepalived.conf or of what it includes.
 *
 * @param at where it stands
 * @param text without comment, condition and variables; no blanks around it
 */
record Line(Position at, String text) {}
