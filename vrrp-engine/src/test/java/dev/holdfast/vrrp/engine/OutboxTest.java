package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.raw.AdvertFrames;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is posted, over the loopback of a host of its own. */
@Timeout(60)
class OutboxTest {
    private static final int LOOPBACK = 1;
    private static final int NOWHERE = Integer.MAX_VALUE;

    private interface Play {
        void on(Stage stage) throws Exception;
    }

    @BeforeAll
    static void needsNamespaces() {
        TestNet.assumePossible();
    }

    private static void play(IpFamily family, Play play) throws Exception {
        try (TestNet net = new TestNet(1)) {
            net.on(1, "sysctl -qw net.ipv6.conf.lo.disable_ipv6=0");
            net.inside(1, () -> {
                try (Stage stage = new Stage(family)) {
                    play.on(stage);
                }
                return true;
            });
        }
    }

    /** An outbox, a socket that sends and one that hears. */
    private static final class Stage implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final Libc libc = new Libc(arena);
        private final IpFamily family;
        private final IpAddress home;
        final Outbox outbox = new Outbox(libc, arena);
        final RawSocket sender;
        final RawSocket other;
        final RawSocket hearer;
        final List<String> failures = new ArrayList<>();

        Stage(IpFamily family) {
            this.family = family;
            this.home = IpAddress.parse(family == IpFamily.IPV4 ? "127.0.0.1" : "::1");
            this.hearer = RawSocket.open(libc, family, LOOPBACK);
            this.sender = RawSocket.openToSend(libc, family, LOOPBACK);
            this.other = RawSocket.openToSend(libc, family, LOOPBACK);
        }

        AdvertFrames advert(int vrid) {
            return advert(vrid, LOOPBACK);
        }

        AdvertFrames advert(int vrid, int ifindex) {
            InstanceSpec spec = InstanceSpec.builder("VI_" + vrid, "lo", vrid)
                    .version(VrrpVersion.V3)
                    .family(family)
                    .advertInterval(Duration.ofSeconds(1))
                    .addresses(List.of(VipAddress.parse(family == IpFamily.IPV4 ? "192.0.2.1/32" : "2001:db8::1/128")))
                    .build();
            AdvertFrames.Way way = new AdvertFrames.Way(home, List.of(home), ifindex, 255);
            return new AdvertFrames(
                    AdvertSender.advertisement(spec, 100),
                    way,
                    null,
                    failure -> failures.add(spec.name() + " " + Errno.describe(failure)));
        }

        void post(AdvertFrames frames) {
            frames.post(outbox, sender);
        }

        /** The virtual router ids of what has come, in order. */
        List<Integer> heard() {
            List<Integer> heard = new ArrayList<>();
            while (hearer.receive() >= 0) {
                assertThat(hearer.readHeader()).isNull();
                heard.add(AdvertisementReader.peekVirtualRouterId(hearer.datagram()));
            }
            return heard;
        }

        @Override
        public void close() {
            sender.close();
            other.close();
            hearer.close();
            arena.close();
        }
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void whatIsPostedLeavesWithTheFlush(IpFamily family) throws Exception {
        play(family, stage -> {
            for (int vrid = 1; vrid <= 5; vrid++) {
                stage.post(stage.advert(vrid));
            }
            assertThat(stage.heard()).isEmpty();
            stage.outbox.flush();
            assertThat(stage.heard()).containsExactly(1, 2, 3, 4, 5);
            stage.outbox.flush();
            assertThat(stage.heard()).isEmpty();
            assertThat(stage.failures).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void oneThatFailsIsToldToItsSenderAndDoesNotKeepTheOthers(IpFamily family) throws Exception {
        play(family, stage -> {
            for (int vrid = 1; vrid <= 6; vrid++) {
                stage.post(stage.advert(vrid, vrid == 1 || vrid == 4 || vrid == 5 ? NOWHERE : LOOPBACK));
            }
            stage.outbox.flush();
            assertThat(stage.heard()).containsExactly(2, 3, 6);
            String why = family == IpFamily.IPV4 ? " ENODEV, no such device" : " EINVAL, invalid argument";
            assertThat(stage.failures).containsExactly("VI_1" + why, "VI_4" + why, "VI_5" + why);
        });
    }

    @Test
    void theSocketsOfOneOutboxDoNotMix() throws Exception {
        play(IpFamily.IPV4, stage -> {
            stage.advert(1).post(stage.outbox, stage.sender);
            stage.advert(2).post(stage.outbox, stage.other);
            assertThat(stage.heard()).containsExactly(1);
            stage.advert(3).post(stage.outbox, stage.sender);
            stage.outbox.flush();
            assertThat(stage.heard()).containsExactly(2, 3);
            assertThat(stage.failures).isEmpty();
        });
    }

    /** Groups that come again and again, and now and then other members, another order, more than the outbox has room for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverGroupsComeAllOfItLeavesInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        play(IpFamily.IPV4, stage -> {
            List<AdvertFrames> frames = new ArrayList<>();
            List<Integer> order = new ArrayList<>();
            for (int vrid = 1; vrid <= 255; vrid++) {
                frames.add(stage.advert(vrid));
                order.add(vrid);
            }
            for (int round = 0; round < 40; round++) {
                int group = random.nextInt(1, 60);
                switch (random.nextInt(4)) {
                    case 0 -> Collections.shuffle(order, random);
                    case 1 -> {
                        int changed = random.nextInt(255);
                        frames.set(changed, stage.advert(changed + 1)).close();
                    }
                    default -> {}
                }
                int times = random.nextInt(1, 4);
                List<Integer> posted = new ArrayList<>();
                for (int i = 0; i < times * order.size(); i++) {
                    int vrid = order.get(i % order.size());
                    stage.post(frames.get(vrid - 1));
                    posted.add(vrid);
                    if (i % group == group - 1 && round % 5 != 0) {
                        stage.outbox.flush();
                    }
                }
                stage.outbox.flush();
                assertThat(stage.heard()).as("round %s", round).isEqualTo(posted);
            }
            assertThat(stage.failures).isEmpty();
        });
    }
}
