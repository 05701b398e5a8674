package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.announce.ClaimListener;
import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The role comes and goes, and the host is as it was. */
@Timeout(60)
class RehearsalTest {
    private static final int HOST = 11;
    private static final int TAKE_OVERS = 20;

    /** In a line of /proc/net/dev. */
    private static final int SENT_PACKETS = 10;

    private static final long NOW = 1;

    private TestNet net;

    @BeforeAll
    static void needsRoot() {
        TestNet.assumePossible();
    }

    @BeforeEach
    void setUp() {
        net = new TestNet(HOST);
    }

    @AfterEach
    void tearDown() {
        net.close();
    }

    private int rehearse(Callable<Integer> rehearsal) throws Exception {
        CompletableFuture<Integer> came = new CompletableFuture<>();
        net.threads(HOST)
                .newThread(() -> {
                    try {
                        came.complete(rehearsal.call());
                    } catch (Throwable t) {
                        came.completeExceptionally(t);
                    }
                })
                .start();
        return came.get(30, TimeUnit.SECONDS);
    }

    /** How many packets have left by each link. */
    private Map<String, Long> sent() {
        return net.on(HOST, "cat /proc/net/dev")
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.strip().split("[:\\s]+"))
                .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[SENT_PACKETS])));
    }

    /** Not by ip(8), which complains of other namespaces that are just being removed. */
    private String addresses() {
        return net.on(HOST, "cat /proc/net/fib_trie /proc/net/if_inet6 /proc/net/arp");
    }

    private String sockets() {
        return net.on(HOST, "cat /proc/net/raw /proc/net/raw6 /proc/net/packet /proc/net/netlink");
    }

    @Test
    void takesOverEachTimeAndNobodyCanTell() throws Exception {
        Map<String, Long> sent = sent();
        String addresses = addresses();
        String sockets = sockets();
        assertThat(rehearse(() -> Rehearsal.run(TAKE_OVERS))).as("two families").isEqualTo(2 * TAKE_OVERS);
        assertThat(sent()).containsOnlyKeys("lo", "eth0").isEqualTo(sent);
        assertThat(addresses()).isEqualTo(addresses);
        assertThat(sockets()).as("what it left open").isEqualTo(sockets);
    }

    /** As the event loop plays it before each take-over. */
    @Test
    void theLastOneIsPlayedOnceAndGivesBackWhenThereIsTime() throws Exception {
        Map<String, Long> sent = sent();
        String addresses = addresses();
        String sockets = sockets();
        rehearse(() -> {
            DeadlineQueue deadlines = new DeadlineQueue(0);
            try (LastRehearsal last = new LastRehearsal(deadlines)) {
                for (IpFamily family : IpFamily.values()) {
                    assertThat(last.play(family, NOW)).isTrue();
                    assertThat(last.play(family, NOW)).as("of many at once").isFalse();
                }
                deadlines.expireDue(deadlines.earliest());
                assertThat(deadlines.earliest()).isEqualTo(Long.MAX_VALUE);
                assertThat(last.play(IpFamily.IPV4, NOW)).as("given back").isTrue();
            }
            assertThat(deadlines.earliest()).isEqualTo(Long.MAX_VALUE);
            return 0;
        });
        assertThat(sent()).isEqualTo(sent);
        assertThat(addresses()).isEqualTo(addresses);
        assertThat(sockets()).as("what it left open").isEqualTo(sockets);
    }

    /** For example for IPv6, on a host whose kernel was told to have none. */
    @Test
    void withoutSocketsItIsOverAtOnce() throws Exception {
        String before = sockets();
        assertThat(rehearse(() -> Rehearsal.run(TAKE_OVERS, _ -> new NoSockets())))
                .isZero();
        assertThat(sockets()).as("what it left open").isEqualTo(before);
    }

    private static final class NoSockets implements Sockets {
        @Override
        public RawSocket raw(IpFamily family, int ifindex) {
            throw new SystemCallException("a raw socket cannot be opened", -Errno.EMFILE.number());
        }

        @Override
        public ClaimListener claims(IpFamily family, int ifindex) {
            throw new SystemCallException("a packet socket cannot be opened", -Errno.EMFILE.number());
        }
    }
}
