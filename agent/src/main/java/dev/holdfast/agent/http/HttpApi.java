package dev.holdfast.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link Pages} by HTTP, to read alone. Requests run on virtual threads and have time limits. While the address can't
 * be had, for example because another program has it, the agent goes on without and tries again. When the process is about
 * to run out of descriptors, HTTP is what gives way: its clients may hold many, and the server would take a whole core for
 * trying to accept those who wait.
 */
public final class HttpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String TOO_MANY_FILES = "too many open files in this process (ulimit -n)";

    static {
        // Read once by the server's own class: a client that sends or reads too slowly is cut off. Seconds.
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("sun.net.httpserver.maxRspTime", "30");
        limit("sun.net.httpserver.idleInterval", "30");
        limit("jdk.httpserver.maxConnections", "128");
    }

    private final InetSocketAddress listen;
    private final Pages pages;
    private final EventStreams streams;
    private final Duration retry;
    private final BooleanSupplier spareDescriptors;
    private final Thread opener;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpServer server;
    private boolean closed;

    /** Starts serving, at once if the address can be had. */
    public HttpApi(InetSocketAddress listen, Pages pages, EventStreams streams) {
        this(listen, pages, streams, Duration.ofSeconds(5), SpareDescriptors::exist);
    }

    HttpApi(
            InetSocketAddress listen,
            Pages pages,
            EventStreams streams,
            Duration retry,
            BooleanSupplier spareDescriptors) {
        this.listen = listen;
        this.pages = pages;
        this.streams = streams;
        this.retry = retry;
        this.spareDescriptors = spareDescriptors;
        this.opener = Thread.ofVirtual().name("http-open").start(this::open);
    }

    /** Where it listens, or null while it can't. */
    public synchronized @Nullable InetSocketAddress address() {
        return server == null ? null : server.getAddress();
    }

    /** Stops serving; requests that run are cut off. */
    @Override
    public void close() {
        opener.interrupt();
        synchronized (this) {
            closed = true;
            stopServing();
        }
        requests.shutdownNow();
    }

    private void open() {
        boolean complained = false;
        boolean serving = false;
        while (true) {
            try {
                if (serving && !spareDescriptors.getAsBoolean()) {
                    stopServing();
                    serving = false;
                    complained = true;
                    LOG.warn("HTTP closes {} and its connections and will try again: {}", text(listen), TOO_MANY_FILES);
                } else if (!serving) {
                    serving = tryOpen();
                    if (!serving) {
                        return;
                    }
                    complained = false;
                    LOG.info("HTTP listens on {}", text(listen));
                }
            } catch (IOException e) {
                if (!complained) {
                    LOG.warn("HTTP can't listen on {}, will try again: {}", text(listen), e.getMessage());
                    complained = true;
                }
            }
            try {
                Thread.sleep(retry);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void stopServing() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    private synchronized boolean tryOpen() throws IOException {
        if (closed) {
            return false;
        }
        if (!spareDescriptors.getAsBoolean()) {
            // A server that gets some of what it needs keeps that for ever.
            throw new IOException(TOO_MANY_FILES);
        }
        HttpServer fresh = HttpServer.create(listen, 64);
        fresh.setExecutor(requests);
        fresh.createContext("/", this::handle);
        fresh.start();
        server = fresh;
        return true;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            headers(exchange);
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, new Pages.Page(405, TEXT, "only GET and HEAD: nothing can be changed here\n"));
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/api/v1/events") && method.equals("GET")) {
                events(exchange);
            } else {
                send(exchange, page(exchange, path));
            }
        } catch (IOException e) {
            LOG.debug("an HTTP client went away: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("an HTTP request failed", e);
        }
    }

    private void events(HttpExchange exchange) throws IOException {
        if (streams.admit()) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            streams.serve(exchange);
        } else {
            HttpRefusal reason = HttpRefusal.TOO_MANY_STREAMS;
            exchange.getResponseHeaders().set("Retry-After", Long.toString(EventStreams.LIFE.toSeconds()));
            send(exchange, new Pages.Page(503, TEXT, reason.label() + ": " + reason.text() + "\n"));
        }
    }

    private Pages.Page page(HttpExchange exchange, String path) {
        return switch (path) {
            case "/metrics" -> pages.metrics();
            case "/healthz" -> pages.health();
            case "/readyz" -> pages.readiness();
            case "/api/v1/status" -> pages.status();
            case "/api/v1/cluster" -> pages.cluster();
            case "/api/v1/events" -> new Pages.Page(200, "text/event-stream", "");
            case "/" -> {
                StatusPage page = StatusPage.get();
                exchange.getResponseHeaders().set("Content-Security-Policy", page.contentSecurityPolicy());
                yield new Pages.Page(200, "text/html; charset=utf-8", page.html());
            }
            default ->
                new Pages.Page(
                        404,
                        TEXT,
                        "there is /, /api/v1/status, /api/v1/cluster, /api/v1/events, /metrics, /healthz and /readyz\n");
        };
    }

    /** What a browser is to do with anything from here: believe its type, run nothing in it, show it in no other page. */
    private static void headers(HttpExchange exchange) {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }

    private static void send(HttpExchange exchange, Pages.Page page) throws IOException {
        byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", page.contentType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(page.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(page.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    private static void limit(String property, String seconds) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, seconds);
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
