package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.HmacKey;
import dev.holdfast.vrrp.wire.HmacMode;
import dev.holdfast.vrrp.wire.HmacSettings;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how an instance's adverts prove where they come from. Nothing here ever shows a value: it may be a secret. */
final class AuthenticationReader {
    private static final String PASSWORD_FORM = "a password of at least one character";
    private static final String ID_FORM = "keys { ID { ... } } with an ID of 1..255";
    private static final String KEYS_FORM = "keys { 1 { file = PATH } }, at least one";
    private static final String SOURCE_FORM = "one of file, credential and secret";

    private final Report report;
    /** For a key that the judgement of a configuration can do without; no agent runs with it. */
    private static final String STAND_IN = "hex:" + "00".repeat(32);

    private final KeyStore store;
    private final boolean keysElsewhere;

    /** @param keysElsewhere a key that this process can't have is a warning, for the agent may */
    AuthenticationReader(Report report, KeyStore store, boolean keysElsewhere) {
        this.report = report;
        this.store = store;
        this.keysElsewhere = keysElsewhere;
    }

    /**
     * What it comes to; both are empty for adverts that prove nothing.
     *
     * @param password of version 2
     * @param hmac of either version
     */
    record Proof(Authentication password, Optional<HmacSettings> hmac) {}

    /** The values of {@code type}. */
    private enum Type {
        NONE,
        PASS,
        HMAC
    }

    /** The values of {@code anti-replay}. */
    private enum AntiReplay {
        TIME,
        MONOTONIC
    }

    Proof read(Section section, VrrpVersion version, Duration advertInterval) {
        Type fallback = section.has("password") ? Type.PASS : section.has("keys") ? Type.HMAC : Type.NONE;
        Type type = section.choice("type", List.of(Type.values()), fallback);
        Optional<String> password = section.scalar("password", PASSWORD_FORM, AuthenticationReader::password);
        List<HmacKey> keys = keys(section);
        int active = section.integer(
                "active-key", 1, 255, keys.isEmpty() ? 1 : keys.getFirst().id());
        HmacMode mode = section.choice("mode", List.of(HmacMode.values()), HmacMode.ENFORCE);
        AntiReplay antiReplay = section.choice("anti-replay", List.of(AntiReplay.values()), AntiReplay.TIME);
        Duration window = section.duration(
                "time-window",
                Duration.ofSeconds(1),
                Duration.ofSeconds(HmacSettings.MAX_WINDOW_SECONDS),
                Duration.ofSeconds(1),
                Duration.ofSeconds(HmacSettings.defaultWindowSeconds(advertInterval.toNanos())),
                "");
        section.finish();
        return switch (type) {
            case NONE -> new Proof(new Authentication.None(), Optional.empty());
            case PASS -> new Proof(pass(section, version, password), Optional.empty());
            case HMAC -> {
                int seconds = antiReplay == AntiReplay.MONOTONIC ? HmacSettings.MONOTONIC : (int) window.toSeconds();
                yield new Proof(new Authentication.None(), hmac(section, keys, active, mode, seconds));
            }
        };
    }

    private static String password(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(PASSWORD_FORM);
        }
        return text;
    }

    private Authentication pass(Section section, VrrpVersion version, Optional<String> password) {
        if (version == VrrpVersion.V3) {
            report.fault(
                    FaultReason.CONFLICT,
                    section.path("type"),
                    "pass",
                    "none or hmac, for VRRPv3 has no passwords; or version = 2");
        }
        section.requirePresent("password", PASSWORD_FORM);
        password.filter(text -> text.getBytes(StandardCharsets.UTF_8).length > Authentication.Pass.LENGTH)
                .ifPresent(_ -> report.warn(
                        WarningReason.PASSWORD_CUT,
                        section.path("password"),
                        "only the first " + Authentication.Pass.LENGTH
                                + " bytes of the password go on the wire, as with keepalived"));
        return new Authentication.Pass(password.orElse(""));
    }

    private Optional<HmacSettings> hmac(
            Section section, List<HmacKey> keys, int active, HmacMode mode, int windowSeconds) {
        if (section.has("password")) {
            report.fault(
                    FaultReason.CONFLICT,
                    section.path("password"),
                    "",
                    "no password with type = hmac: whoever listens would learn it for nothing");
        }
        if (section.named("keys").isEmpty()) {
            report.fault(FaultReason.MISSING, section.path("keys"), "", KEYS_FORM);
        }
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> ids = keys.stream().map(HmacKey::id).toList();
        if (!ids.contains(active)) {
            report.fault(
                    FaultReason.DANGLING_REFERENCE,
                    section.path("active-key"),
                    Integer.toString(active),
                    "the ID of one of the keys, " + ids);
            return Optional.empty();
        }
        return Optional.of(new HmacSettings(keys, active, mode, windowSeconds));
    }

    private List<HmacKey> keys(Section section) {
        List<HmacKey> keys = new ArrayList<>();
        for (Section.Named named : section.named("keys")) {
            String id = named.name();
            if (!id.matches("[1-9]\\d{0,2}") || Integer.parseInt(id) > 255) {
                // A key in the place of its ID, perhaps.
                report.fault(FaultReason.OUT_OF_RANGE, section.path("keys"), Fault.HIDDEN, ID_FORM);
                continue;
            }
            HmacKey key = key(Integer.parseInt(id), named.section());
            if (key != null) {
                keys.add(key);
            }
        }
        keys.sort((one, other) -> Integer.compare(one.id(), other.id()));
        return keys;
    }

    private @Nullable HmacKey key(int id, Section section) {
        Optional<String> file = section.scalar("file", KeyStore.FILE_FORM, text -> text);
        Optional<String> credential = section.scalar("credential", KeyStore.CREDENTIAL_FORM, text -> text);
        Optional<String> secret = section.scalar("secret", HmacKey.ACCEPTED, text -> text);
        section.finish();
        if (List.of(file, credential, secret).stream()
                        .filter(Optional::isPresent)
                        .count()
                != 1) {
            report.fault(FaultReason.CONFLICT, section.path(), "", SOURCE_FORM);
            return null;
        }
        String key = file.isPresent() ? "file" : credential.isPresent() ? "credential" : "secret";
        try {
            String text = file.isPresent()
                    ? store.file(file.get())
                    : credential.isPresent() ? store.credential(credential.get()) : secret.orElseThrow();
            return HmacKey.parse(id, text);
        } catch (KeyStore.UnreadableException e) {
            if (e.elsewhere() && keysElsewhere) {
                report.warn(
                        WarningReason.KEY_MISSING,
                        section.path(key),
                        e.what() + " can't be read here, and without it the agent does not start; accepted: "
                                + e.accepted());
                return HmacKey.parse(id, STAND_IN);
            }
            report.fault(FaultReason.UNREADABLE, section.path(key), e.what(), e.accepted());
        } catch (IllegalArgumentException e) {
            report.fault(FaultReason.OUT_OF_RANGE, section.path(key), "", HmacKey.ACCEPTED);
        }
        return null;
    }
}
