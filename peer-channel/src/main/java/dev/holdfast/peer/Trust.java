package dev.holdfast.peer;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a certificate if and only if one of the secrets' authorities signed it. No host names, no dates, no chains: the
 * address an agent has is no proof of anything, and its clock may be wrong.
 */
final class Trust extends X509ExtendedTrustManager {
    private static final Pattern SUBJECT = Pattern.compile("CN=([A-Za-z0-9._-]{1,253})");

    private final List<PublicKey> authorities;

    Trust(List<PublicKey> authorities) {
        this.authorities = List.copyOf(authorities);
    }

    /** Who the other is. */
    record Proven(String name, PublicKey key) {}

    /** Tells TLS's own complaints from ours. */
    static final class DistrustException extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final PeerRefusal refusal;

        DistrustException(PeerRefusal refusal) {
            super(refusal.text());
            this.refusal = refusal;
        }

        PeerRefusal refusal() {
            return refusal;
        }
    }

    Proven prove(Certificate @Nullable [] chain) throws DistrustException {
        if (chain == null || chain.length != 1 || !(chain[0] instanceof X509Certificate certificate)) {
            throw new DistrustException(PeerRefusal.WRONG_SECRET);
        }
        if (authorities.stream().noneMatch(authority -> signed(certificate, authority))) {
            throw new DistrustException(PeerRefusal.WRONG_SECRET);
        }
        var subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
        if (!subject.matches()) {
            throw new DistrustException(PeerRefusal.BAD_NAME);
        }
        return new Proven(subject.group(1), certificate.getPublicKey());
    }

    private static boolean signed(X509Certificate certificate, PublicKey authority) {
        try {
            certificate.verify(authority);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        prove(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        prove(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        prove(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        prove(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        prove(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        prove(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
