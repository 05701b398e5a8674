package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/** Moves a thread into a network namespace: sockets belong to the namespace of the thread that opens them. */
public final class NetworkNamespace {
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("setns"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private NetworkNamespace() {}

    /** Makes threads that live in the namespace of that name. */
    public static ThreadFactory threadsIn(String name) {
        return work -> new Thread(
                () -> {
                    enter(name);
                    work.run();
                },
                "vrrp-" + name);
    }

    private static void enter(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) OPEN.invokeExact(
                    arena.allocateFrom(Path.of("/run/netns", name).toString()), O_RDONLY);
            int result = fd < 0 ? fd : (int) SETNS.invokeExact(fd, CLONE_NEWNET);
            if (result < 0) {
                throw new IllegalStateException("cannot enter network namespace " + name);
            }
            new Libc(arena).close(fd);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
