package dev.holdfast.lab.bench;

import dev.holdfast.lab.Await;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Sniffer;
import dev.holdfast.lab.Sniffer.Advert;
import dev.holdfast.lab.Sniffer.Arp;
import dev.holdfast.vrrp.fsm.TimerMath;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Take-overs after a silent cut of the MASTER's cable, timed by the kernel's time stamps at the switch's end of the
 * successor's cable: the last advert that went out to the successor, and the first advert and ARP that came from it. A
 * frame that the cut swallowed is in no such record, so it cannot make a take-over look early.
 */
final class SilentCut {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int QUIET_ADVERTS = 6;

    private final Host master;
    private final Host successor;
    private final String successorMac;
    private final Sniffer sniffer;
    private final Duration interval;
    private final Duration masterDown;
    private final Random phases = new Random(1);

    SilentCut(Pair pair, int intervalMillis) {
        master = pair.high();
        successor = pair.low();
        successorMac = successor.mac();
        interval = Duration.ofMillis(intervalMillis);
        masterDown = Duration.ofNanos(TimerMath.masterDownNanos(VrrpVersion.V3, Pair.LOW, interval.toNanos()));
        sniffer = pair.lab().sniff(successor);
    }

    /**
     * One take-over.
     *
     * @param advertMillis from Master_Down's end to the successor's first advert
     * @param arpMillis from Master_Down's end to the successor's first announcement of the address
     */
    record Trial(double advertMillis, double arpMillis) {
        /** Whether the successor did not wait as long as it must: it was too busy to hear the MASTER. */
        boolean tooEarly() {
            return advertMillis < 0;
        }
    }

    /** Waits until the MASTER has been the only one to speak for a while. */
    void awaitQuiet() {
        int from = sniffer.adverts().size();
        Await.until(master + " alone to send adverts", LIMIT, () -> {
            List<Advert> heard = sniffer.advertsFrom(from);
            return heard.size() >= QUIET_ADVERTS
                    && heard.subList(heard.size() - QUIET_ADVERTS, heard.size()).stream()
                            .allMatch(advert -> advert.source().equals(master.address()));
        });
    }

    /** Cuts, waits for the take-over, mends and waits until the MASTER is back. */
    Trial run() {
        awaitQuiet();
        Pair.pass(Duration.ofNanos(phases.nextLong(interval.toNanos())));
        int adverts = sniffer.adverts().size();
        int arps = sniffer.arps().size();
        master.link().cut();
        Advert first = Await.value(
                successor + " to send an advert",
                LIMIT,
                () -> sniffer.advertsFrom(adverts).stream()
                        .filter(advert -> advert.source().equals(successor.address()) && advert.priority() > 0)
                        .findFirst()
                        .orElse(null));
        Arp announced = Await.value(
                successor + " to announce the address",
                LIMIT,
                () -> sniffer.arpsFrom(arps).stream()
                        .filter(arp -> arp.sourceMac().equals(successorMac)
                                && arp.isGratuitous()
                                && arp.senderIp().equals(RouterConfig.VIP))
                        .findFirst()
                        .orElse(null));
        Instant due = sniffer.advertsFrom(Math.max(0, adverts - QUIET_ADVERTS)).stream()
                .filter(advert ->
                        advert.source().equals(master.address()) && advert.at().isBefore(first.at()))
                .reduce((_, later) -> later)
                .orElseThrow()
                .at()
                .plus(masterDown);
        master.link().mend();
        return new Trial(millis(due, first.at()), millis(due, announced.at()));
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
