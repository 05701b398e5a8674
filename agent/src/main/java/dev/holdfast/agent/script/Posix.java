package dev.holdfast.agent.script;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The three calls of the C library that scripts need and the JDK does not offer. */
final class Posix {
    /** SIGKILL, signal(7): the same number on every architecture of Linux. */
    private static final int SIGKILL = 9;

    /** {@code struct passwd} up to the group, as glibc and musl lay it out on 64-bit Linux. */
    private static final long PASSWD_UID_OFFSET = 16;

    private static final long PASSWD_GID_OFFSET = 20;
    private static final MemoryLayout PASSWD_HEAD = MemoryLayout.sequenceLayout(24, JAVA_BYTE);

    private static final MethodHandle KILL = handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle GETPWNAM =
            handle("getpwnam", FunctionDescriptor.of(ADDRESS.withTargetLayout(PASSWD_HEAD), ADDRESS));
    private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(JAVA_INT));

    private Posix() {}

    /** A user's numbers. */
    record User(int uid, int gid) {}

    /** Kills every process of the group that {@code leader} founded; a group that is gone already is no error. */
    static void killGroup(long leader) {
        if (leader <= 1) {
            throw new IllegalArgumentException("process " + leader + " leads no group of ours");
        }
        try {
            int _ = (int) KILL.invokeExact((int) -leader, SIGKILL);
        } catch (Throwable e) {
            throw new AssertionError("kill(2) can't be called", e);
        }
    }

    /** Asks the host's user database (files, LDAP, what the host is set up for). */
    static synchronized Optional<User> user(String name) {
        try (Arena arena = Arena.ofConfined()) {
            // getpwnam answers with a static buffer: hence the lock and the copy.
            MemorySegment passwd = (MemorySegment) GETPWNAM.invokeExact(arena.allocateFrom(name));
            return passwd.equals(MemorySegment.NULL)
                    ? Optional.empty()
                    : Optional.of(
                            new User(passwd.get(JAVA_INT, PASSWD_UID_OFFSET), passwd.get(JAVA_INT, PASSWD_GID_OFFSET)));
        } catch (Throwable e) {
            throw new AssertionError("getpwnam(3) can't be called", e);
        }
    }

    /** The user this process acts as. */
    static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError("geteuid(2) can't be called", e);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
