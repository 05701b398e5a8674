package dev.holdfast.vrrp.engine.ffi;

/** A system call that was needed has failed. */
public final class SystemCallException extends RuntimeException {
    private final int errno;

    /**
     * @param what what could not be done, as the start of a sentence
     * @param result what {@link Libc} returned
     */
    public SystemCallException(String what, long result) {
        super(what + ": " + Errno.describe(result));
        this.errno = (int) Math.abs(result);
    }

    /** The positive error number. */
    public int errno() {
        return errno;
    }

    /** Hands a call's result through if it is no failure. */
    public static int check(String what, int result) {
        if (result < 0) {
            throw new SystemCallException(what, result);
        }
        return result;
    }
}
