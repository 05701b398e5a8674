package dev.holdfast.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The AOT cache beside the jars. The virtual machine heeds it only while the jars have the sizes and times that they had when it was
 * made, and says otherwise nothing that an operator would understand.
 */
final class StartCache {
    private StartCache() {}

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
