package dev.holdfast.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever means harm, or is something else: refused, counted, and the two agents that mean well go on all the while. */
@Timeout(120)
class HostilePeersTest {
    private final Rig rig = new Rig();
    private Rig.Agent a;
    private Rig.Agent b;

    @BeforeEach
    void connect() {
        a = rig.agent("a", Rig.OLD);
        b = rig.agent("b", Rig.OLD);
        a.connect(b);
        Rig.awaitConnected(a, "b");
    }

    @AfterEach
    void theyGoOn() throws Exception {
        Rig.await(
                "b's answer",
                () -> a.ask("b", "still there?").equals(new PeerAnswer.Answer("a asked b: still there?")));
        Rig.await("only a to be left", () -> b.channel().connections() == 1);
        rig.close();
    }

    private Socket plain() throws IOException {
        Socket socket = new Socket();
        rig.closeLater(socket);
        socket.connect(b.address());
        return socket;
    }

    /** A connection by one who has the secret. */
    private SSLSocket proven() throws IOException {
        SSLSocket socket = new Raw(Rig.OLD).connect(b.address());
        rig.closeLater(socket);
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout((int) Rig.SOON.toMillis());
            while (socket.getInputStream().read() >= 0) {
                // What it says on leaving.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: b\r\n\r\n", "SSH-2.0-x\r\n", "\0\0\0\0\0\0"})
    void plainTextIsCalledSo(String text) throws Exception {
        Socket socket = plain();
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        assertThat(isClosed(socket)).isTrue();
        Rig.awaitRefusal(b, PeerRefusal.NOT_TLS);
    }

    @Test
    void garbageInAnyShapeEndsWithItsConnection() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[3 + random.nextInt(400)];
            random.nextBytes(bytes);
            bytes[0] = 0x16;
            bytes[1] = 3;
            // One after the other, for there are few places for strangers from one address.
            try (Socket socket = plain()) {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                assertThat(isClosed(socket)).isTrue();
            }
        }
        assertThat(b.refused(PeerRefusal.HANDSHAKE_FAILED) + b.refused(PeerRefusal.CUT_OFF))
                .isPositive();
    }

    /** What another agent sent, said once more: keys are new for each connection, so it means nothing. */
    @Test
    void aRecordedConnectionCantBeReplayed() throws Exception {
        Relay relay = new Relay(b.address());
        rig.closeLater(relay);
        Rig.Agent c = rig.agent("c", Rig.OLD);
        c.channel().connect(List.of(relay.address()));
        Rig.awaitConnected(c, "b");
        assertThat(c.ask("b", "force!")).isInstanceOf(PeerAnswer.Answer.class);
        byte[] recorded = relay.recorded();
        c.channel().close();

        Socket socket = plain();
        socket.getOutputStream().write(recorded);
        assertThat(isClosed(socket)).isTrue();
        Rig.awaitRefusal(b, PeerRefusal.HANDSHAKE_FAILED);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, WRONG_SECRET", "TLSv1.2, HANDSHAKE_FAILED"})
    void whoeverHasNoCertificateOrAnOldTlsIsRefused(String protocol, PeerRefusal refusal) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(b.address());
            socket.setEnabledProtocols(new String[] {protocol});
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        // In TLS 1.3 the client hears only afterwards what the server thinks of it.
                        if (socket.getInputStream().read() < 0) {
                            throw new EOFException();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        Rig.awaitRefusal(b, refusal);
    }

    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void aFrameThatAnnouncesTooMuchIsRefusedBeforeMemoryIsTaken() throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, -1, Rig.LIMITS.frameBytes() + 5}) {
            long before = b.refused(PeerRefusal.TOO_LARGE);
            SSLSocket socket = proven();
            new DataOutputStream(socket.getOutputStream()).writeInt(length);
            assertThat(isClosed(socket)).isTrue();
            Rig.await("the refusal of " + length, () -> b.refused(PeerRefusal.TOO_LARGE) > before);
        }
    }

    @Test
    void aFrameTooShortOrNoTextIsMalformed() throws Exception {
        byte[][] frames = {{0, 0, 0, 3, 1, 1, 1}, {0, 0, 0, 5, 0, 0, 0, 1, (byte) 0xFF}};
        for (byte[] frame : frames) {
            long before = b.refused(PeerRefusal.MALFORMED);
            SSLSocket socket = proven();
            socket.getOutputStream().write(frame);
            assertThat(isClosed(socket)).isTrue();
            Rig.await("the refusal", () -> b.refused(PeerRefusal.MALFORMED) > before);
        }
    }

    /** A byte now and then keeps a read time-out from ever striking; the deadline counts from the beginning. */
    @Test
    void whoeverShakesHandsAByteAtATimeIsTooSlow() throws Exception {
        Socket socket = plain();
        drip(socket, new byte[] {0x16, 3, 1, 2, 0});
        Rig.awaitRefusal(b, PeerRefusal.TOO_SLOW);
        assertThat(isClosed(socket)).isTrue();
    }

    @Test
    void whoeverSendsARequestAByteAtATimeIsTooSlow() throws Exception {
        SSLSocket socket = proven();
        drip(socket, new byte[] {0, 0, 0x7F, 0});
        Rig.awaitRefusal(b, PeerRefusal.TOO_SLOW);
        assertThat(isClosed(socket)).isTrue();
    }

    /** Sends the bytes and then zeros, one every 20 ms, until the connection ends. */
    private static void drip(Socket socket, byte[] first) {
        Thread.startVirtualThread(() -> {
            try {
                OutputStream out = socket.getOutputStream();
                for (int i = 0; ; i++) {
                    out.write(i < first.length ? first[i] : 0);
                    out.flush();
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // It was ended, as it should be.
            }
        });
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        Socket socket = plain();
        assertThat(isClosed(socket)).isTrue();
        Rig.awaitRefusal(b, PeerRefusal.TOO_SLOW);
    }

    @Test
    void whoeverNeverReadsAnswersHoldsUpOnlyItself() throws Exception {
        Rig.Agent chatty = rig.agent("chatty", Rig.LIMITS, (from, request) -> "x".repeat(60_000), Rig.OLD);
        SSLSocket socket = new Raw(Rig.OLD).connect(chatty.address());
        rig.closeLater(socket);
        Thread.startVirtualThread(() -> {
            try {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (int i = 1; ; i++) {
                    out.writeInt(4);
                    out.writeInt(i);
                }
            } catch (IOException e) {
                // Closed by the other side.
            }
        });
        Rig.await("it to be cut off", () -> chatty.channel().connections() == 0);
        a.connect(b, chatty);
        Rig.awaitConnected(a, "chatty");
        assertThat(a.ask("chatty", "x")).isInstanceOf(PeerAnswer.Answer.class);
    }

    /** Nobody takes the places of those who are connected, and the places for strangers are few. */
    @Test
    void thousandsOfConnectionsAreBounded() throws Exception {
        List<Socket> open = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < 2000; i++) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                socket.connect(b.address(), 5000);
            } catch (IOException e) {
                // Turned away while it was still coming.
            }
            most = Math.max(most, b.channel().connections());
            if (i % 500 == 0) {
                Rig.await("b's answer", () -> a.ask("b", "x") instanceof PeerAnswer.Answer);
            }
        }
        for (Socket socket : open) {
            socket.close();
        }
        assertThat(most).isLessThanOrEqualTo(1 + Rig.LIMITS.handshakes());
        assertThat(b.refused(PeerRefusal.TOO_MANY)).isPositive();
    }

    /** A thing that answers, but is no agent. */
    @Test
    void whateverElseListensAtAPeersAddressIsRefused() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        Socket socket = other.accept();
                        rig.closeLater(socket);
                        socket.getOutputStream().write("220 mail ready\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            Rig.Agent c = rig.agent("c", Rig.OLD);
            c.channel()
                    .connect(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), other.getLocalPort())));
            Rig.awaitRefusal(c, PeerRefusal.HANDSHAKE_FAILED);
            assertThat(c.channel().peers()).noneMatch(PeerState::connected);
            c.channel().close();
        }
    }
}
