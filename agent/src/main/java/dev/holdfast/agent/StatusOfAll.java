package dev.holdfast.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code holdfast status --all}: asks the other agents for their status by HTTP, all at once, each with a deadline. */
final class StatusOfAll {
    private static final long MAX_BODY = 4L << 20;
    private final Duration limit;

    /** @param limit how long each agent may take */
    StatusOfAll(Duration limit) {
        this.limit = limit;
    }

    /**
     * This agent's status and that of the others: {@code agents}, each with its {@code address} and a {@code status} or an {@code error}, and
     * {@code clockSkewSeconds}, how far its clock is ahead of this one's. An agent that answers at several addresses is told once.
     *
     * @param own this agent's
     * @param port the port of their HTTP
     */
    ObjectNode gather(ObjectNode own, List<InetAddress> others, int port) throws InterruptedException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode agents = answer.putArray("agents");
        agents.addObject().put("address", "this host").set("status", own);
        Set<String> known = new HashSet<>(Set.of(identity(own)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpClient client = HttpClient.newBuilder()
                    .executor(threads)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(limit)
                    .build();
            try {
                Map<InetAddress, Future<Answer>> asked = new LinkedHashMap<>();
                others.forEach(address -> asked.put(address, threads.submit(() -> ask(client, address, port))));
                long end = System.nanoTime() + limit.toNanos();
                for (Map.Entry<InetAddress, Future<Answer>> entry : asked.entrySet()) {
                    ObjectNode agent = JsonNodeFactory.instance
                            .objectNode()
                            .put("address", entry.getKey().getHostAddress());
                    try {
                        Answer told = entry.getValue().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                        if (known.add(identity(told.status()))) {
                            told.clockSkewSeconds().ifPresent(skew -> agent.put("clockSkewSeconds", skew));
                            agents.add(agent.set("status", told.status()));
                        }
                    } catch (TimeoutException e) {
                        entry.getValue().cancel(true);
                        agents.add(agent.put("error", "no answer within " + limit.toMillis() + " ms"));
                    } catch (ExecutionException e) {
                        agents.add(agent.put("error", describe(Objects.requireNonNullElse(e.getCause(), e))));
                    }
                }
            } finally {
                client.shutdownNow();
            }
        }
        return answer;
    }

    /**
     * What an agent answers.
     *
     * @param clockSkewSeconds how far its clock is ahead of ours, to a second or so; empty if it does not tell
     */
    private record Answer(JsonNode status, OptionalLong clockSkewSeconds) {}

    private static Answer ask(HttpClient client, InetAddress address, int port)
            throws IOException, InterruptedException {
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/api/v1/status"))
                .header("User-Agent", "holdfast")
                .build();
        HttpResponse<byte[]> response =
                client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        if (response.statusCode() != 200) {
            throw new IOException("it answers with status " + response.statusCode());
        }
        JsonNode status = new ObjectMapper().readTree(new String(response.body(), StandardCharsets.UTF_8));
        if (!status.path("instances").isArray() || !status.path("node").isTextual()) {
            throw new IOException("what answers there is no agent");
        }
        return new Answer(status, skew(response));
    }

    private static OptionalLong skew(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("Date")
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                    .map(theirs -> OptionalLong.of(
                            theirs.getEpochSecond() - Instant.now().getEpochSecond()))
                    .orElse(OptionalLong.empty());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Two hosts may have got one name by mistake, but hardly entered their states in the same nanosecond. */
    private static String identity(JsonNode status) {
        StringBuilder identity = new StringBuilder(status.path("node").asText());
        status.path("instances")
                .forEach(instance -> identity.append(' ')
                        .append(instance.path("name").asText())
                        .append(' ')
                        .append(instance.path("since").asText()));
        return identity.toString();
    }

    private static String describe(Throwable thrown) {
        if (thrown instanceof JsonProcessingException) {
            return "what answers there is no agent";
        }
        String said = thrown.getMessage();
        return said == null || said.isBlank()
                ? thrown instanceof ConnectException
                        ? "connection refused"
                        : thrown.getClass().getSimpleName()
                : said;
    }
}
