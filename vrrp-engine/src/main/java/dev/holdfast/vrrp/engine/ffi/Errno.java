package dev.holdfast.vrrp.engine.ffi;

/** The error numbers that the engine meets or tells apart. The same on x86-64 and aarch64 (asm-generic/errno.h). */
public enum Errno {
    EPERM(1, "operation not permitted (root or CAP_NET_ADMIN and CAP_NET_RAW are needed)"),
    ENOENT(2, "no such file or entry"),
    ESRCH(3, "no such process or object"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device or address"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "nothing there yet"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address in memory"),
    EBUSY(16, "busy"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "too many open files on this host"),
    EMFILE(24, "too many open files in this process"),
    EPIPE(32, "broken pipe"),
    ERANGE(34, "out of range"),
    ENOPROTOOPT(92, "option not supported by this kernel"),
    EPROTONOSUPPORT(93, "protocol not supported by this kernel"),
    EOPNOTSUPP(95, "operation not supported"),
    EAFNOSUPPORT(97, "address family not supported by this kernel"),
    EADDRINUSE(98, "address in use"),
    EADDRNOTAVAIL(99, "address not available on this host"),
    ENETDOWN(100, "the interface is down"),
    ENETUNREACH(101, "no route to that network"),
    ENOBUFS(105, "no buffer space: messages were lost"),
    ETIMEDOUT(110, "timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "no route to that host");

    private static final int HIGHEST = 133;
    private static final Errno[] BY_NUMBER = new Errno[HIGHEST + 1];

    static {
        for (Errno errno : values()) {
            BY_NUMBER[errno.number] = errno;
        }
    }

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The positive number that the kernel uses. */
    public int number() {
        return number;
    }

    /** Whether a call's result, as {@link Libc} returns it, is this error. */
    public boolean is(long result) {
        return result == -number;
    }

    /**
     * Name and meaning of a failed call's result, for messages.
     *
     * @param result a negative result as {@link Libc} returns it; the positive number is taken as well
     */
    public static String describe(long result) {
        long number = Math.abs(result);
        Errno errno = number <= HIGHEST ? BY_NUMBER[(int) number] : null;
        return errno == null ? "error number " + number : errno.name() + ", " + errno.text;
    }
}
