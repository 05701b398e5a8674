package dev.holdfast.agent.signals;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Hears the signals of the operating system. The JDK's only way is {@code sun.misc.Signal}, in a module that every runtime
 * has; by reflection, because javac warns of each mention of it and offers no way to say that it is meant.
 */
public final class Signals {
    private Signals() {}

    /**
     * From now on a signal runs this instead of ending the process.
     *
     * @param name without SIG, for example HUP
     * @param action run on a thread of the JDK's, must return soon
     */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object proxy =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            Object wanted = signal.getConstructor(String.class).newInstance(name);
            stopIgnoring((int) signal.getMethod("getNumber").invoke(wanted));
            Object _ = signal.getMethod("handle", signal, handler).invoke(null, wanted, proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime can't hear SIG" + name, e);
        }
    }

    /**
     * What nohup, or a shell that starts a job in the background, has told this process to ignore, the JVM would go on
     * ignoring; a daemon's HUP and INT are orders, wherever it was started.
     */
    private static void stopIgnoring(int number) {
        Linker linker = Linker.nativeLinker();
        MethodHandle disposition = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"), FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        try {
            // SIG_DFL is 0.
            MemorySegment _ = (MemorySegment) disposition.invokeExact(number, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException("signal(2) can't be called", e);
        }
    }
}
