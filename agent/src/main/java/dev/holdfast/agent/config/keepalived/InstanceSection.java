package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.VirtualRoute;
import dev.holdfast.vrrp.engine.VirtualRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One {@code vrrp_instance}. */
final class InstanceSection {
    private static final List<String> KEYS = List.of(
            "interface",
            "virtual-router-id",
            "version",
            "priority",
            "advert-interval",
            "initial-state",
            "preempt",
            "preempt-delay",
            "promote-secondaries",
            "notify-priority-changes");

    private final Findings findings;
    private final Values values;
    private final String name;
    private final Position at;
    private final Map<String, Item> settings = new HashMap<>();
    private final AddressSection addresses;
    private final AddressSection excluded;
    private final RoutingSection routes;
    private final RoutingSection rules;
    private final TransportLines transport;
    private final ConductLines conduct;
    private final Tracks tracks;
    private final Hooks hooks;
    private final Announcing announcing;
    private final Map<Position, String> omissions = new TreeMap<>();
    private @Nullable Duration advertInterval;
    private @Nullable Source advertSource;
    private @Nullable Source authentication;
    private Optional<String> authType = Optional.empty();
    private @Nullable Item password;
    private @Nullable HmacSection hmac;
    private final VirtualMacSection virtualMac;

    /** @param vmacPrefix what the names of virtual MACs start with, if it is not the usual */
    InstanceSection(Findings findings, Values values, String name, Statement section, Optional<String> vmacPrefix) {
        this.findings = findings;
        this.virtualMac = new VirtualMacSection(findings, vmacPrefix);
        this.values = values;
        this.name = name;
        this.at = section.at();
        this.addresses = new AddressSection(findings, values);
        this.excluded = new AddressSection(findings, values);
        this.routes = new RoutingSection(findings, values, "route", VirtualRoute::parse);
        this.rules = new RoutingSection(findings, values, "rule", VirtualRule::parse);
        this.transport = new TransportLines(findings, values);
        this.conduct = ConductLines.ofInstance(findings, values);
        this.tracks = new Tracks(findings, values);
        this.hooks = new Hooks(findings, values);
        this.announcing = new Announcing(findings, values);
        for (Statement statement : Optional.ofNullable(section.block()).orElse(List.of())) {
            read(statement);
        }
    }

    private String label() {
        return "vrrp_instance " + name;
    }

    private void read(Statement statement) {
        String keyword = statement.keyword();
        String label = label() + ": " + keyword;
        Source source = new Source(statement.at(), label);
        if (hooks.read(statement, label)
                || tracks.read(statement, label)
                || transport.read(statement, label)
                || conduct.read(statement, label)) {
            return;
        }
        switch (keyword) {
            case "interface" -> set("interface", values.string(statement, label));
            case "virtual_router_id" -> set("virtual-router-id", values.number(statement, label));
            case "priority" -> set("priority", values.number(statement, label));
            case "version" -> set("version", values.number(statement, label));
            case "state" ->
                set(
                        "initial-state",
                        values.word(statement, label)
                                .map(state -> new Item(HoconWriter.string(state.toLowerCase(Locale.ROOT)), source)));
            case "advert_int" ->
                values.seconds(statement, label).ifPresent(interval -> {
                    repeated(advertInterval != null, source);
                    advertInterval = interval;
                    advertSource = source;
                });
            case "nopreempt" -> set("preempt", flag(statement, label, "false", source));
            case "preempt" -> set("preempt", flag(statement, label, "true", source));
            case "preempt_delay" ->
                set("preempt-delay", values.seconds(statement, label).map(time -> Values.time(time, source)));
            case "virtual_ipaddress" -> addresses.read(values.block(statement, label), label);
            case "virtual_ipaddress_excluded" -> excluded.read(values.block(statement, label), label);
            case "virtual_routes" -> routes.read(values.block(statement, label), label);
            case "virtual_rules" -> rules.read(values.block(statement, label), label);
            case "promote_secondaries" -> set("promote-secondaries", flag(statement, label, "true", source));
            case "notify_priority_changes" -> set("notify-priority-changes", values.flag(statement, label));
            case "authentication" -> authentication(statement, label, source);
            case "use_vmac" -> virtualMac.use(statement, source);
            case "vmac_xmit_base" -> virtualMac.transmitFromBase(source);
            case "auth_hmac" -> {
                repeated(hmac != null, source);
                values.block(statement, label);
                hmac = new HmacSection(findings, values, statement, source);
            }
            default -> {
                if (Keywords.find(Block.VRRP_INSTANCE, keyword).isEmpty()
                        || !announcing.read(keyword, statement, label)) {
                    leaveOut(statement.at(), label, keyword);
                }
            }
        }
    }

    private void leaveOut(Position at, String label, String keyword) {
        findings.notCarried(at, label, Keywords.explain(Block.VRRP_INSTANCE, keyword));
        omissions.put(at, keyword);
    }

    private Optional<Item> flag(Statement statement, String label, String value, Source source) {
        if (values.hasBlock(statement, label)) {
            return Optional.empty();
        }
        if (!statement.arguments().isEmpty()) {
            findings.notCarried(statement.at(), label, "takes no value; what follows is left out");
        }
        return Optional.of(new Item(value, source));
    }

    private void set(String key, Optional<Item> item) {
        item.ifPresent(found -> repeated(settings.put(key, found) != null, found.source()));
    }

    private void repeated(boolean before, Source source) {
        if (before) {
            findings.warn(WarningReason.REPEATED, source.position(), source.label(), "is there twice; this one counts");
        }
    }

    private void authentication(Statement statement, String label, Source source) {
        repeated(authentication != null, source);
        authentication = source;
        for (Statement entry : values.block(statement, label)) {
            String inner = label + ": " + entry.keyword();
            switch (entry.keyword()) {
                case "auth_type" -> {
                    repeated(authType.isPresent(), new Source(entry.at(), inner));
                    authType = values.word(entry, inner);
                }
                case "auth_pass" ->
                    values.verbatim(entry, inner).ifPresent(text -> {
                        Source at = new Source(entry.at(), inner);
                        repeated(password != null, at);
                        password = new Item(HoconWriter.quote(text), at);
                    });
                default -> {
                    // Here a word in the wrong place may well be the password.
                    String shown = Keywords.isKnown(entry.keyword()) ? entry.keyword() : Fault.HIDDEN;
                    findings.notCarried(
                            entry.at(), label + ": " + shown, Keywords.explain(Block.AUTHENTICATION, shown));
                    omissions.put(entry.at(), shown);
                }
            }
        }
    }

    /** Whether trackers can change its priority. */
    boolean isTracking() {
        return !tracks.isEmpty();
    }

    /**
     * Writes the instance.
     *
     * @param generalVersion the version of an instance that names none
     * @param generalConduct how instances deal with others that do not say otherwise
     * @param reversed which scripts count the other way round for all
     * @param garpGroups intervals between announcements, by interface
     */
    void write(
            HoconWriter writer,
            String generalVersion,
            ConductLines generalConduct,
            Predicate<String> reversed,
            List<GarpGroup> garpGroups) {
        boolean ipv6 = addresses.isIpv6();
        Item ownVersion = settings.get("version");
        boolean three = ownVersion == null
                ? ipv6 || generalVersion.equals("3")
                : ownVersion.rendered().equals("3");
        interval(three);
        if (hmac != null && !hmac.isComplete()) {
            hmac = null;
        }
        boolean strict = conduct.isStrict(generalConduct);
        if (strict) {
            obeyStrict(generalConduct);
        }
        boolean authenticated = !strict && authenticated(three);

        writer.comment(label() + ", " + findings.where(at));
        findings.comment(writer, omissions);
        writer.open(name, new Source(at, label()));
        for (String key : KEYS) {
            Item item = settings.get(key);
            if (item != null) {
                writer.put(key, item);
            }
        }
        Item own = settings.get("interface");
        String device = own == null ? null : own.rendered();
        if (!addresses.isEmpty() || !excluded.isEmpty()) {
            writer.putList("addresses", addresses.items(device));
        }
        if (!excluded.isEmpty()) {
            writer.putList("excluded-addresses", excluded.items(device));
        }
        if (!routes.items().isEmpty()) {
            writer.putList("routes", routes.items());
        }
        if (!rules.items().isEmpty()) {
            writer.putList("rules", rules.items());
        }
        conduct.write(writer);
        transport.write(writer);
        Item router = settings.get("virtual-router-id");
        virtualMac.write(writer, router == null ? "" : router.rendered(), ipv6);
        if (hmac != null) {
            hmac.write(writer);
        } else if (authenticated && authentication != null) {
            writer.open("authentication", authentication);
            writer.put("type", new Item("pass", authentication));
            if (password != null) {
                writer.put("password", password);
            }
            writer.close();
        }
        if (own != null) {
            garpGroups.forEach(group -> group.applyTo(own.rendered().replace("\"", ""), announcing));
        }
        announcing.write(writer);
        if (device != null) {
            tracks.leaveOut(device);
        }
        tracks.write(writer, reversed);
        hooks.write(writer);
        writer.close();
    }

    /** Rounds the interval as keepalived does: to whole seconds in version 2, to hundredths in version 3. */
    private void interval(boolean three) {
        if (advertInterval == null || advertSource == null) {
            return;
        }
        long step = three ? 10_000_000L : 1_000_000_000L;
        long nanos = advertInterval.toNanos();
        long rounded = nanos == 0 ? 0 : Math.max(1, (nanos + step / 2) / step) * step;
        if (rounded != nanos) {
            findings.warn(
                    WarningReason.ROUNDED,
                    advertSource.position(),
                    advertSource.label(),
                    "VRRPv" + (three ? "3 has hundredths of seconds" : "2 has whole seconds") + "; rounded to "
                            + Values.time(Duration.ofNanos(rounded), advertSource)
                                    .rendered());
        }
        settings.put("advert-interval", Values.time(Duration.ofNanos(rounded), advertSource));
    }

    /** Takes back what keepalived does not allow in strict mode either. */
    private void obeyStrict(ConductLines generalConduct) {
        conduct.obeyStrict(generalConduct, new Source(at, label()));
        if (authentication != null && hmac == null) {
            findings.notCarried(
                    authentication.position(),
                    authentication.label(),
                    "strict mode has no authentication, and keepalived ignores it too");
        }
        Item delay = settings.remove("preempt-delay");
        if (delay != null) {
            findings.notCarried(
                    delay.source().position(),
                    delay.source().label(),
                    "strict mode has no preemption delay, and keepalived resets it too");
        }
        Item state = settings.get("initial-state");
        Item priority = settings.get("priority");
        if (state != null
                && state.rendered().equals("master")
                && (priority == null || !priority.rendered().equals("255"))) {
            findings.notCarried(
                    state.source().position(),
                    state.source().label(),
                    "in strict mode only the owner (priority 255) starts as MASTER, in keepalived too");
            settings.put("initial-state", new Item("backup", state.source()));
        }
    }

    private boolean authenticated(boolean three) {
        if (authentication == null) {
            return false;
        }
        if (hmac != null) {
            findings.notCarried(
                    authentication.position(), authentication.label(), "auth_hmac takes its place, as in keepalived");
            return false;
        }
        String type = authType.orElse("none");
        if (!type.equals("PASS")) {
            findings.notCarried(
                    authentication.position(),
                    authentication.label(),
                    "only auth_type PASS has a counterpart; adverts are not authenticated");
            return false;
        }
        if (three) {
            findings.notCarried(
                    authentication.position(),
                    authentication.label(),
                    "VRRPv3 has no authentication, and keepalived ignores it too");
            return false;
        }
        return true;
    }
}
