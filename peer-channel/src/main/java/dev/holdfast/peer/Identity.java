package dev.holdfast.peer;

import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** This agent on the channel: a key and certificate made at its start, and whom it trusts. */
final class Identity {
    private static final X500Name ISSUER = new X500Name("CN=holdfast");
    private static final String ALIAS = "agent";
    private static final int SERIAL_BITS = 127;

    /** Longer than a session ticket may live (RFC 8446, 4.6.1), so none are given out: each connection proves the secret. */
    private static final int NO_TICKETS_SECONDS = 8 * 24 * 3600;

    private final String name;
    private final PublicKey key;
    private final Trust trust;
    private final SSLContext context;

    /** @param secrets the first signs; all are accepted */
    Identity(String name, List<ClusterSecret> secrets) throws GeneralSecurityException {
        this.name = name;
        List<KeyPair> authorities = new ArrayList<>();
        for (ClusterSecret secret : secrets) {
            authorities.add(Authority.of(secret));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(Authority.parameters());
        KeyPair own = generator.generateKeyPair();
        this.key = own.getPublic();
        this.trust = new Trust(authorities.stream().map(KeyPair::getPublic).toList());
        X509Certificate certificate =
                certificate(name, own.getPublic(), authorities.getFirst().getPrivate());
        this.context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {new OneKey(own.getPrivate(), certificate)}, new TrustManager[] {trust}, null);
        context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
    }

    /** Valid for ever, for a clock may be wrong when agents need each other most; it ends with the process. */
    private static X509Certificate certificate(String name, PublicKey key, PrivateKey authority)
            throws GeneralSecurityException {
        try {
            var holder = new JcaX509v3CertificateBuilder(
                            ISSUER,
                            new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0),
                            Date.from(Instant.EPOCH),
                            Date.from(Instant.parse("9999-12-31T23:59:59Z")),
                            new X500Name("CN=" + name),
                            key)
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority));
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new java.io.ByteArrayInputStream(holder.getEncoded()));
        } catch (OperatorCreationException | java.io.IOException e) {
            throw new GeneralSecurityException("no certificate can be made", e);
        }
    }

    String name() {
        return name;
    }

    Trust trust() {
        return trust;
    }

    SSLContext context() {
        return context;
    }

    /** {@return whether the certificate is this very process's} */
    boolean isSelf(Trust.Proven peer) {
        return peer.key().equals(key);
    }

    /** The only key there is, whatever is asked for. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate certificate;

        OneKey(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
