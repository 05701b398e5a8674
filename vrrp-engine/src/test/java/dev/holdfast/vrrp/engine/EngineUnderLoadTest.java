package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many instances, and much that is no advertisement. */
@Timeout(120)
class EngineUnderLoadTest {
    private static final int INSTANCES = 50;
    private static final Duration TEN_MILLIS = Duration.ofMillis(10);

    private TestNet net;
    private VrrpEngine one;
    private VrrpEngine two;

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12);
        one = new VrrpEngine(new RecordingListener(), net.threads(11));
        two = new VrrpEngine(new RecordingListener(), net.threads(12));
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            one.close();
            two.close();
            net.close();
        }
    }

    private static List<InstanceSpec> many(int priority) {
        return IntStream.rangeClosed(1, INSTANCES)
                .mapToObj(i -> spec().name("VI_" + i)
                        .vrid(i)
                        .priority(priority)
                        .v3(TEN_MILLIS)
                        .addresses("10.78.0." + i)
                        // As with adverts each second; what a renewal allocates is small, and it is no packet.
                        .vipLifetime(Duration.ofSeconds(4))
                        .build())
                .toList();
    }

    private static long allocatedBy(int host) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().endsWith("h" + host)) {
                bytes += threads.getThreadAllocatedBytes(info.getThreadId());
            }
        }
        return bytes;
    }

    private static long sent(VrrpEngine engine) {
        return engine.status().join().stream()
                .mapToLong(InstanceStatus::advertsSent)
                .sum();
    }

    @Test
    void oneAdvertAfterAnotherAllocatesNothing() {
        one.apply(many(200)).join();
        await().until(() -> one.status().join().stream().allMatch(s -> s.state() == VrrpState.MASTER));
        two.apply(many(100)).join();
        // Until the compiler has seen the code often enough it boxes here and there; then there must be a calm second.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            long sent = sent(one);
            long sender = allocatedBy(11);
            long receiver = allocatedBy(12);
            // Nothing may be asked of the engines meanwhile: an answer is allocated on their loops.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            long bySender = allocatedBy(11) - sender;
            long byReceiver = allocatedBy(12) - receiver;
            long adverts = sent(one) - sent;
            return adverts > 10 * INSTANCES && bySender < 8 * adverts && byReceiver < 8 * adverts;
        });
        assertThat(two.status().join())
                .allSatisfy(status -> assertThat(status.rejected()).isEmpty());
    }

    @Test
    void garbageIsCountedAndTheRoleStays() {
        InstanceSpec master = spec().v3(Duration.ofMillis(100)).build();
        one.apply(List.of(master)).join();
        await().until(() -> one.status().join().getFirst().state() == VrrpState.MASTER);
        sendGarbage(2_000);
        await().untilAsserted(() -> {
            long counted = one.status().join().getFirst().rejected().values().stream()
                            .mapToLong(n -> n)
                            .sum()
                    + one.rejectedByInterface().join().get("eth0").values().stream()
                            .mapToLong(n -> n)
                            .sum();
            assertThat(counted).isEqualTo(2_000);
        });
        assertThat(one.status().join().getFirst())
                .returns(VrrpState.MASTER, InstanceStatus::state)
                .returns(0L, InstanceStatus::advertsReceived);
    }

    /** From host 12: half of it random, half of it adverts for the running virtual router with the wrong bytes in them. */
    private void sendGarbage(int datagrams) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        net.threads(12)
                .newThread(() -> {
                    try (Arena arena = Arena.ofConfined()) {
                        Libc libc = new Libc(arena);
                        int fd = libc.socket(Linux.AF_INET, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.IPPROTO_VRRP);
                        libc.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_TTL, AdvertisementCodec.HOP_LIMIT);
                        MemorySegment data = arena.allocate(256);
                        MemorySegment to = Layouts.sockaddrIn(
                                arena, IpAddress.parse("10.77.0.11").low());
                        Random random = new Random(1);
                        byte[] bytes = new byte[256];
                        for (int i = 0; i < datagrams; i++) {
                            random.nextBytes(bytes);
                            if (i % 2 == 0) {
                                bytes[0] = 0x31;
                                bytes[1] = 51;
                            }
                            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
                            int length = random.nextInt(bytes.length);
                            long sent = libc.sendto(fd, data, length, 0, to);
                            if (sent != length) {
                                throw new IllegalStateException("not sent: " + sent);
                            }
                        }
                        libc.close(fd);
                        done.complete(null);
                    } catch (RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                })
                .start();
        done.join();
    }
}
