package dev.holdfast.agent.track;

import dev.holdfast.agent.config.CheckConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** One GET on a connection of its own: a kept one would say nothing of whether the service still accepts any. */
final class HttpCheck {
    /** A health page is small; whoever sends more is not the one that was meant. */
    private static final long MAX_BODY = 1 << 20;

    private HttpCheck() {}

    /**
     * Asks and reads the whole answer; an interrupt ends it.
     *
     * @throws IOException if there is no connection, no valid certificate, or no complete answer
     */
    static Reading get(CheckConfig.Http check) throws IOException, InterruptedException, GeneralSecurityException {
        HttpRequest request = HttpRequest.newBuilder(check.url())
                .header("User-Agent", "holdfast")
                .build();
        // Closing the executor waits for what still runs: one look never reaches into the next.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .executor(threads)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY);
            if (!check.tlsVerify()) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustEverybody()}, null);
                builder.sslContext(context);
            }
            HttpClient client = builder.build();
            try {
                HttpResponse<Void> response =
                        client.send(request, BodyHandlers.limiting(BodyHandlers.discarding(), MAX_BODY));
                int status = response.statusCode();
                boolean well = status >= check.lowest() && status <= check.highest();
                return Reading.of(
                        well,
                        "status " + status + (well ? "" : ", accepted: " + check.lowest() + ".." + check.highest()));
            } finally {
                client.shutdownNow();
            }
        }
    }

    /**
     * For {@code tls-verify = false}: a service's own certificate is often signed by nobody. The extended kind, for only that
     * one also decides whether the host's name matters.
     */
    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
