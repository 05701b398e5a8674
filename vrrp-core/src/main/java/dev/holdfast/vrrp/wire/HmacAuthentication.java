package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies the advertisements of one virtual router with HMAC trailers; {@link HmacTrailer} has the format. It
 * keeps the sequence of its own adverts and the last one of each sender. Not for more than one thread.
 *
 * <p>The time is UTC, as a parameter. A step back of the clock does not make the own sequence step back; where the receivers
 * compare it with their clocks it would be refused once it is ahead by more than the window, so then it starts again.
 *
 * <p>What is left of allocation is the digest that {@link Mac#doFinal()} returns, 48 bytes for a packet sent or received.
 */
public final class HmacAuthentication {
    /** The bytes that a signed message is longer by. */
    public static final int TRAILER_LENGTH = HmacTrailer.LENGTH;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST_MESSAGE =
            AdvertisementCodec.HEADER_LENGTH + Advertisement.MAX_ADDRESSES * 16 + Authentication.Pass.LENGTH;

    private final HmacSettings settings;
    private final IpFamily family;
    private final VrrpVersion version;
    private final int virtualRouterId;
    private final int[] keyIds;
    private final Mac[] macs;
    private final ReplayGuard replays;

    /** What goes into the HMAC, put together here because {@link Mac} copies what is not in an array. */
    private final byte[] input = new byte[HmacTrailer.PSEUDO_HEADER_LENGTH + LONGEST_MESSAGE + HmacTrailer.LENGTH];

    private final ByteBuffer inputBuffer = ByteBuffer.wrap(input);

    private boolean hasSigned;
    private long lastSequence;

    /**
     * @param settings keys and rules
     * @param family the family of the IP packets
     * @param version the version of the messages
     * @param virtualRouterId 1..255
     */
    public HmacAuthentication(HmacSettings settings, IpFamily family, VrrpVersion version, int virtualRouterId) {
        this(settings, family, version, virtualRouterId, new ReplayGuard());
    }

    private HmacAuthentication(
            HmacSettings settings, IpFamily family, VrrpVersion version, int virtualRouterId, ReplayGuard replays) {
        this.settings = settings;
        this.replays = replays;
        this.family = family;
        this.version = version;
        this.virtualRouterId = virtualRouterId;
        List<HmacKey> keys = settings.keys();
        this.keyIds = keys.stream().mapToInt(HmacKey::id).toArray();
        this.macs = keys.stream().map(HmacAuthentication::mac).toArray(Mac[]::new);
    }

    /**
     * The same virtual router with other keys or rules. What was heard stays known, so that a rotation of keys opens no door
     * to old packets, and the own sequence goes on growing. The old one must not be used any more.
     */
    public HmacAuthentication with(HmacSettings changed, VrrpVersion changedVersion) {
        HmacAuthentication next = new HmacAuthentication(changed, family, changedVersion, virtualRouterId, replays);
        next.hasSigned = hasSigned;
        next.lastSequence = lastSequence;
        return next;
    }

    private static Mac mac(HmacKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.secret(), ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** How many bytes to leave behind a message for {@link #sign}: 28, or 0 when nothing is signed. */
    public int trailerLength() {
        return settings.signs() ? HmacTrailer.LENGTH : 0;
    }

    /**
     * Writes the trailer of one advertisement. The copies for several unicast peers are one advertisement: they get the same
     * trailer. Nothing is written where nothing is signed.
     *
     * @param message from position to limit: the VRRP message and, behind it, {@link #trailerLength} bytes; position and limit
     *     don't move, the byte order does not matter
     * @param sourceHigh the packet's source, as in {@link IpAddress#high()}
     * @param sourceLow as in {@link IpAddress#low()}
     * @param utcSeconds seconds since 1970
     * @param nanoOfSecond 0..999,999,999
     */
    public void sign(ByteBuffer message, long sourceHigh, long sourceLow, long utcSeconds, int nanoOfSecond) {
        if (!settings.signs()) {
            return;
        }
        int trailer = message.limit() - HmacTrailer.LENGTH;
        long sequence = nextSequence(utcSeconds, nanoOfSecond);
        message.put(trailer + HmacTrailer.SCHEME_OFFSET, (byte) HmacTrailer.SCHEME_HMAC_SHA256);
        message.put(trailer + HmacTrailer.KEY_ID_OFFSET, (byte) settings.activeKeyId());
        message.put(trailer + HmacTrailer.RESERVED_OFFSET, (byte) 0);
        message.put(trailer + HmacTrailer.RESERVED_OFFSET + 1, (byte) 0);
        for (int i = 0; i < Long.BYTES; i++) {
            message.put(trailer + HmacTrailer.SEQUENCE_OFFSET + i, (byte) (sequence >>> (56 - 8 * i)));
        }
        byte[] hmac = hmac(
                macs[indexOf(settings.activeKeyId())],
                message,
                message.position(),
                trailer - message.position(),
                sourceHigh,
                sourceLow);
        message.put(trailer + HmacTrailer.HMAC_OFFSET, hmac, 0, HmacTrailer.HMAC_LENGTH);
    }

    private long nextSequence(long utcSeconds, int nanoOfSecond) {
        long byClock = HmacTrailer.sequence(utcSeconds, nanoOfSecond);
        boolean stranded =
                settings.checksTime() && HmacTrailer.ageSeconds(lastSequence, utcSeconds) < -settings.windowSeconds();
        boolean fromClock = !hasSigned || stranded || HmacTrailer.isAfter(byClock, lastSequence);
        hasSigned = true;
        lastSequence = fromClock ? byClock : lastSequence + 1;
        return lastSequence;
    }

    /**
     * Whether a well-formed advertisement comes from a holder of a key, and for the first time. What can be refused without
     * the HMAC is refused before it, so that a flood of old packets costs little; nothing is remembered of a sender whose
     * HMAC does not hold.
     *
     * @param advertisement what {@link AdvertisementReader#read} has taken in, trailers allowed
     * @param sourceHigh the packet's source, as in {@link IpAddress#high()}
     * @param sourceLow as in {@link IpAddress#low()}
     * @param utcSeconds seconds since 1970
     * @return null if it is to be believed, else HMAC_MISSING, HMAC_MALFORMED, HMAC_STALE, HMAC_UNKNOWN_KEY, HMAC_BAD or
     *     HMAC_REPLAY
     */
    public @Nullable RejectReason verify(
            AdvertisementReader advertisement, long sourceHigh, long sourceLow, long utcSeconds) {
        if (!advertisement.hasTrailer()) {
            return settings.mode() == HmacMode.ENFORCE ? RejectReason.HMAC_MISSING : null;
        }
        ByteBuffer message = advertisement.message();
        int trailer = advertisement.trailerAt();
        if (message.get(trailer + HmacTrailer.SCHEME_OFFSET) != HmacTrailer.SCHEME_HMAC_SHA256
                || message.get(trailer + HmacTrailer.RESERVED_OFFSET) != 0
                || message.get(trailer + HmacTrailer.RESERVED_OFFSET + 1) != 0) {
            return RejectReason.HMAC_MALFORMED;
        }
        long sequence = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            sequence = sequence << 8 | (message.get(trailer + HmacTrailer.SEQUENCE_OFFSET + i) & 0xFF);
        }
        if (settings.checksTime()
                && Math.abs((long) HmacTrailer.ageSeconds(sequence, utcSeconds)) > settings.windowSeconds()) {
            return RejectReason.HMAC_STALE;
        }
        int key = indexOf(message.get(trailer + HmacTrailer.KEY_ID_OFFSET) & 0xFF);
        if (key < 0) {
            return RejectReason.HMAC_UNKNOWN_KEY;
        }
        int start = advertisement.start();
        byte[] hmac = hmac(macs[key], message, start, trailer - start, sourceHigh, sourceLow);
        int difference = 0;
        for (int i = 0; i < HmacTrailer.HMAC_LENGTH; i++) {
            // All bytes in any case: the time it takes tells nothing about where the first difference is.
            difference |= hmac[i] ^ message.get(trailer + HmacTrailer.HMAC_OFFSET + i);
        }
        if (difference != 0) {
            return RejectReason.HMAC_BAD;
        }
        return replays.advances(sourceHigh, sourceLow, sequence, settings.windowSeconds(), utcSeconds)
                ? null
                : RejectReason.HMAC_REPLAY;
    }

    private int indexOf(int keyId) {
        for (int i = 0; i < keyIds.length; i++) {
            if (keyIds[i] == keyId) {
                return i;
            }
        }
        return -1;
    }

    /** The HMAC over a message and the trailer behind it; its first 16 bytes count. */
    private byte[] hmac(Mac mac, ByteBuffer message, int start, int length, long sourceHigh, long sourceLow) {
        inputBuffer.clear();
        inputBuffer
                .put((byte) (family == IpFamily.IPV4 ? 4 : 6))
                .put((byte) version.number())
                .put((byte) virtualRouterId)
                .put((byte) 0);
        switch (family) {
            case IPV4 -> inputBuffer.putInt((int) sourceLow).putInt(0).putLong(0);
            case IPV6 -> inputBuffer.putLong(sourceHigh).putLong(sourceLow);
        }
        int covered = length + HmacTrailer.HMAC_OFFSET;
        message.get(start, input, HmacTrailer.PSEUDO_HEADER_LENGTH, covered);
        inputBuffer.putShort(HmacTrailer.PSEUDO_HEADER_LENGTH + AdvertisementCodec.CHECKSUM_OFFSET, (short) 0);
        int zeros = HmacTrailer.PSEUDO_HEADER_LENGTH + covered;
        inputBuffer.putLong(zeros, 0).putLong(zeros + Long.BYTES, 0);
        mac.update(input, 0, zeros + HmacTrailer.HMAC_LENGTH);
        return mac.doFinal();
    }
}
