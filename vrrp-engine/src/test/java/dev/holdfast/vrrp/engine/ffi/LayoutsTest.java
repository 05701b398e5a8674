package dev.holdfast.vrrp.engine.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes as a C compiler gives them, and bytes as the kernel expects them on a little-endian machine. */
class LayoutsTest {
    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of("sockaddr_in", Layouts.SOCKADDR_IN, 16),
                Arguments.of("sockaddr_ll", Layouts.SOCKADDR_LL, 20),
                Arguments.of("sockaddr_nl", Layouts.SOCKADDR_NL, 12),
                Arguments.of("sockaddr_un", Layouts.SOCKADDR_UN, 110),
                Arguments.of("ip_mreqn", Layouts.IP_MREQN, 12),
                Arguments.of("timeval", Layouts.TIMEVAL, 16),
                Arguments.of("itimerspec", Layouts.ITIMERSPEC, 32),
                Arguments.of("iovec", Layouts.IOVEC, 16),
                Arguments.of("msghdr", Layouts.MSGHDR, 56),
                Arguments.of("mmsghdr", Layouts.MMSGHDR, 64),
                Arguments.of("CMSG_SPACE(sizeof(in_pktinfo))", Layouts.CMSG_PKTINFO, 32),
                Arguments.of("CMSG_SPACE(sizeof(int))", Layouts.CMSG_INT, 24));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sizes")
    void aStructIsAsLongAsInC(String name, StructLayout layout, int size) {
        assertThat(layout.byteSize()).isEqualTo(size);
    }

    private static String hex(MemorySegment segment) {
        return HexFormat.of().formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void addressesAreFilledAsTheKernelReadsThem() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(hex(Layouts.sockaddrIn(arena, 0xE0000012L))).isEqualTo("02000000e00000120000000000000000");
            assertThat(hex(Layouts.sockaddrLl(arena, Linux.ETH_P_ARP, 3, new byte[] {2, 0, 0, 0, 0, 1})))
                    .isEqualTo("1100080603000000000000060200000000010000");
            assertThat(hex(Layouts.sockaddrNl(arena, 0x111))).isEqualTo("100000000000000011010000");
            assertThat(hex(Layouts.ipMreqn(arena, 0xE0000012L, 3))).isEqualTo("e00000120000000003000000");
        }
    }

    @Test
    void errorsHaveNamesAndUnknownOnesTheirNumber() {
        assertThat(Errno.describe(-13)).isEqualTo("EACCES, permission denied");
        assertThat(Errno.describe(-77)).isEqualTo("error number 77");
        assertThat(Errno.describe(-100_000)).isEqualTo("error number 100000");
        assertThat(Errno.EAGAIN.is(-11)).isTrue();
    }

    @Test
    void aFailedCallReturnsItsError() {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            assertThat(Errno.EBADF.is(libc.close(-1))).isTrue();
            assertThat(Errno.EAFNOSUPPORT.is(libc.socket(250, Linux.SOCK_RAW, 0)))
                    .isTrue();
            assertThat(Errno.EBADF.is(libc.recv(-1, arena.allocate(8), 0))).isTrue();
        }
    }
}
