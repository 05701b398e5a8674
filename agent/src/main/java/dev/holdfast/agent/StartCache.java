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

    /** What is used now and then brings its neighbours with it, so that in time all of it would be back. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private StartCache() {}

    /**
     * From soon on, the pages of the cache and of the virtual machine that are not in use leave memory every now and then;
     * blocks nobody.
     *
     * @param rehearsal has those in memory again that must not be missing at the wrong moment
     */
    static void keepSmall(Runnable rehearsal) {
        Thread.ofVirtual().name("start-cache").start(() -> {
            try {
                Thread.sleep(SETTLED);
                while (true) {
                    long given = StartUpPages.giveBack("/holdfast.aot") + StartUpPages.giveBack("/libjvm.so");
                    rehearsal.run();
                    LOG.debug("{} bytes of the start cache and of Java may leave memory", given);
                    Thread.sleep(AGAIN);
                }
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
