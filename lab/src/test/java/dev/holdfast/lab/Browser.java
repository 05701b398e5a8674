package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A headless Chromium on a lab host, driven by its DevTools protocol through two FIFOs, so that nothing has to be reached across
 * namespaces.
 */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final OutputStream commands;
    private final InputStream answers;
    private final Map<Integer, JsonNode> answered = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final LabProcess process;
    private String session = "";
    private int last;

    private Browser(Host host) throws IOException {
        Path in = host.folder().resolve("devtools-in");
        Path out = host.folder().resolve("devtools-out");
        host.exec("mkfifo", in.toString(), out.toString());
        process = host.start("chromium", "sh", "-c", """
                        exec %s --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
                        --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
                        --user-data-dir=%s/chromium --remote-debugging-pipe about:blank 3<%s 4>%s
                        """.formatted(PROGRAM, host.folder(), in, out));
        commands = new FileOutputStream(in.toFile());
        answers = new BufferedInputStream(new FileInputStream(out.toFile()));
        Thread.ofPlatform().daemon().name("lab-browser").start(this::read);
    }

    /** Whether there is one on this machine. */
    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts one with an empty page. */
    static Browser start(Host host) {
        try {
            Browser browser = new Browser(host);
            String target = browser.call("Target.createTarget", Map.of("url", "about:blank"))
                    .path("targetId")
                    .asText();
            browser.session = browser.call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .path("sessionId")
                    .asText();
            browser.call("Page.enable", Map.of());
            browser.call("Runtime.enable", Map.of());
            browser.call("Log.enable", Map.of());
            return browser;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an address. */
    void open(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /**
     * Looks through another window.
     *
     * @param width in CSS pixels; below 500 it is a phone's
     * @param scheme {@code dark} or {@code light}
     */
    void look(int width, String scheme) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 844, "deviceScaleFactor", 1, "mobile", width < 500));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What an expression of JavaScript is on the page, as text. */
    String evaluate(String expression) {
        return call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"))
                .at("/result/value")
                .asText();
    }

    /** The text that a reader sees in an element. */
    String text(String selector) {
        return evaluate("document.querySelector(\"" + selector + "\")?.innerText ?? \"\"");
    }

    /** Writes a picture of the whole page. */
    void picture(Path file) {
        JsonNode picture = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exceptions of the page's script, and what the browser refused it. */
    List<String> complaints() {
        synchronized (answered) {
            return List.copyOf(complaints);
        }
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = ++last;
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        try {
            commands.write((command + "\0").getBytes(StandardCharsets.UTF_8));
            commands.flush();
        } catch (IOException e) {
            throw new LabException("the browser is gone: " + process.log(), e);
        }
        JsonNode answer = Await.value("the browser to answer " + method, LIMIT, () -> {
            synchronized (answered) {
                return answered.remove(id);
            }
        });
        if (answer.has("error")) {
            throw new LabException("the browser refuses " + method + ": " + answer);
        }
        return answer.path("result");
    }

    private void read() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            for (int next = answers.read(); next >= 0; next = answers.read()) {
                if (next == 0) {
                    take(message.toString(StandardCharsets.UTF_8));
                    message.reset();
                } else {
                    message.write(next);
                }
            }
        } catch (IOException e) {
            // It ended; whoever waits for an answer says so.
        }
    }

    private void take(String text) throws JsonProcessingException {
        JsonNode message = JSON.readTree(text);
        String method = message.path("method").asText();
        synchronized (answered) {
            if (message.has("id")) {
                answered.put(message.path("id").asInt(), message);
            } else if (method.equals("Runtime.exceptionThrown")) {
                complaints.add(message.path("params").toString());
            } else if (method.equals("Log.entryAdded")
                    && message.at("/params/entry/source").asText().equals("security")) {
                complaints.add(message.at("/params/entry/text").asText());
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
        commands.close();
        answers.close();
    }
}
