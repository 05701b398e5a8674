package dev.holdfast.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page for people, and the policy under which a browser shows it: its own style and script alone, known by their hashes, and
 * connections to this agent alone. A name that somebody made look like HTML can't become more than text.
 *
 * @param html the whole page
 * @param contentSecurityPolicy the header's value
 */
record StatusPage(String html, String contentSecurityPolicy) {
    private static final StatusPage PAGE = load();

    /** The page. */
    static StatusPage get() {
        return PAGE;
    }

    private static StatusPage load() {
        try (InputStream in = StatusPage.class.getResourceAsStream("status.html")) {
            if (in == null) {
                throw new IllegalStateException("the build left out the status page");
            }
            String html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new StatusPage(
                    html,
                    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'; "
                            + "style-src " + hash(html, "style") + "; script-src " + hash(html, "script"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String html, String element) {
        int start = html.indexOf("<" + element + ">") + element.length() + 2;
        String content = html.substring(start, html.indexOf("</" + element + ">", start));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
