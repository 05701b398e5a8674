package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.lab.Router.Mode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page as a browser shows it. Chromium is large, so this is no part of a usual test run. */
@EndToEnd
@Tag("soak")
class StatusPageTest {
    private static final Path PICTURES = Path.of("target/status-page");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String EVIL = "<img src=x onerror=window.evil=1>";

    /** What answers at an agent's port with a name that is none. */
    private static HttpServer impostor(Host host) {
        return host.call(() -> {
            HttpServer server = HttpServer.create(new InetSocketAddress(host.address(), 9651), 0);
            byte[] body = """
                    {"node": "%s", "version": "%s", "startsAt": null, "swarm": {"enabled": false}, "instances": [{
                      "name": "%s", "state": "BACKUP", "since": "2026-01-02T03:04:05Z", "reason": "%s", "priority": 50,
                      "effectivePriority": 50, "vrid": 51, "addresses": ["10.77.0.100/24"], "excludedAddresses": [],
                      "faults": ["%s"], "vipConflicts": [], "trackers": [{"kind": "script", "name": "%s", "state": "DOWN",
                      "detail": "%s", "weight": -10, "points": -10, "fault": false}]}],
                      "timeline": [{"at": "2026-01-02T03:04:05Z", "kind": "instance", "subject": "%s", "what": "%s", "reason": "%s", "detail": ""}]}
                    """.replace("%s", EVIL).getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
            return server;
        });
    }

    private static void awaitText(Browser browser, String selector, String... parts) {
        Await.until(
                selector + " to say " + String.join(", ", parts) + "; it says: " + browser.text(selector), SOON, () -> {
                    String text = browser.text(selector);
                    return Stream.of(parts).allMatch(text::contains);
                });
    }

    @Test
    void showsAFailOverLiveFromAnyHostAtAnyWidthAndTakesNamesForText(Lab lab) throws Exception {
        assumeTrue(Browser.isInstalled(), "there is no Chromium here");
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host c = lab.host("c");
        Host viewer = lab.host("viewer");
        HttpServer impostor = impostor(c);
        lab.closeWithLab(() -> impostor.stop(0));
        AgentProcess agentA =
                AgentProcess.start(a, Router.of(Mode.V3_UNICAST, 200, b, c).holdfast(a));
        AgentProcess agentB = AgentProcess.start(
                b, Router.of(Mode.V3_UNICAST, 100, a, c).holdfast(b, "track { scripts = [spare] }", """
                                scripts.spare { command = ["/usr/bin/false"], interval = 1s, timeout = 1s, rise = 1, fall = 1, weight = -20 }
                                """));
        agentA.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        Browser browser = Browser.start(viewer);
        lab.closeWithLab(browser);
        browser.look(1280, "light");
        browser.open("http://" + b.address() + ":9651/");

        awaitText(browser, "#routers", "held by a", "priority 80 = 100 \u2212 20", "script spare down, \u221220");
        awaitText(browser, "#live", "live");
        awaitText(browser, "#routers", EVIL);
        awaitText(browser, "#timeline", EVIL);
        assertThat(browser.evaluate("document.querySelectorAll('img').length")).isEqualTo("0");
        assertThat(browser.evaluate("window.evil")).isEqualTo("undefined");
        browser.picture(PICTURES.resolve("desktop-light.png"));
        browser.look(390, "light");
        browser.picture(PICTURES.resolve("phone-light.png"));

        // The page stays open: what happens comes to it.
        a.link().cut();
        awaitText(browser, "#routers", "held by b");
        awaitText(browser, "#verdict", "a can't be asked");
        awaitText(browser, "#timeline", "no advertisement within");
        browser.look(390, "dark");
        browser.picture(PICTURES.resolve("phone-dark.png"));
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing is cut off at a phone's width")
                .isEqualTo("true");
        browser.look(1280, "dark");
        browser.picture(PICTURES.resolve("desktop-dark.png"));
        a.link().mend();
        awaitText(browser, "#routers", "held by a");

        // The agent that serves the page goes and comes back; nobody has to load it again.
        assertThat(agentB.terminate()).isZero();
        awaitText(browser, "#live", "no news since");
        agentB.restart();
        awaitText(browser, "#routers", "held by a");
        Await.until(
                "the page to be live again", SOON, () -> browser.text("#live").equals("live"));
        assertThat(browser.complaints()).isEmpty();
    }
}
