package dev.holdfast.agent.peers;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages as JSON: {@code {"type": "Reach", "body": {...}}}, the type being the record's simple name. Every record that the
 * sealed interfaces permit can travel, if its components are text, numbers, booleans, enums, lists of these, or records. What
 * is missing, out of range, or of another type is malformed; what is not known is passed over, for it may be of a newer version.
 */
public final class PeerCodec {
    private static final String TYPE = "type";
    private static final String BODY = "body";
    private static final int MOST_DEPTH = 16;

    private static final Map<String, Class<? extends PeerRequest>> REQUESTS = byName(PeerRequest.class);
    private static final Map<String, Class<? extends PeerReply>> REPLIES = byName(PeerReply.class);

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .withCoercionConfig(LogicalType.Textual, text -> {
                for (CoercionInputShape shape :
                        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                    text.setCoercion(shape, CoercionAction.Fail);
                }
            })
            .build();

    private PeerCodec() {}

    /** A text that is no message. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final PeerRefusal refusal;

        UnreadableException(PeerRefusal refusal, String detail) {
            super(detail);
            this.refusal = refusal;
        }

        /** {@return {@link PeerRefusal#MALFORMED} or {@link PeerRefusal#UNKNOWN_REQUEST}} */
        public PeerRefusal refusal() {
            return refusal;
        }
    }

    /** {@return the request as JSON} */
    public static String encode(PeerRequest request) {
        return write(request);
    }

    /** {@return the reply as JSON} */
    public static String encode(PeerReply reply) {
        if (reply instanceof PeerReply.NoAnswer) {
            throw new IllegalArgumentException("no answer is never sent");
        }
        return write(reply);
    }

    /** {@return the request that the text is} */
    public static PeerRequest request(String text) throws UnreadableException {
        return read(text, REQUESTS);
    }

    /** {@return the reply that the text is; never {@link PeerReply.NoAnswer}} */
    public static PeerReply reply(String text) throws UnreadableException {
        return read(text, REPLIES);
    }

    /** {@return the name of a message's kind, for metrics, e.g. {@code reach}} */
    public static String label(PeerRequest request) {
        return request.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static <T> Map<String, Class<? extends T>> byName(Class<T> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .filter(kind -> kind.isRecord() && kind != PeerReply.NoAnswer.class)
                .map(kind -> kind.<T>asSubclass(sealed))
                .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));
    }

    private static String write(Object message) {
        ObjectNode root = JSON.createObjectNode();
        root.put(TYPE, message.getClass().getSimpleName());
        root.set(BODY, JSON.valueToTree(message));
        return root.toString();
    }

    private static <T> T read(String text, Map<String, Class<? extends T>> kinds) throws UnreadableException {
        Class<? extends T> kind = null;
        try {
            JsonNode root = JSON.readTree(text);
            if (root == null || !root.path(TYPE).isTextual() || !root.path(BODY).isObject()) {
                throw malformed("a message is an object of type and body");
            }
            kind = kinds.get(root.path(TYPE).textValue());
            if (kind == null) {
                throw new UnreadableException(PeerRefusal.UNKNOWN_REQUEST, "a message of a kind that is not known");
            }
            ObjectReader reader = JSON.readerFor(kind);
            T message = reader.readValue(root.path(BODY));
            requireComplete(message, kind.getSimpleName());
            return message;
        } catch (JsonProcessingException e) {
            throw malformed(quotable(kind, e.getOriginalMessage()));
        } catch (java.io.IOException | IllegalArgumentException | ArithmeticException e) {
            throw malformed(quotable(kind, String.valueOf(e.getMessage())));
        }
    }

    /** Jackson quotes what it could not read, and that may be a token. */
    private static String quotable(@Nullable Class<?> kind, String message) {
        return kind == PeerReply.Tokens.class ? "Tokens that can't be read" : firstLine(message);
    }

    /** Jackson leaves out of account what may be null; JSpecify's annotations say it. */
    private static void requireComplete(@Nullable Object value, String where) throws UnreadableException {
        if (value instanceof Collection<?> items) {
            for (Object item : items) {
                requirePresent(item, where);
                requireComplete(item, where);
            }
        }
        if (!(value instanceof Record)) {
            return;
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = part(value, component);
            String name = where + "." + component.getName();
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                requirePresent(part, name);
            }
            requireComplete(part, name);
        }
    }

    private static void requirePresent(@Nullable Object value, String where) throws UnreadableException {
        if (value == null) {
            throw malformed(where + " is missing");
        }
    }

    private static @Nullable Object part(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(component.getName() + " can't be read", e);
        }
    }

    private static UnreadableException malformed(String detail) {
        return new UnreadableException(PeerRefusal.MALFORMED, detail);
    }

    /** What the other sent is quoted in part at most, on one line. */
    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 160 ? line : line.substring(0, 160) + "...";
    }
}
