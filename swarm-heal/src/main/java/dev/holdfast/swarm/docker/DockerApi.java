package dev.holdfast.swarm.docker;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.EngineFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine's HTTP API over docker-java's zerodep transport: a request goes out, and JSON or a named failure comes back. Paths
 * carry no API version, so that the engine uses its own: new engines refuse old fixed versions.
 *
 * <p>Neither a request's body nor the body of a good answer is ever logged or made part of a failure: both may hold a token.
 */
final class DockerApi implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** More than the engine's own 20 s, so that its verdict arrives and not ours. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(28);

    private static final int MAX_BODY = 16 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(DockerApi.class);

    private final URI dockerHost;
    private final DockerHttpClient client;

    /** Connects at the first request; {@code DOCKER_TLS_VERIFY} and {@code DOCKER_CERT_PATH} are honoured. */
    DockerApi(URI dockerHost, Duration readTimeout) {
        this.dockerHost = dockerHost;
        this.client = client(dockerHost, readTimeout);
    }

    private static DockerHttpClient client(URI dockerHost, Duration readTimeout) {
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(dockerHost)
                .maxConnections(2)
                .connectionTimeout(CONNECT_TIMEOUT)
                .responseTimeout(readTimeout);
        Map<String, String> environment = System.getenv();
        String certificates = environment.get("DOCKER_CERT_PATH");
        if ("tcp".equals(dockerHost.getScheme())
                && "1".equals(environment.get("DOCKER_TLS_VERIFY"))
                && certificates != null) {
            builder.sslConfig(new LocalDirectorySSLConfig(certificates));
        } else if ("unix".equals(dockerHost.getScheme())) {
            builder.sslConfig(DockerApi::noTls);
        }
        return builder.build();
    }

    /** The client wants to be ready for TLS also where there is none, and would read all the system's certificates for it. */
    private static SSLContext noTls() throws KeyManagementException, NoSuchAlgorithmException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[0], null);
        return context;
    }

    /** Makes a value of an answer's JSON. */
    @FunctionalInterface
    interface Reader<T> {
        /** Throws IllegalArgumentException, without quoting the answer, if this is not what was asked for. */
        T read(JsonNode node);
    }

    /** Asks, and reads the answer. */
    <T> ApiReply<T> get(String path, Reader<T> reader) {
        return parsed(request("GET", path, null), reader);
    }

    /** Sends JSON, and reads the answer. */
    <T> ApiReply<T> post(String path, JsonNode body, Reader<T> reader) {
        return parsed(request("POST", path, body), reader);
    }

    /**
     * Has something done; there is no more to the answer than that it was.
     *
     * @param body null for none
     */
    ApiReply<String> command(String method, String path, @Nullable JsonNode body) {
        return switch (request(method, path, body)) {
            case ApiReply.Ok<byte[]> _ -> new ApiReply.Ok<>("done");
            case ApiReply.Refused<byte[]>(int status, String message) -> new ApiReply.Refused<>(status, message);
            case ApiReply.Failed<byte[]>(EngineFault fault, String detail) -> new ApiReply.Failed<>(fault, detail);
            case ApiReply.NotAsked<byte[]>() -> new ApiReply.NotAsked<>();
        };
    }

    /** An address as the engine wants it, IPv6 in brackets. */
    static String literal(InetAddress address) {
        String host = address.getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Listening on every address of the family of {@code advertised}. */
    static String listen(InetAddress advertised, int port) {
        return (advertised instanceof Inet6Address ? "[::]" : "0.0.0.0") + ":" + port;
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("closing the connection to the engine: {}", e.toString());
        }
    }

    private ApiReply<byte[]> request(String method, String path, @Nullable JsonNode body) {
        var request = DockerHttpClient.Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json")
                    .bodyBytes(body.toString().getBytes(StandardCharsets.UTF_8));
        }
        try (DockerHttpClient.Response response = client.execute(request.build())) {
            byte[] bytes;
            try (InputStream stream = response.getBody()) {
                bytes = stream.readNBytes(MAX_BODY);
            }
            int status = response.getStatusCode();
            return status >= 200 && status < 300
                    ? new ApiReply.Ok<>(bytes)
                    : new ApiReply.Refused<>(status, message(bytes));
        } catch (IOException | RuntimeException e) {
            return new ApiReply.Failed<>(fault(e), detail(e));
        }
    }

    private static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.path("message").isTextual()
                    ? node.path("message").asText()
                    : text;
        } catch (JacksonException e) {
            return text;
        }
    }

    private EngineFault fault(Throwable failure) {
        if (isUnixSocketForbidden()) {
            return EngineFault.PERMISSION_DENIED;
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
            if (t instanceof AccessDeniedException || text.contains("permission denied")) {
                return EngineFault.PERMISSION_DENIED;
            }
            if (text.contains("connect timed out")) {
                return EngineFault.NOT_RUNNING;
            }
            if (t instanceof SocketTimeoutException || text.contains("timed out") || text.contains("timeout")) {
                return EngineFault.NO_ANSWER;
            }
            if (t instanceof ConnectException
                    || t instanceof SocketException
                    || t instanceof UnknownHostException
                    || t instanceof NoSuchFileException
                    || text.contains("no such file")
                    || text.contains("connection refused")) {
                return EngineFault.NOT_RUNNING;
            }
        }
        return EngineFault.NOT_UNDERSTOOD;
    }

    private boolean isUnixSocketForbidden() {
        if (!"unix".equals(dockerHost.getScheme())) {
            return false;
        }
        Path socket = Path.of(dockerHost.getPath());
        return Files.exists(socket) && !Files.isWritable(socket);
    }

    private static String detail(Throwable failure) {
        Throwable last = failure;
        while ((last instanceof UncheckedIOException || last.getMessage() == null || last instanceof RuntimeException)
                && last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    private static <T> ApiReply<T> parsed(ApiReply<byte[]> reply, Reader<T> reader) {
        return switch (reply) {
            case ApiReply.Ok<byte[]>(byte[] body) -> {
                try {
                    JsonNode node = JSON.readTree(body);
                    yield node == null || node.isMissingNode()
                            ? new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, "an empty answer")
                            : new ApiReply.Ok<>(reader.read(node));
                } catch (IOException e) {
                    yield new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, "the answer is no JSON");
                } catch (IllegalArgumentException e) {
                    yield new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, String.valueOf(e.getMessage()));
                }
            }
            case ApiReply.Refused<byte[]>(int status, String message) -> new ApiReply.Refused<>(status, message);
            case ApiReply.Failed<byte[]>(EngineFault fault, String detail) -> new ApiReply.Failed<>(fault, detail);
            case ApiReply.NotAsked<byte[]>() -> new ApiReply.NotAsked<>();
        };
    }
}
