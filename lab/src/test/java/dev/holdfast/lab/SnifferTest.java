package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Lines as tcpdump 4.99 prints them. */
class SnifferTest {
    @Test
    void readsAnAdvert() {
        assertThat(Sniffer.advert("2026-11-20 21:52:14.143950 6a:00:00:00:00:01 > 01:00:5e:00:00:12, ethertype IPv4"
                        + " (0x0800), length 54: 10.77.0.11 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 100,"
                        + " authtype simple, intvl 1s, length 20"))
                .contains(new Sniffer.Advert(
                        Instant.parse("2026-11-20T21:52:14.143950Z"),
                        "6a:00:00:00:00:01",
                        "10.77.0.11",
                        "224.0.0.18",
                        2,
                        51,
                        100));
    }

    @Test
    void readsTimesToTheNanosecond() {
        assertThat(Sniffer.arp("2026-11-20 21:52:14.143950123 6a:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP"
                        + " (0x0806), length 42: Reply 10.77.0.100 is-at 6a:00:00:00:00:01, length 28"))
                .hasValueSatisfying(
                        arp -> assertThat(arp.at()).isEqualTo(Instant.parse("2026-11-20T21:52:14.143950123Z")));
    }

    @Test
    void readsBothFormsOfGratuitousArp() {
        String start = "2026-11-20 21:52:14.143950 6a:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806),"
                + " length 42: ";
        assertThat(Sniffer.arp(start + "Request who-has 10.77.0.100 (ff:ff:ff:ff:ff:ff) tell 10.77.0.100, length 28"))
                .hasValueSatisfying(
                        arp -> assertThat(arp.isGratuitous() && !arp.reply()).isTrue());
        assertThat(Sniffer.arp(start + "Reply 10.77.0.100 is-at 6a:00:00:00:00:01, length 28"))
                .hasValueSatisfying(
                        arp -> assertThat(arp.isGratuitous() && arp.reply()).isTrue());
        assertThat(Sniffer.arp(start + "Request who-has 10.77.0.100 tell 10.77.0.11, length 28"))
                .hasValueSatisfying(arp -> assertThat(arp.isGratuitous()).isFalse());
    }

    @Test
    void ignoresEverythingElse() {
        assertThat(Sniffer.advert("tcpdump: listening on br0, link-type EN10MB (Ethernet)"))
                .isEmpty();
        assertThat(Sniffer.arp("")).isEmpty();
    }
}
