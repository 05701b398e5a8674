package dev.holdfast.agent;

import dev.holdfast.vrrp.engine.ffi.StartUpPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AOT cache beside the jars. The virtual machine heeds it only while the jars have the sizes and times that they had when it was
 * made, and says otherwise nothing that an operator would understand.
 */
final class StartCache {
    private static final Logger LOG = LoggerFactory.getLogger(StartCache.class);

    /** After this nothing of the start is under way: the engine and the Swarm client have done all their work once. */
    private static final Duration SETTLED = Duration.ofSeconds(15);

    private StartCache() {}

    /** Soon the pages of the cache and of the virtual machine that only the start needed are no longer resident; blocks nobody. */
    static void giveBackWhenSettled(Runnable rehearsal) {
        Thread.ofVirtual().name("start-cache").start(() -> {
            try {
                Thread.sleep(SETTLED);
                LOG.debug(
                        "{} bytes of the start cache and of Java may leave memory",
                        StartUpPages.giveBack("/holdfast.aot") + StartUpPages.giveBack("/libjvm.so"));
                rehearsal.run();
            } catch (IOException e) {
                LOG.debug("the start cache stays in memory: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * What is to be said about it.
     *
     * @param lib the folder of the jars
     * @param vmInfo the system property {@code java.vm.info}
     */
    static Optional<String> complaint(Path lib, String vmInfo) {
        if (vmInfo.contains("sharing") || !Files.exists(lib.resolve("holdfast.aot"))) {
            return Optional.empty();
        }
        return Optional.of("starts are slower than they could be: the files in " + lib
                + " don't have the times that they were built with; copy them with their times (cp -a, rsync -a, tar)");
    }
}
