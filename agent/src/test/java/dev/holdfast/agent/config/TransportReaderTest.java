package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.ReceiveChecks;
import dev.holdfast.vrrp.engine.Rivals;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How adverts travel, and how an instance deals with others. */
class TransportReaderTest {
    private static final String INSTANCES = """
            holdfast.vrrp.instances.VI_1 { interface = eth0, virtual-router-id = 51, addresses = ["10.0.0.70/24"] }
            holdfast.vrrp.instances.VI_6 { interface = eth0, virtual-router-id = 51, addresses = ["fe80::70"] }
            """;

    private static LoadedConfig load(String more) throws ConfigException {
        return new ConfigLoader(Map.of(), () -> "host").load("test.conf", INSTANCES + more);
    }

    private static InstanceSpec spec(String more) throws ConfigException {
        return load("holdfast.vrrp { " + more + " }").config().vrrp().specs().getFirst();
    }

    @Test
    void withoutAWordAdvertsGoToTheStandardGroup() throws ConfigException {
        assertThat(spec("").transport()).isEqualTo(new Transport.Multicast(Optional.empty()));
        assertThat(((Transport.Multicast) spec("").transport()).group(IpFamily.IPV4))
                .hasToString("224.0.0.18");
    }

    @Test
    void groupsAreGeneralByFamilyAndOwn() throws ConfigException {
        List<InstanceSpec> specs = load("""
                        holdfast.vrrp {
                          multicast { ipv4 = 224.0.0.98, ipv6 = "ff02::98" }
                          instances.VI_1.multicast { source = 10.0.0.60, group = 224.0.0.99 }
                        }
                        """).config().vrrp().specs();

        assertThat(specs)
                .extracting(InstanceSpec::transport)
                .containsExactly(
                        new Transport.Multicast(
                                Optional.of(IpAddress.parse("10.0.0.60")), Optional.of(IpAddress.parse("224.0.0.99"))),
                        new Transport.Multicast(Optional.empty(), Optional.of(IpAddress.parse("ff02::98"))));
    }

    @Test
    void peersAreAddressesOrHaveARange() throws ConfigException {
        assertThat(spec("""
                        instances.VI_1.unicast {
                          peers = [10.0.0.61, { address = 10.9.0.62, min-ttl = 250, max-ttl = 254 }
                                   { address = 10.9.0.63, max-ttl = 64 }, { address = 10.0.0.64 }]
                          ttl = 64
                        }
                        """).transport())
                .isEqualTo(new Transport.Unicast(
                        Optional.empty(),
                        List.of(
                                new Transport.Peer(IpAddress.parse("10.0.0.61"), 255, 255),
                                new Transport.Peer(IpAddress.parse("10.9.0.62"), 250, 254),
                                new Transport.Peer(IpAddress.parse("10.9.0.63"), 0, 64),
                                new Transport.Peer(IpAddress.parse("10.0.0.64"), 255, 255)),
                        64));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            multicast.ipv4 = "ff02::12"                                   | OUT_OF_RANGE | multicast.ipv4
            multicast.ipv6 = "ff05::12"                                   | OUT_OF_RANGE | multicast.ipv6
            multicast.ipv5 = 224.0.0.1                                    | UNKNOWN_KEY  | multicast.ipv5
            instances.VI_1.multicast.group = 10.0.0.1                     | OUT_OF_RANGE | instances.VI_1.multicast.group
            instances.VI_1.multicast.source = 10.0.0.70                   | CONFLICT     | instances.VI_1.multicast.source
            instances.VI_1 { multicast.source = 10.0.0.6, unicast.peers = [10.0.0.5] } | CONFLICT | instances.VI_1.multicast
            instances.VI_1.unicast { peers = [10.0.0.5], ttl = 0 }        | OUT_OF_RANGE | instances.VI_1.unicast.ttl
            instances.VI_1.unicast.peers = [{ min-ttl = 3 }]              | MISSING      | instances.VI_1.unicast.peers[0].address
            instances.VI_1.unicast.peers = [{ address = 10.0.0.5, ttl = 3 }] | UNKNOWN_KEY | instances.VI_1.unicast.peers[0].ttl
            instances.VI_1.unicast.peers = [{ address = 10.0.0.5, min-ttl = 9, max-ttl = 8 }] | CONFLICT | instances.VI_1.unicast.peers[0].max-ttl
            instances.VI_1.unicast.peers = [10.0.0.5, { address = 10.0.0.5 }] | DUPLICATE | instances.VI_1.unicast.peers[1]
            instances.VI_1 { strict = on, unicast.peers = [10.0.0.5] }    | CONFLICT     | instances.VI_1.unicast
            instances.VI_1 { strict = on, authentication.password = x }   | CONFLICT     | instances.VI_1.authentication
            instances.VI_1 { strict = on, preempt-delay = 1s }            | CONFLICT     | instances.VI_1.preempt-delay
            instances.VI_1 { strict = on, initial-state = master }        | CONFLICT     | instances.VI_1.initial-state
            instances.VI_1 { strict = on, higher-prio-send-advert = on }  | CONFLICT     | instances.VI_1.higher-prio-send-advert
            instances.VI_6 { strict = on, addresses = ["fd00::70"] }      | CONFLICT     | instances.VI_6.addresses
            """)
    void whatIsWrongIsNamed(String more, FaultReason reason, String key) {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> load("holdfast.vrrp { " + more + " }"));

        assertThat(refused.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(reason);
            assertThat(fault.key()).isEqualTo("holdfast.vrrp." + key);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                                                             | false | true  | false | false
            lower-prio-no-advert = on, higher-prio-send-advert = off         | true  | false | false | false
            lower-prio-no-advert = on, instances.VI_1.lower-prio-no-advert = off | false | true | false | false
            strict = on                                                      | false | false | true  | false
            strict = on, instances.VI_1.strict = off                         | false | true  | false | false
            instances.VI_1 { strict = on, skip-check-adv-addr = on }         | false | false | true  | true
            skip-check-adv-addr = on                                         | false | true  | false | true
            """)
    void conductIsGeneralOrOwn(String more, boolean silent, boolean lastWord, boolean strict, boolean skip)
            throws ConfigException {
        InstanceSpec spec = spec(more == null ? "" : more);

        assertThat(spec.rivals()).isEqualTo(new Rivals(silent, lastWord));
        assertThat(spec.receiveChecks()).isEqualTo(new ReceiveChecks(strict, skip));
    }
}
