package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.ReceiveChecks;
import dev.holdfast.vrrp.engine.Rivals;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpFamily;
import java.time.Duration;
import java.util.List;

/** Reads how an instance deals with others: what it answers and checks, and whether it keeps strictly to the standard. */
final class ConductReader {
    private static final String STRICT = ", for strict is on";

    private final Report report;
    private boolean strict;
    private boolean skipCheckAdvAddr;
    private boolean lowerPrioNoAdvert = Rivals.USUAL.lowerPriorityNoAdvert();
    private boolean higherPrioSendAdvert = Rivals.USUAL.higherPrioritySendAdvert();
    private boolean higherPrioSendAdvertSaid;

    /**
     * An instance's conduct.
     *
     * @param rivals how it answers other MASTERs
     * @param checks what it checks of adverts
     */
    record Conduct(Rivals rivals, ReceiveChecks checks) {}

    ConductReader(Report report) {
        this.report = report;
    }

    /** Reads what holds for instances that do not say otherwise. */
    void general(Section vrrp) {
        strict = vrrp.bool("strict", false);
        skipCheckAdvAddr = vrrp.bool("skip-check-adv-addr", false);
        lowerPrioNoAdvert = vrrp.bool("lower-prio-no-advert", lowerPrioNoAdvert);
        higherPrioSendAdvertSaid = vrrp.has("higher-prio-send-advert");
        higherPrioSendAdvert = vrrp.bool("higher-prio-send-advert", higherPrioSendAdvert);
    }

    /** Reads an instance's. */
    Conduct read(Section section) {
        boolean ownStrict = section.bool("strict", strict);
        boolean skip = section.bool("skip-check-adv-addr", skipCheckAdvAddr);
        boolean silent = section.bool("lower-prio-no-advert", lowerPrioNoAdvert);
        // The standards know no last advert; who asks for it expressly contradicts himself.
        boolean fallback = higherPrioSendAdvert && (!ownStrict || higherPrioSendAdvertSaid);
        boolean last = section.bool("higher-prio-send-advert", fallback);
        if (ownStrict && last) {
            fault(section, "higher-prio-send-advert", "true", "false");
        }
        return new Conduct(new Rivals(silent, last), new ReceiveChecks(ownStrict, skip));
    }

    /** Names what strict forbids of an instance's other keys, as keepalived's {@code vrrp_strict} does. */
    void checkStrict(
            Section section,
            List<VipAddress> addresses,
            int priority,
            VrrpState initialState,
            Duration preemptDelay,
            Transport transport,
            Authentication authentication) {
        if (addresses.isEmpty()) {
            fault(section, "addresses", "[]", "at least one address");
        } else if (addresses.getFirst().address().family() == IpFamily.IPV6
                && !addresses.getFirst().address().isLinkLocal()) {
            fault(section, "addresses", addresses.getFirst().toString(), "a link-local address as the first one");
        }
        if (initialState == VrrpState.MASTER && priority != RouterSettings.OWNER_PRIORITY) {
            fault(section, "initial-state", "master", "backup, or priority = 255");
        }
        if (!preemptDelay.isZero()) {
            fault(section, "preempt-delay", "", "0s");
        }
        if (transport instanceof Transport.Unicast) {
            fault(section, "unicast", "{...}", "multicast");
        }
        if (authentication instanceof Authentication.Pass) {
            fault(section, "authentication", "{...}", "no password");
        }
    }

    private void fault(Section section, String key, String value, String accepted) {
        report.fault(FaultReason.CONFLICT, section.path(key), value, accepted + STRICT);
    }
}
