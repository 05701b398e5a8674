package dev.holdfast.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes a proven link of a TCP connection, in either role. In TLS 1.3 the client is done before the server has judged its
 * certificate, so the server greets with an empty frame, and only then the link is there.
 */
final class Handshake {
    private static final String PROTOCOL = "TLSv1.3";
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR = 3;
    private static final int GREETING = 0;
    private static final Duration FAREWELL = Duration.ofMillis(300);

    private final Identity identity;
    private final Deadlines deadlines;
    private final PeerLimits limits;

    Handshake(Identity identity, Deadlines deadlines, PeerLimits limits) {
        this.identity = identity;
        this.deadlines = deadlines;
        this.limits = limits;
    }

    /** As the server. Closes the socket unless a link comes of it. */
    Link accept(Socket raw) throws RefusedException {
        return guarded(raw, null, () -> {
            raw.setTcpNoDelay(true);
            // Looked at before TLS is told, so that a plain HTTP request is called what it is.
            byte[] start = raw.getInputStream().readNBytes(3);
            if (start.length < 3) {
                throw new RefusedException(PeerRefusal.CUT_OFF, "closed before a handshake");
            }
            if (start[0] != TLS_HANDSHAKE || start[1] != TLS_MAJOR) {
                throw new RefusedException(PeerRefusal.NOT_TLS, "");
            }
            SSLSocket tls = (SSLSocket)
                    identity.context().getSocketFactory().createSocket(raw, new ByteArrayInputStream(start), true);
            Link link = shakeHands(raw, tls);
            link.write(new Frames.Frame(GREETING, ""), limits.handshake());
            return link;
        });
    }

    /** As the client. */
    Link connect(InetSocketAddress address) throws RefusedException {
        Socket raw = new Socket();
        return guarded(raw, address, () -> {
            raw.setTcpNoDelay(true);
            SSLSocket tls = (SSLSocket) identity.context()
                    .getSocketFactory()
                    .createSocket(raw, address.getAddress().getHostAddress(), address.getPort(), true);
            Link link = shakeHands(raw, tls);
            if (link.read().number() != GREETING) {
                throw new RefusedException(PeerRefusal.MALFORMED, "no greeting");
            }
            return link;
        });
    }

    private Link shakeHands(Socket raw, SSLSocket tls) throws IOException, Trust.DistrustException {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setNeedClientAuth(true);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        Trust.Proven peer = identity.trust().prove(tls.getSession().getPeerCertificates());
        if (identity.isSelf(peer)) {
            throw new RefusedException(PeerRefusal.SELF, "");
        }
        if (peer.name().equals(identity.name())) {
            throw new RefusedException(PeerRefusal.NAME_TAKEN, "its name is " + peer.name() + ", as is ours");
        }
        return new Link(raw, tls, peer, deadlines, limits);
    }

    private interface Steps {
        Link take() throws IOException, Trust.DistrustException, InterruptedException;
    }

    private Link guarded(Socket raw, @Nullable InetSocketAddress address, Steps steps) throws RefusedException {
        @Nullable Link link = null;
        try (var deadline = deadlines.start(raw, limits.handshake())) {
            try {
                if (address != null) {
                    connect(raw, address);
                }
                link = steps.take();
                return link;
            } catch (IOException | Trust.DistrustException e) {
                RefusedException refused = deadline.expired()
                        ? new RefusedException(PeerRefusal.TOO_SLOW, "no handshake within " + limits.handshake())
                        : refused(e);
                sayFarewell(raw, refused);
                throw refused;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RefusedException(PeerRefusal.CUT_OFF, "interrupted");
            }
        } finally {
            if (link == null) {
                Deadlines.close(raw);
            }
        }
    }

    private void connect(Socket raw, InetSocketAddress address) throws RefusedException {
        try {
            raw.connect(address, (int) limits.handshake().toMillis());
        } catch (IOException e) {
            throw new RefusedException(PeerRefusal.UNREACHABLE, message(e));
        }
    }

    /** Whoever is refused shall hear why: a reset for bytes that nobody read could overtake TLS's alert. */
    private static void sayFarewell(Socket raw, RefusedException refused) {
        if (refused.refusal() != PeerRefusal.WRONG_SECRET || raw.isClosed()) {
            return;
        }
        try {
            raw.shutdownOutput();
            raw.setSoTimeout((int) FAREWELL.toMillis());
            var _ = raw.getInputStream().readNBytes(16 * 1024);
        } catch (IOException e) {
            // It has gone already.
        }
    }

    private static RefusedException refused(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException ours) {
                return ours;
            }
            if (cause instanceof Trust.DistrustException distrust) {
                return new RefusedException(distrust.refusal(), "");
            }
        }
        String message = message(e);
        if (e instanceof SSLException) {
            // The alerts bad_certificate, certificate_unknown and so on: it is ours that was not accepted, or none was
            // sent.
            return new RefusedException(
                    message.contains("ertificate") ? PeerRefusal.WRONG_SECRET : PeerRefusal.HANDSHAKE_FAILED, message);
        }
        return new RefusedException(PeerRefusal.CUT_OFF, message);
    }

    static String message(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
