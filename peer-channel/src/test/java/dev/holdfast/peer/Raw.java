package dev.holdfast.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** A client with the secret that does as a test likes. */
final class Raw {
    private final Identity identity;

    Raw(ClusterSecret secret) {
        try {
            identity = new Identity("raw", List.of(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return a connection that was greeted} */
    SSLSocket connect(InetSocketAddress address) throws IOException {
        SSLSocket tls = (SSLSocket) identity.context().getSocketFactory().createSocket();
        tls.connect(address);
        tls.startHandshake();
        tls.getInputStream().readNBytes(8);
        return tls;
    }

    /** {@return whether the connection was resumed from an earlier one, which asks for no certificate} */
    boolean resumes(InetSocketAddress address) {
        long before = System.currentTimeMillis();
        try (SSLSocket tls = connect(address)) {
            return tls.getSession().getCreationTime() < before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
