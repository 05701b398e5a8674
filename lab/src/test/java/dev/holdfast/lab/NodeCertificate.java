package dev.holdfast.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * The certificate by which the managers of a Swarm of one know their node. A day is the least that Swarm issues one for, and
 * an engine's clock can't be set alone, so that an expired one is made with a certificate authority of the test's own.
 */
final class NodeCertificate {
    private static final Duration ROTATED = Duration.ofSeconds(60);

    private final Path folder;
    private final Path file;

    private NodeCertificate(Path folder, Path file) {
        this.folder = folder;
        this.file = file;
    }

    /** Gives the Swarm of this engine the authority, and waits until the node has a certificate of it. */
    static NodeCertificate of(Dockerd engine) {
        Path folder = engine.host().folder();
        Path file = engine.data().resolve("swarm/certificates/swarm-node.crt");
        shell(folder, """
                openssl ecparam -name prime256v1 -genkey -noout -out ca.key &&
                openssl req -x509 -new -key ca.key -subj /CN=swarm-ca -days 3650 -out ca.crt""");
        engine.docker(
                "swarm",
                "ca",
                "--rotate",
                "--ca-cert",
                folder.resolve("ca.crt").toString(),
                "--ca-key",
                folder.resolve("ca.key").toString());
        Await.until(
                "a certificate of the new authority",
                ROTATED,
                () -> Command.run(
                                "openssl",
                                "verify",
                                "-CAfile",
                                folder.resolve("ca.crt").toString(),
                                file.toString())
                        .ok());
        return new NodeCertificate(folder, file);
    }

    /** Puts one in its place that was good for a day a month ago; the engine must not run. */
    void expire() {
        try {
            Files.copy(file, folder.resolve("good.crt"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LabException("cannot keep " + file, e);
        }
        // The key's file holds more than the key, in headers that openssl does not know.
        shell(folder, """
                grep -v -e : -e '^$' %1$s/swarm-node.key > node.key &&
                openssl x509 -x509toreq -in good.crt -signkey node.key -out node.csr &&
                faketime -f -30d openssl x509 -req -in node.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -out %1$s/swarm-node.crt
                """.formatted(file.getParent()));
    }

    /** Puts back what was there; the engine must not run. */
    void restore() {
        try {
            Files.copy(folder.resolve("good.crt"), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LabException("cannot put back " + file, e);
        }
    }

    private static void shell(Path folder, String script) {
        Command.run("sh", "-c", "cd " + folder + " && " + script).orThrow();
    }
}
