package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An engine in a process of its own, which a test can kill or stop. Prints its transitions. */
final class EngineProcess {
    private static final String VIRTUAL = "virtual";

    private EngineProcess() {}

    /** Starts one on a host: priority, and the advertisement interval in milliseconds. */
    static Process start(TestNet net, int host, Path output, int priority, int intervalMillis) throws IOException {
        return start(net, host, output, priority, intervalMillis, "interface");
    }

    /** Starts one that has the virtual MAC. */
    static Process startWithVirtualMac(TestNet net, int host, Path output, int priority, int intervalMillis)
            throws IOException {
        return start(net, host, output, priority, intervalMillis, VIRTUAL);
    }

    private static Process start(TestNet net, int host, Path output, int priority, int intervalMillis, String mac)
            throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return net.start(
                host,
                output,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                EngineProcess.class.getName(),
                Integer.toString(priority),
                Integer.toString(intervalMillis),
                mac);
    }

    public static void main(String[] args) throws Exception {
        RecordingListener told = new RecordingListener();
        VrrpEngine engine = new VrrpEngine(told);
        SpecBuilder spec = spec().priority(Integer.parseInt(args[0])).v3(Duration.ofMillis(Integer.parseInt(args[1])));
        if (args[2].equals(VIRTUAL)) {
            spec.virtualMac();
        }
        engine.apply(List.of(spec.build())).join();
        int printed = 0;
        while (System.in.available() >= 0) {
            for (; printed < told.transitions.size(); printed++) {
                System.out.println(told.transitions.get(printed));
            }
            // Its parent reads the output now and then; nothing waits for this.
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }
}
