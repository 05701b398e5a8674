package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A virtual router on a host of its own, by any of the programs: it starts, ends in an orderly way, dies with its host and
 * comes back.
 */
abstract sealed class Peer {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** What runs it. */
    enum Program {
        HOLDFAST,
        KEEPALIVED,
        /** keepalived with {@code use_vmac}: a card of its own with the virtual MAC. */
        KEEPALIVED_VMAC,
        FRR
    }

    final Host host;
    final Router router;

    private Peer(Host host, Router router) {
        this.host = host;
        this.router = router;
    }

    static Peer of(Program program, Host host, Router router) {
        return switch (program) {
            case HOLDFAST -> new HoldfastPeer(host, router);
            case KEEPALIVED -> new KeepalivedPeer(host, router, false);
            case KEEPALIVED_VMAC -> new KeepalivedPeer(host, router, true);
            case FRR -> new FrrPeer(host, router);
        };
    }

    Host host() {
        return host;
    }

    /** Starts it, or starts it again after any end. */
    abstract void start();

    /** Ends it as an administrator would. */
    abstract void stop();

    /** Kills it, and leaves of its host what a power failure would: nobody answers for its addresses any more. */
    abstract void crash();

    /** The MAC address that clients find its virtual address at. */
    abstract String mac();

    /** Fails if it has refused an advert of the others since its start, or seen its address elsewhere. */
    abstract void assertNoComplaint();

    /** Waits until it is a backup that has heard its master. */
    abstract void awaitBackup();

    private static final class HoldfastPeer extends Peer {
        private @Nullable AgentProcess agent;

        HoldfastPeer(Host host, Router router) {
            super(host, router);
        }

        private AgentProcess agent() {
            return Objects.requireNonNull(agent, "not started");
        }

        @Override
        void start() {
            if (agent == null) {
                agent = AgentProcess.start(host, router.holdfast(host));
            } else {
                agent.restart();
            }
        }

        @Override
        void stop() {
            assertThat(agent().terminate()).isZero();
        }

        /** Its host need not fail with it: the kernel removes the addresses of a killed agent. */
        @Override
        void crash() {
            agent().process().kill();
        }

        @Override
        String mac() {
            return host.mac();
        }

        @Override
        void assertNoComplaint() {
            assertThat(agent().metric("holdfast_vrrp_rejected_total")
                            + agent().metric("holdfast_vrrp_stray_rejected_total"))
                    .as("adverts that %s refused: %s", host, agent().status())
                    .isZero();
            assertThat(agent().metric("holdfast_vrrp_vip_conflicts_total"))
                    .as("conflicts that %s saw: %s", host, agent().log())
                    .isZero();
        }

        @Override
        void awaitBackup() {
            agent().awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);
            Await.until(
                    host + " to take adverts", SOON, () -> agent().metric("holdfast_vrrp_adverts_received_total") > 0);
        }
    }

    private static final class KeepalivedPeer extends Peer {
        private static final String VMAC_CARD = "vrrp" + Router.ID;

        private final boolean vmac;
        private @Nullable Keepalived keepalived;

        KeepalivedPeer(Host host, Router router, boolean vmac) {
            super(host, router);
            this.vmac = vmac;
        }

        private Keepalived keepalived() {
            return Objects.requireNonNull(keepalived, "not started");
        }

        @Override
        void start() {
            host.link().mend();
            keepalived = Keepalived.start(host, router.keepalived(host, options()));
        }

        private String options() {
            if (vmac) {
                return "use_vmac " + VMAC_CARD;
            }
            // Told nothing, it leaves the hop limit to the kernel, which takes 64: from the next room for all we know.
            return router.mode() == Router.Mode.V3_IPV6_UNICAST ? "unicast_ttl 255" : "";
        }

        @Override
        void stop() {
            keepalived().stop();
        }

        @Override
        void crash() {
            keepalived().close();
            host.link().cut();
            // It leaves behind what it had: the address, or the card with the address.
            if (vmac) {
                host.exec("ip", "link", "del", VMAC_CARD);
            } else if (host.holds(router.mode().vip())) {
                host.exec("ip", "addr", "del", router.mode().cidr(), "dev", host.interfaceName());
            }
        }

        @Override
        String mac() {
            return vmac ? router.frr().mac() : host.mac();
        }

        @Override
        void assertNoComplaint() {
            assertThat(keepalived().process().log())
                    .doesNotContain(
                            "(VI_1) Invalid", "invalid TTL", "wrong version", "expect", "mismatch", "not in range");
        }

        @Override
        void awaitBackup() {
            // That it heard nobody would have made it MASTER.
            Await.until(
                    "keepalived of " + host + " to be BACKUP",
                    SOON,
                    () -> lastState().filter(line -> line.contains("BACKUP")).isPresent());
        }

        private Optional<String> lastState() {
            return keepalived()
                    .process()
                    .log()
                    .lines()
                    .filter(line -> line.contains("(VI_1) Entering "))
                    .reduce((earlier, later) -> later);
        }
    }

    private static final class FrrPeer extends Peer {
        private @Nullable Frr frr;

        FrrPeer(Host host, Router router) {
            super(host, router);
        }

        private Frr frr() {
            return Objects.requireNonNull(frr, "not started");
        }

        @Override
        void start() {
            // The virtual card is new each time, as after a power failure.
            host.link().mend();
            frr = Frr.start(host, router.frr());
        }

        @Override
        void stop() {
            frr().stop();
        }

        @Override
        void crash() {
            frr().kill();
            host.link().cut();
            host.exec("ip", "link", "del", "vrrp" + Router.ID);
        }

        @Override
        String mac() {
            return router.frr().mac();
        }

        /** It has none to make: a Backup that refuses adverts becomes Master, and that is one holder too many. */
        @Override
        void assertNoComplaint() {}

        @Override
        void awaitBackup() {
            frr().awaitState("Backup", SOON);
            Await.until("FRR of " + host + " to take adverts", SOON, () -> frr().advertsReceived() > 0);
        }
    }

    @Override
    public String toString() {
        return host.toString();
    }
}
