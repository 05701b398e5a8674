package dev.holdfast.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ControlTest {
    @TempDir
    private Path folder;

    private final CountDownLatch never = new CountDownLatch(1);
    private RunDir runDir;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        runDir = RunDir.take(folder.resolve("run"));
        server = openServer();
    }

    @AfterEach
    void close() throws IOException {
        never.countDown();
        server.close();
        runDir.close();
    }

    @Test
    void aCommandIsAnswered() throws ControlException {
        assertThat(new ControlClient(runDir.path()).ask("hello").asText()).isEqualTo("world");
    }

    @Test
    void aRefusalReachesTheClientInWords() {
        assertThatThrownBy(() -> new ControlClient(runDir.path()).ask("refuse"))
                .isInstanceOf(ControlException.class)
                .hasMessage("not today");
    }

    @Test
    void anUnknownCommandNamesTheKnownOnes() {
        assertThatThrownBy(() -> new ControlClient(runDir.path()).ask("selfdestruct"))
                .hasMessageContaining("\"selfdestruct\"")
                .hasMessageContaining("hello");
    }

    @Test
    void aFailureInsideIsNotShownToTheClient() {
        assertThatThrownBy(() -> new ControlClient(runDir.path()).ask("break"))
                .hasMessage("the agent failed to answer; its log says why");
    }

    @Test
    void theSocketIsForItsOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(RunDir.socket(runDir.path()))))
                .isEqualTo("rw-------");
    }

    @Test
    void aStaleSocketFileIsReplaced() throws Exception {
        server.close();
        try (var stale = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(RunDir.socket(runDir.path())));
        }
        assertThat(RunDir.socket(runDir.path())).exists();
        server = openServer();
        assertThat(new ControlClient(runDir.path()).ask("hello").asText()).isEqualTo("world");
    }

    @Test
    void closingRemovesTheSocket() {
        server.close();
        assertThat(RunDir.socket(runDir.path())).doesNotExist();
        assertThatThrownBy(() -> new ControlClient(runDir.path()).ask("hello"))
                .hasMessageStartingWith("no agent runs with this run-dir")
                .hasMessageContaining("control.sock");
    }

    @Test
    void aSecondAgentIsRefusedTheRunDir() {
        assertThatThrownBy(() -> RunDir.take(runDir.path()))
                .isInstanceOf(IOException.class)
                .hasMessage("another agent runs with the run-dir " + runDir.path());
    }

    @Test
    void aRunDirThatCanNotBeMadeIsSaidSo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> RunDir.take(file.resolve("run")))
                .hasMessageStartingWith("the run-dir " + file.resolve("run") + " can't be used");
    }

    @ParameterizedTest
    @CsvSource({
        "'garbage\n', the request is not JSON",
        "'{\"command\":3\n', the request is not JSON",
        "'[]\n', knows no command"
    })
    void whatIsNoRequestIsRefused(String request, String error) throws IOException {
        assertThat(raw(request)).contains("\"ok\":false", error);
    }

    @Test
    void aRequestThatIsTooLongIsRefused() throws IOException {
        assertThat(raw("x".repeat(ControlServer.MAX_REQUEST))).contains("at most " + ControlServer.MAX_REQUEST);
    }

    @Test
    void silentClientsAreCutOffAndHarmNobody() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            // More of them than are served at once.
            for (int i = 0; i < 20; i++) {
                silent.add(connect());
            }
            for (SocketChannel channel : silent) {
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> new ControlClient(runDir.path())
                            .ask("hello")
                            .asText()
                            .equals("world"));
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void aClientThatReadsNothingIsCutOff() throws Exception {
        try (SocketChannel lazy = connect()) {
            lazy.write(ByteBuffer.wrap("{\"command\":\"long\"}\n".getBytes(StandardCharsets.UTF_8)));
            Awaitility.await()
                    .until(() -> new ControlClient(runDir.path())
                            .ask("hello")
                            .asText()
                            .equals("world"));
        }
    }

    @Test
    void theClientDoesNotWaitForEver() {
        assertThatThrownBy(() -> new ControlClient(runDir.path(), Duration.ofMillis(200)).ask("hang"))
                .hasMessageContaining("did not answer within");
    }

    private ControlServer openServer() throws IOException {
        return ControlServer.open(
                runDir,
                Map.of(
                        "hello",
                        _ -> JsonNodeFactory.instance.textNode("world"),
                        "refuse",
                        _ -> {
                            throw new ControlException("not today");
                        },
                        "break",
                        _ -> {
                            throw new IllegalStateException("secret detail");
                        },
                        "hang",
                        _ -> {
                            never.await();
                            return JsonNodeFactory.instance.nullNode();
                        },
                        "long",
                        _ -> JsonNodeFactory.instance.textNode("x".repeat(8 << 20))),
                Duration.ofMillis(600));
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(RunDir.socket(runDir.path())));
        return channel;
    }

    private String raw(String request) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1024);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }
}
