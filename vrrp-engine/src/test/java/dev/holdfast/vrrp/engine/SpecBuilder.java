package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A spec whose values tests change one by one: VRID 51, priority 100, version 2, one second, 10.77.0.100/24 on eth0. */
final class SpecBuilder {
    String name = "VI_1";
    String interfaceName = "eth0";
    int virtualRouterId = 51;
    VrrpVersion version = VrrpVersion.V2;
    IpFamily family = IpFamily.IPV4;
    int priority = 100;
    Duration advertInterval = Duration.ofSeconds(1);
    boolean preempt = true;
    List<VipAddress> addresses = List.of(VipAddress.parse("10.77.0.100/24"));
    List<VipAddress> excluded = List.of();
    Transport transport = new Transport.Multicast(Optional.empty());
    Authentication authentication = new Authentication.None();
    Routing routing = Routing.NONE;
    boolean promoteSecondaries;
    Rivals rivals = Rivals.USUAL;
    ReceiveChecks checks = ReceiveChecks.USUAL;
    Optional<Duration> vipLifetime = Optional.empty();
    Optional<VirtualMac.Transmit> virtualMac = Optional.empty();
    Announcements announcements = Announcements.DEFAULT;

    static SpecBuilder spec() {
        return new SpecBuilder();
    }

    SpecBuilder name(String value) {
        name = value;
        return this;
    }

    SpecBuilder vrid(int value) {
        virtualRouterId = value;
        return this;
    }

    SpecBuilder on(String value) {
        interfaceName = value;
        return this;
    }

    SpecBuilder priority(int value) {
        priority = value;
        return this;
    }

    SpecBuilder v3(Duration interval) {
        version = VrrpVersion.V3;
        advertInterval = interval;
        return this;
    }

    /** Over IPv6, with fd00:77::100/64. */
    SpecBuilder ipv6(Duration interval) {
        family = IpFamily.IPV6;
        return v3(interval).addresses("fd00:77::100/64");
    }

    SpecBuilder addresses(String... values) {
        addresses = Stream.of(values).map(VipAddress::parse).toList();
        return this;
    }

    /** More addresses, with their options. */
    SpecBuilder and(VipAddress... more) {
        addresses = Stream.concat(addresses.stream(), Stream.of(more)).toList();
        return this;
    }

    SpecBuilder excluded(String... values) {
        excluded = Stream.of(values).map(VipAddress::parse).toList();
        return this;
    }

    SpecBuilder routes(String... values) {
        routing = new Routing(Stream.of(values).map(VirtualRoute::parse).toList(), routing.rules());
        return this;
    }

    SpecBuilder rules(String... values) {
        routing = new Routing(
                routing.routes(), Stream.of(values).map(VirtualRule::parse).toList());
        return this;
    }

    SpecBuilder promoteSecondaries() {
        promoteSecondaries = true;
        return this;
    }

    SpecBuilder noPreempt() {
        preempt = false;
        return this;
    }

    SpecBuilder pass(String password) {
        authentication = new Authentication.Pass(password);
        return this;
    }

    /** Not the automatic lifetime; zero for none. */
    SpecBuilder vipLifetime(Duration value) {
        vipLifetime = Optional.of(value);
        return this;
    }

    /** With the virtual MAC of its family and VRID. */
    SpecBuilder virtualMac(VirtualMac.Transmit transmit) {
        virtualMac = Optional.of(transmit);
        return this;
    }

    SpecBuilder virtualMac() {
        return virtualMac(VirtualMac.Transmit.VIRTUAL);
    }

    SpecBuilder unicast(String... peers) {
        transport = new Transport.Unicast(
                Optional.empty(), Stream.of(peers).map(IpAddress::parse).toList());
        return this;
    }

    SpecBuilder source(String value) {
        Optional<IpAddress> source = Optional.of(IpAddress.parse(value));
        transport = switch (transport) {
            case Transport.Multicast multicast -> new Transport.Multicast(source, multicast.group());
            case Transport.Unicast unicast -> new Transport.Unicast(source, unicast.peers(), unicast.hopLimit());
        };
        return this;
    }

    SpecBuilder group(String value) {
        transport = new Transport.Multicast(transport.source(), Optional.of(IpAddress.parse(value)));
        return this;
    }

    /** To one peer with a TTL, from whom adverts may arrive with a range of them. */
    SpecBuilder unicast(String peer, int ttl, int minTtl, int maxTtl) {
        transport = new Transport.Unicast(
                Optional.empty(), List.of(new Transport.Peer(IpAddress.parse(peer), minTtl, maxTtl)), ttl);
        return this;
    }

    SpecBuilder rivals(Rivals value) {
        rivals = value;
        return this;
    }

    SpecBuilder checks(boolean strict, boolean skipKnownSender) {
        checks = new ReceiveChecks(strict, skipKnownSender);
        return this;
    }

    SpecBuilder announcements(Announcements value) {
        announcements = value;
        return this;
    }

    InstanceSpec build() {
        InstanceSpec.Builder spec = InstanceSpec.builder(name, interfaceName, virtualRouterId)
                .version(version)
                .family(family)
                .priority(priority)
                .advertInterval(advertInterval)
                .preempt(preempt)
                .addresses(addresses)
                .excludedAddresses(excluded)
                .transport(transport)
                .rivals(rivals)
                .receiveChecks(checks)
                .authentication(authentication)
                .announcements(announcements);
        spec.routing(routing).promoteSecondaries(promoteSecondaries);
        vipLifetime.ifPresent(spec::vipLifetime);
        virtualMac.ifPresent(transmit -> spec.virtualMac(new VirtualMac(
                VirtualMac.nameOf(family, virtualRouterId), VirtualMac.addressOf(family, virtualRouterId), transmit)));
        return spec.build();
    }
}
