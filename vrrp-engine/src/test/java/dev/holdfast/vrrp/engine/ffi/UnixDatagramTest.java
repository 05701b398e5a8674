package dev.holdfast.vrrp.engine.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against sockets of the kernel, of both kinds of names. */
class UnixDatagramTest {
    private static final String TEXT = "READY=1\nSTATUS=MASTER of VI_1 – long may it hold";

    @TempDir
    private Path folder;

    private static String sentThrough(String name) {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            int fd = SystemCallException.check(
                    "socket", libc.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0));
            try {
                libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVTIMEO, Layouts.timeval(arena, 5_000_000));
                SystemCallException.check("bind", libc.bind(fd, Layouts.sockaddrUn(arena, name)));

                UnixDatagram.send(name, TEXT);

                MemorySegment data = arena.allocate(4096);
                long length = libc.recv(fd, data, 0);
                assertThat(length).isPositive();
                return new String(data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            } finally {
                libc.close(fd);
            }
        }
    }

    @Test
    void aTextArrivesAtAPath() {
        assertThat(sentThrough(folder.resolve("notify").toString())).isEqualTo(TEXT);
    }

    @Test
    void aTextArrivesAtANameInTheAbstractNamespace() {
        assertThat(sentThrough("@holdfast-test-" + folder.getFileName())).isEqualTo(TEXT);
    }

    @Test
    void aMissingReceiverIsNamed() {
        String name = folder.resolve("nobody").toString();

        assertThatThrownBy(() -> UnixDatagram.send(name, TEXT))
                .isInstanceOfSatisfying(
                        SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT.number()))
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "notify",
                "vsock:2:1234",
                "/tmp/notify, and much longer than any name of a socket may be, of which"
                        + " the kernel takes one hundred and seven bytes"
            })
    void whatIsNoNameOfASocketIsRefused(String name) {
        assertThatThrownBy(() -> UnixDatagram.send(name, TEXT)).isInstanceOf(IllegalArgumentException.class);
    }
}
