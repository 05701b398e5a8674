package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code use_vmac} and {@code vmac_xmit_base} of one instance. */
final class VirtualMacSection {
    private static final String KEY = "virtual-mac";
    private static final int MAX_NAME = 15;

    private final Findings findings;
    private final Optional<String> prefix;
    private @Nullable Source used;
    private @Nullable Source base;
    private Optional<String> name = Optional.empty();
    private Optional<String> address = Optional.empty();

    /** @param prefix what the names of virtual MACs start with, if it is not the usual */
    VirtualMacSection(Findings findings, Optional<String> prefix) {
        this.findings = findings;
        this.prefix = prefix;
    }

    /** {@code use_vmac [[name] NAME] [MAC] [netlink_notify_msg] [group GROUP]}. */
    void use(Statement statement, Source source) {
        repeated(used, source);
        used = source;
        List<Word> words = new ArrayList<>(statement.arguments());
        while (!words.isEmpty()) {
            String word = words.removeFirst().text();
            if (word.equals("netlink_notify_msg")) {
                findings.notCarried(source.position(), source.label(), "the option " + word + " is not needed");
            } else if (word.equals("group") && !words.isEmpty()) {
                findings.notCarried(
                        source.position(),
                        source.label(),
                        "the option group " + words.removeFirst().text() + " has no counterpart here");
            } else if (word.indexOf(':') >= 0) {
                address = Optional.of(word);
            } else {
                boolean named = word.equals("name") && !words.isEmpty();
                name = Optional.of(named ? words.removeFirst().text() : word);
            }
        }
    }

    /** {@code vmac_xmit_base}. */
    void transmitFromBase(Source source) {
        repeated(base, source);
        base = source;
    }

    private void repeated(@Nullable Source before, Source source) {
        if (before != null) {
            findings.warn(WarningReason.REPEATED, source.position(), source.label(), "is there twice; this one counts");
        }
    }

    /**
     * Writes it, if there is one.
     *
     * @param virtualRouterId as it stands in the file
     * @param ipv6 whether the instance is one over IPv6
     */
    void write(HoconWriter writer, String virtualRouterId, boolean ipv6) {
        Source source = used;
        if (source == null) {
            if (base != null) {
                findings.notCarried(base.position(), base.label(), "means nothing without use_vmac");
            }
            return;
        }
        Optional<String> link = name.or(() -> prefix.map(start -> prefixed(start, virtualRouterId, ipv6)));
        if (link.isEmpty() && address.isEmpty() && base == null) {
            writer.put(KEY, new Item("true", source));
            return;
        }
        writer.open(KEY, source);
        link.ifPresent(text -> writer.put("name", new Item(HoconWriter.string(text), source)));
        address.ifPresent(text ->
                writer.put("address", new Item(HoconWriter.quote(full(text, virtualRouterId)), source)));
        if (base != null) {
            writer.put("transmit", new Item("base", base));
        }
        writer.close();
    }

    /** Cut at the end of the prefix, as in keepalived. */
    private static String prefixed(String prefix, String virtualRouterId, boolean ipv6) {
        String end = (ipv6 ? "6." : ".") + virtualRouterId;
        return prefix.substring(0, Math.max(0, Math.min(prefix.length(), MAX_NAME - end.length()))) + end;
    }

    /** Bytes of one digit are allowed; of five bytes the virtual router id makes six. */
    private static String full(String address, String virtualRouterId) {
        List<String> bytes = new ArrayList<>();
        for (String digits : address.split(":", 0)) {
            bytes.add(digits.length() == 1 ? "0" + digits : digits);
        }
        if (bytes.size() == 5 && virtualRouterId.matches("\\d{1,3}")) {
            bytes.add(String.format("%02x", Integer.parseInt(virtualRouterId)));
        }
        return String.join(":", bytes);
    }
}
