package dev.holdfast.peer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * The certificate authority of a secret: whoever has the secret has its key, and nobody else. The key is P-256, derived by HKDF
 * (RFC 5869) with SHA-256 to 48 bytes, and these reduced, which leaves no bias that matters (FIPS 186-5 appendix A.2.1).
 */
final class Authority {
    private static final String CURVE = "secp256r1";
    private static final int SEED_BYTES = 48;
    private static final byte[] SALT = "holdfast peer channel".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INFO = "authority, P-256, 1".getBytes(StandardCharsets.UTF_8);

    private Authority() {}

    static KeyPair of(ClusterSecret secret) throws GeneralSecurityException {
        byte[] seed = KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract()
                        .addIKM(secret.bytes())
                        .addSalt(SALT)
                        .thenExpand(INFO, SEED_BYTES));
        var curve = CustomNamedCurves.getByName(CURVE);
        BigInteger scalar = new BigInteger(1, seed)
                .mod(curve.getN().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        var point = curve.getG().multiply(scalar).normalize();
        ECParameterSpec parameters = parameters();
        KeyFactory factory = KeyFactory.getInstance("EC");
        PrivateKey privateKey = factory.generatePrivate(new ECPrivateKeySpec(scalar, parameters));
        PublicKey publicKey = factory.generatePublic(new ECPublicKeySpec(
                new ECPoint(
                        point.getAffineXCoord().toBigInteger(),
                        point.getAffineYCoord().toBigInteger()),
                parameters));
        return new KeyPair(publicKey, privateKey);
    }

    static ECParameterSpec parameters() throws GeneralSecurityException {
        var algorithm = java.security.AlgorithmParameters.getInstance("EC");
        algorithm.init(new java.security.spec.ECGenParameterSpec(CURVE));
        return algorithm.getParameterSpec(ECParameterSpec.class);
    }
}
