package dev.holdfast.vrrp.engine;

/** Has descriptors watched for input. */
@FunctionalInterface
interface Watches {
    /** A descriptor that is watched. */
    @FunctionalInterface
    interface Watch {
        /** Stops watching; before the descriptor is closed. */
        void end();
    }

    /** Has something called whenever the descriptor has input. It stays the caller's. */
    Watch watch(int fd, Runnable onReadable);
}
