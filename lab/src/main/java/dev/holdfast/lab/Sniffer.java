package dev.holdfast.lab;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What passes the switch: VRRP adverts and ARP, with the kernel's time stamps. It reads tcpdump's words and not our own
 * decoder, so that it is an independent witness for the code under test.
 */
public final class Sniffer implements AutoCloseable {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 6, 9, true)
            .toFormatter(Locale.ROOT);
    private static final String PREFIX = "^(\\S+ \\S+) ([0-9a-f:]{17}) > ([0-9a-f:]{17}), ethertype [^:]*: ";
    private static final Pattern ADVERT = Pattern.compile(
            PREFIX
                    + "(\\S+) > (\\S+): (?:ip-proto-112 |\\(.*\\) )?VRRPv([23]), Advertisement, .*?vrid (\\d+), prio (\\d+)(.*)$");
    private static final Pattern ARP_REQUEST =
            Pattern.compile(PREFIX + "Request who-has (\\S+) (?:\\(.*?\\) )?tell ([^ ,]+),.*$");
    private static final Pattern ARP_REPLY = Pattern.compile(PREFIX + "Reply (\\S+) is-at ([0-9a-f:]{17}),.*$");

    private final LabProcess tcpdump;
    private final List<Advert> adverts = new ArrayList<>();
    private final List<Arp> arps = new ArrayList<>();
    private int linesRead;

    Sniffer(LabProcess tcpdump) {
        this.tcpdump = tcpdump;
        tcpdump.awaitLine("listening on", Duration.ofSeconds(10));
    }

    /**
     * One VRRP advert.
     *
     * @param at when it passed the switch
     * @param sourceMac who sent the frame
     * @param source the IP source
     * @param destination the group, or the peer
     * @param version 2 or 3
     * @param virtualRouterId 1..255
     * @param priority 0..255
     */
    public record Advert(
            Instant at,
            String sourceMac,
            String source,
            String destination,
            int version,
            int virtualRouterId,
            int priority) {}

    /**
     * One ARP packet.
     *
     * @param at when it passed the switch
     * @param sourceMac who sent the frame
     * @param destinationMac to whom
     * @param reply whether it is the reply form
     * @param senderIp the address the sender claims
     * @param targetIp the address asked for; in the reply form the same as the sender's
     */
    public record Arp(
            Instant at, String sourceMac, String destinationMac, boolean reply, String senderIp, String targetIp) {
        /** Whether it announces instead of asking or answering: sent to all, about the sender itself. */
        public boolean isGratuitous() {
            return destinationMac.equals("ff:ff:ff:ff:ff:ff") && senderIp.equals(targetIp);
        }
    }

    /** All adverts so far, oldest first. */
    public List<Advert> adverts() {
        return advertsFrom(0);
    }

    /** All ARP packets so far, oldest first. */
    public List<Arp> arps() {
        return arpsFrom(0);
    }

    /** The adverts so far without the first ones, oldest first: for who asks again and again. */
    public synchronized List<Advert> advertsFrom(int skipped) {
        read();
        return List.copyOf(adverts.subList(Math.min(skipped, adverts.size()), adverts.size()));
    }

    /** The same for ARP packets. */
    public synchronized List<Arp> arpsFrom(int skipped) {
        read();
        return List.copyOf(arps.subList(Math.min(skipped, arps.size()), arps.size()));
    }

    private void read() {
        for (LabProcess.Line line : tcpdump.linesFrom(linesRead)) {
            linesRead++;
            advert(line.text())
                    .ifPresentOrElse(adverts::add, () -> arp(line.text()).ifPresent(arps::add));
        }
    }

    /** The last advert of this sender so far, other than those that resign. */
    public Optional<Advert> lastAdvertOf(Host host) {
        return adverts().stream()
                .filter(advert -> advert.source().equals(host.address()) && advert.priority() > 0)
                .reduce((earlier, later) -> later);
    }

    static Optional<Advert> advert(String line) {
        Matcher m = ADVERT.matcher(line);
        return m.matches()
                ? Optional.of(new Advert(
                        time(m.group(1)),
                        m.group(2),
                        m.group(4),
                        m.group(5),
                        Integer.parseInt(m.group(6)),
                        Integer.parseInt(m.group(7)),
                        Integer.parseInt(m.group(8))))
                : Optional.empty();
    }

    static Optional<Arp> arp(String line) {
        Matcher request = ARP_REQUEST.matcher(line);
        if (request.matches()) {
            return Optional.of(new Arp(
                    time(request.group(1)),
                    request.group(2),
                    request.group(3),
                    false,
                    request.group(5),
                    request.group(4)));
        }
        Matcher reply = ARP_REPLY.matcher(line);
        return reply.matches()
                ? Optional.of(new Arp(
                        time(reply.group(1)), reply.group(2), reply.group(3), true, reply.group(4), reply.group(4)))
                : Optional.empty();
    }

    private static Instant time(String text) {
        return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
