package dev.holdfast.agent.notify;

import java.time.Instant;

/** A transition and when it was. */
record StampedEvent(Instant time, NotifyEvent event) {}
