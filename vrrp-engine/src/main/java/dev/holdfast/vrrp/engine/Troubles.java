package dev.holdfast.vrrp.engine;

import org.jspecify.annotations.Nullable;

/** Tells of one instance's trouble; the same again only after a while. */
final class Troubles {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final SafeListener listener;
    private final String instance;
    private @Nullable String last;
    private long quietUntil;

    Troubles(SafeListener listener, String instance) {
        this.listener = listener;
        this.instance = instance;
    }

    void tell(long now, String message) {
        if (!message.equals(last) || now >= quietUntil) {
            last = message;
            quietUntil = now + QUIET_NANOS;
            listener.trouble(instance, message);
        }
    }
}
