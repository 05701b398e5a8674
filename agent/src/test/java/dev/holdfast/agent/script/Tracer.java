package dev.holdfast.agent.script;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/**
 * A program of its own that traces a process until its input ends. A traced process that is killed stays, as one does that
 * hangs in the kernel, until its tracer is gone.
 */
final class Tracer {
    /** ptrace(2): trace without stopping. */
    private static final long PTRACE_SEIZE = 0x4206;

    private Tracer() {}

    public static void main(String[] args) throws Throwable {
        Linker linker = Linker.nativeLinker();
        long done = (long) linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("ptrace"),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG))
                .invokeExact(PTRACE_SEIZE, Integer.parseInt(args[0]), 0L, 0L);
        say(done == 0 ? 'y' : 'n');
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private static void say(char answer) throws IOException {
        System.out.write(answer);
        System.out.flush();
    }
}
