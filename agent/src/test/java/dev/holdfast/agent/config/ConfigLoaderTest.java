package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.Witness;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.engine.VirtualMac;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");

    /** A configuration of one instance; %s is its line 5. */
    private static final String INSTANCE = """
            holdfast.vrrp.instances.VI_1 {
              interface = eth0
              virtual-router-id = 51
              addresses = ["10.0.0.70/24"]
              %s
            }
            """;

    private static LoadedConfig load(String text) throws ConfigException {
        return LOADER.load("test.conf", text);
    }

    private static List<Fault> faults(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text));
        assertThat(e).as("faults of %s", text).isNotNull();
        return e.faults();
    }

    private static InstanceSpec spec(String line) throws ConfigException {
        return load(INSTANCE.formatted(line))
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .spec();
    }

    @Test
    void everyKeyOfTheContractArrivesInTheRecords() throws ConfigException {
        Path file = Path.of("src/test/resources/config/full.conf");

        LoadedConfig loaded = LOADER.load(file);

        Command logger = Command.of("/usr/bin/logger", "now master");
        InstanceSpec first = InstanceSpec.builder("VI_1", "eth0", 51)
                .priority(150)
                .advertInterval(Duration.ofSeconds(2))
                .initialState(VrrpState.MASTER)
                .preemptDelay(Duration.ofSeconds(30))
                .addresses(List.of(VipAddress.parse("10.0.0.70/24"), VipAddress.parse("10.0.0.71/32")))
                .excludedAddresses(List.of(VipAddress.parse("10.0.0.72/24"), VipAddress.parse("fd00::72/64")))
                .transport(new Transport.Unicast(
                        Optional.of(IpAddress.parse("10.0.0.60")),
                        List.of(IpAddress.parse("10.0.0.61"), IpAddress.parse("10.0.0.62"))))
                .authentication(new Authentication.Pass("1161"))
                .vipLifetime(Duration.ofSeconds(10))
                .virtualMac(new VirtualMac("vip", 0x020000000033L, VirtualMac.Transmit.BASE))
                .build();
        InstanceSpec six = InstanceSpec.builder("six", "eth0", 51)
                .version(VrrpVersion.V3)
                .family(IpFamily.IPV6)
                .advertInterval(Duration.ofMillis(100))
                .preempt(false)
                .addresses(List.of(VipAddress.parse("fd00::70/64")))
                .vipLifetime(Duration.ofSeconds(1))
                .build();
        VrrpConfig vrrp = new VrrpConfig(
                List.of(
                        new InstanceConfig(
                                first,
                                new TrackConfig(
                                        List.of(new Tracked("apiserver", 0, false), new Tracked("disk", -20, true)),
                                        List.of(new Tracked("eth1", 0, false), new Tracked("eth2", 10, false))),
                                new NotifyConfig(
                                        List.of(Command.of("/etc/holdfast/notify.sh")),
                                        List.of(logger),
                                        List.of(Command.of("/usr/bin/logger", "now backup")),
                                        List.of(),
                                        List.of(Command.of("/bin/true"), Command.of("/bin/true", "again")))),
                        new InstanceConfig(six, TrackConfig.NONE, NotifyConfig.NONE)),
                List.of(
                        new ScriptConfig(
                                "apiserver",
                                Command.of("/usr/bin/curl", "-sfk", "https://localhost:6443/healthz"),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2),
                                5,
                                2,
                                0,
                                false,
                                ScriptConfig.Init.UNKNOWN,
                                Optional.of("nobody")),
                        new ScriptConfig(
                                "disk",
                                Command.of("/usr/bin/test", "-w", "/var/lib/my data"),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1,
                                1,
                                5,
                                false,
                                ScriptConfig.Init.UNKNOWN,
                                Optional.empty())),
                List.of(),
                Duration.ZERO,
                Optional.empty(),
                false,
                1000);
        SwarmConfig swarm = new SwarmConfig(
                true,
                URI.create("tcp://127.0.0.1:2375"),
                InetAddress.ofLiteral("10.0.0.60"),
                new HealConfig(
                        HealMode.OBSERVE,
                        Duration.ofSeconds(45),
                        List.of(
                                new Witness.Gateway(),
                                new Witness.Host(InetAddress.ofLiteral("10.0.0.1")),
                                new Witness.Tcp(new Endpoint("10.0.0.2", 22))),
                        Duration.ofMillis(500),
                        Duration.ofMinutes(2),
                        5,
                        Duration.ofHours(1),
                        Duration.ofMinutes(3)),
                Set.of(
                        InetAddress.ofLiteral("10.0.0.70"),
                        InetAddress.ofLiteral("10.0.0.71"),
                        InetAddress.ofLiteral("10.0.0.72"),
                        InetAddress.ofLiteral("fd00::72"),
                        InetAddress.ofLiteral("fd00::70")));
        PeersConfig peers = new PeersConfig(
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), PeersConfig.PORT), List.of(), List.of());
        HttpConfig http = new HttpConfig(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9652), false);
        assertThat(loaded.config())
                .isEqualTo(new HoldfastConfig("cube01", http, vrrp, swarm, ManagersConfig.defaults(), peers));
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.positions().of("holdfast.vrrp.instances.VI_1.priority"))
                .isEqualTo(new Position(file.toString(), 13));
    }

    @Test
    void everyKeyButThreeHasADefault() throws ConfigException {
        HoldfastConfig config = load(INSTANCE.formatted("")).config();

        assertThat(config.node()).isEqualTo("this-host");
        assertThat(config.http().listen()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 9651));
        InstanceConfig instance = config.vrrp().instances().getFirst();
        assertThat(instance.track()).isEqualTo(TrackConfig.NONE);
        assertThat(instance.hooks()).isEqualTo(NotifyConfig.NONE);
        InstanceSpec spec = instance.spec();
        assertThat(spec.version()).isEqualTo(VrrpVersion.V2);
        assertThat(spec.priority()).isEqualTo(100);
        assertThat(spec.advertInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(spec.initialState()).isEqualTo(VrrpState.BACKUP);
        assertThat(spec.preempt()).isTrue();
        assertThat(spec.preemptDelay()).isZero();
        assertThat(spec.transport()).isEqualTo(new Transport.Multicast(Optional.empty()));
        assertThat(spec.authentication()).isEqualTo(new Authentication.None());
        assertThat(config.swarm().enabled()).isTrue();
        assertThat(config.swarm().dockerHost()).isEqualTo(URI.create("unix:///var/run/docker.sock"));
        assertThat(config.swarm().heal()).isEqualTo(HealConfig.defaults());
    }

    @Test
    void theKeysWithoutADefaultAreMissedAllAtOnce() {
        List<Fault> faults = faults("holdfast.vrrp {\n  instances {\n    VI_1 {\n    }\n  }\n  scripts.a {}\n}");

        assertThat(faults).extracting(Fault::reason).containsOnly(FaultReason.MISSING);
        assertThat(faults)
                .extracting(Fault::key)
                .containsExactly(
                        "holdfast.vrrp.instances.VI_1.interface",
                        "holdfast.vrrp.instances.VI_1.virtual-router-id",
                        "holdfast.vrrp.instances.VI_1.addresses",
                        "holdfast.vrrp.scripts.a.command");
        assertThat(faults.getFirst().position()).isEqualTo(new Position("test.conf", 3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            node = "two words"                            | node             | two words | MALFORMED    | letters
            http.listen = "9651"                          | http.listen      | 9651      | MALFORMED    | ADDRESS:PORT
            http.listen = "0.0.0.0:70000"                 | http.listen      | 70000     | OUT_OF_RANGE | 1..65535
            http.listen = "localhost:9651"                | http.listen      | localhost | MALFORMED    | literal
            http = 9651                                   | http             | 9651      | WRONG_TYPE   | an object
            vrrp.version = 4                              | vrrp.version     | 4         | OUT_OF_RANGE | 2..3
            vrrp.instances = []                           | vrrp.instances   | [...]     | WRONG_TYPE   | an object
            swarm.enabled = perhaps                       | swarm.enabled    | perhaps   | MALFORMED    | true or false
            swarm.docker-host = "/var/run/docker.sock"    | docker-host      | docker.sock | MALFORMED  | unix:///PATH
            swarm.docker-host = "http://a:1"              | docker-host      | http://a:1 | MALFORMED   | tcp://HOST:PORT
            swarm.docker-host = "tcp://a"                 | docker-host      | tcp://a   | MALFORMED    | tcp://HOST:PORT
            swarm.advertise-address = eth0                | advertise-address | eth0     | MALFORMED    | an address of this host
            swarm.advertise-address = "224.0.0.1"         | advertise-address | 224.0.0.1 | OUT_OF_RANGE | an address of this host
            swarm.heal.policy = brave                     | heal.policy      | brave     | OUT_OF_RANGE | observe, guarded, quorum, eager
            swarm.heal.hold = 30                          | heal.hold        | 30        | MALFORMED    | 100ms..1h
            swarm.heal.hold = 2h                          | heal.hold        | 2h        | OUT_OF_RANGE | 100ms..1h
            swarm.heal.witnesses = [router]               | witnesses[0]     | router    | MALFORMED    | IP address
            swarm.heal.backoff.min = 1ms                  | backoff.min      | 1ms       | OUT_OF_RANGE | 100ms..1h
            swarm.heal.backoff.max = 2d                   | backoff.max      | 2d        | OUT_OF_RANGE | 100ms..1h
            swarm.heal.backoff { min = 10s, max = 5s }    | backoff.max      | 5s        | CONFLICT     | not less than min
            swarm.heal.boot-grace = 2h                    | boot-grace       | 2h        | OUT_OF_RANGE | 0s..1h
            swarm.heal.max-attempts = 0                   | max-attempts     | 0         | OUT_OF_RANGE | 1..100
            swarm.managers.target = 4                     | managers.target   | 4         | OUT_OF_RANGE | 1, 3, 5 or 7
            swarm.managers.target = 9                     | managers.target   | 9         | OUT_OF_RANGE | 1..7
            swarm.managers.mode = yes                     | managers.mode     | yes       | OUT_OF_RANGE | off, observe, on
            swarm.managers.dead-after = 59s               | dead-after        | 59s       | OUT_OF_RANGE | 60s..1d
            swarm.heal.rejoin = never                     | heal.rejoin       | never     | OUT_OF_RANGE | off, auto, force
            swarm.heal.cooldown = 0s                      | cooldown         | 0s        | OUT_OF_RANGE | 1s..1d
            vrrp.scripts.a { command = "relative/x" }     | a.command        | relative/x | MALFORMED   | absolute path
            vrrp.scripts.a { command = [] }               | a.command        | ""        | MALFORMED    | absolute path
            vrrp.scripts.a { command = ["/x", [1]] }      | a.command        | [...]     | WRONG_TYPE   | list of words
            vrrp.scripts.a { command = /x, interval = 5 } | a.interval       | 5         | MALFORMED    | 10ms..1d
            vrrp.scripts.a { command = /x, timeout = 1ms } | a.timeout       | 1ms       | OUT_OF_RANGE | 10ms..1d
            vrrp.real-time = maybe                        | vrrp.real-time   | maybe     | MALFORMED    | true or false
            vrrp.scripts.a { command = /x, rise = 0 }     | a.rise           | 0         | OUT_OF_RANGE | 1..1000
            vrrp.scripts.a { command = /x, fall = 1.5 }   | a.fall           | 1.5       | MALFORMED    | 1..1000
            vrrp.scripts.a { command = /x, weight = 254 } | a.weight         | 254       | OUT_OF_RANGE | -253..253
            vrrp.scripts.a { command = /x, user = "a b" } | a.user           | a b       | MALFORMED    | name of a user
            """)
    void aWrongValueIsNamedWithItsPlaceAndWhatIsAccepted(
            String line, String key, String value, FaultReason reason, String accepted) {
        assertOneFault(faults("holdfast {\n  " + line + "\n}"), 2, key, value, reason, accepted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            interface = eth0/1                        | interface           | eth0/1   | MALFORMED    | 1..15 characters
            interface = ["eth0"]                      | interface           | [...]    | WRONG_TYPE   | network interface
            interface = abcdefghijklmnop              | interface           | abcdef   | MALFORMED    | 1..15 characters
            virtual-router-id = 0                     | virtual-router-id   | 0        | OUT_OF_RANGE | 1..255
            virtual-router-id = 256                   | virtual-router-id   | 256      | OUT_OF_RANGE | 1..255
            virtual-router-id = "1,"                  | virtual-router-id   | 1,       | MALFORMED    | 1..255
            version = 1                               | version             | 1        | OUT_OF_RANGE | 2..3
            priority = 0                              | priority            | 0        | OUT_OF_RANGE | 1..255
            priority = 256                            | priority            | 256      | OUT_OF_RANGE | 1..255
            priority = high                           | priority            | high     | MALFORMED    | 1..255
            priority = 99999999999999999999           | priority            | 99999    | MALFORMED    | 1..255
            advert-interval = 1                       | advert-interval     | 1        | MALFORMED    | with its unit
            advert-interval = 100ms                   | advert-interval     | 100ms    | OUT_OF_RANGE | whole seconds
            advert-interval = 256s                    | advert-interval     | 256s     | OUT_OF_RANGE | 1s..255s
            version = 3, advert-interval = 15ms       | advert-interval     | 15ms     | OUT_OF_RANGE | 10ms..40.95s in steps of 10ms
            version = 3, advert-interval = 41s        | advert-interval     | 41s      | OUT_OF_RANGE | 10ms..40.95s
            initial-state = fault                     | initial-state       | fault    | OUT_OF_RANGE | backup, master
            preempt = 2                               | preempt             | 2        | MALFORMED    | true or false
            preempt-delay = 1001s                     | preempt-delay       | 1001s    | OUT_OF_RANGE | 0s..1000s
            vip-lifetime = forever                    | vip-lifetime        | forever  | MALFORMED    | auto, off
            vip-lifetime = 0s                         | vip-lifetime        | 0s       | OUT_OF_RANGE | 1s..1h
            vip-lifetime = 1500ms                     | vip-lifetime        | 1500ms   | OUT_OF_RANGE | whole seconds
            vip-lifetime = 2h                         | vip-lifetime        | 2h       | OUT_OF_RANGE | 1s..1h
            addresses = "10.0.0.70/24"                | addresses           | 10.0.0.70/24 | WRONG_TYPE | a list
            addresses = []                            | addresses           | []       | OUT_OF_RANGE | at least one
            addresses = ["10.0.0.300"]                | addresses[0]        | 10.0.0.300 | MALFORMED  | ADDRESS/PREFIX
            addresses = ["10.0.0.70/33"]              | addresses[0]        | 10.0.0.70/33 | MALFORMED | ADDRESS/PREFIX
            addresses = ["vip.example/24"]            | addresses[0]        | vip.example | MALFORMED | ADDRESS/PREFIX
            addresses = ["224.0.0.18"]                | addresses[0]        | 224.0.0.18 | OUT_OF_RANGE | of a host
            addresses = ["0.0.0.0"]                   | addresses[0]        | 0.0.0.0  | OUT_OF_RANGE | of a host
            addresses = ["10.0.0.70", "fd00::1"]      | addresses[1]           | fd00::1 <or> fd00:0:0 | CONFLICT | one family
            version = 2, addresses = ["fd00::1/64"]   | version             | 2        | CONFLICT     | VRRPv3
            addresses = ["10.0.0.7", "10.0.0.7/24"]   | addresses[1]           | 10.0.0.7 | DUPLICATE    | each address once
            excluded-addresses = ["10.0.0.70"]        | excluded-addresses[0]  | 10.0.0.70 | DUPLICATE   | each address once
            excluded-addresses = ["x"]                | excluded-addresses[0] | x      | MALFORMED    | ADDRESS/PREFIX
            unicast { source = eth0, peers = ["10.0.0.9"] } | unicast.source | eth0    | MALFORMED    | address of this host
            unicast { source = "10.0.0.70", peers = ["10.0.0.9"] } | unicast.source | 10.0.0.70 | CONFLICT | none of them
            unicast { source = "fd00::5", peers = ["10.0.0.9"] } | unicast.source | fd00 | CONFLICT | of the family
            unicast { peers = "10.0.0.9" }            | unicast.peers       | 10.0.0.9 | WRONG_TYPE   | a list
            unicast { peers = [node2] }               | unicast.peers[0]    | node2    | MALFORMED    | a list
            unicast { peers = ["10.0.0.70"] }         | unicast.peers[0]       | 10.0.0.70 | CONFLICT    | other routers
            unicast { source = "10.0.0.8", peers = ["10.0.0.8"] } | unicast.peers[0] | 10.0.0.8 | CONFLICT | other routers
            unicast { peers = ["10.0.0.8", "10.0.0.8"] } | unicast.peers[1]    | 10.0.0.8 | DUPLICATE    | each peer once
            virtual-mac = vrrp.51                     | virtual-mac         | vrrp.51  | MALFORMED    | true or false
            virtual-mac = [a]                         | virtual-mac         | [...]    | WRONG_TYPE   | true or false
            virtual-mac { name = "a b" }              | virtual-mac.name    | a b      | MALFORMED    | 1..15 characters
            virtual-mac { address = "02:00:00:00:51" } | virtual-mac.address | 02:00:00:00:51 | MALFORMED | six bytes
            virtual-mac { address = "01:00:5e:00:00:12" } | virtual-mac.address | 01:00:5e:00:00:12 | MALFORMED | of a station
            virtual-mac { transmit = both }           | virtual-mac.transmit | both    | OUT_OF_RANGE | virtual, base
            virtual-mac { transmit = virtual }, unicast { peers = ["10.0.0.9"] } | virtual-mac.transmit | virtual | CONFLICT | base
            authentication { type = ah }              | authentication.type | ******** | OUT_OF_RANGE | none, pass, hmac
            authentication { type = pass }            | authentication.password |      | MISSING      | a password
            authentication { password = "" }          | authentication.password | ******** | MALFORMED | at least one
            version = 3, authentication { password = a } | authentication.type | pass  | CONFLICT     | version = 2
            track { scripts = [apiserver] }           | track.scripts[0]    | apiserver | DANGLING_REFERENCE | there is none
            track { scripts = [{ weight = 1 }] }      | track.scripts[0].name |        | MISSING      | a name
            track { interfaces = [{ name = eth1, weight = 300 }] } | track.interfaces[0].weight | 300 | OUT_OF_RANGE | -253..253
            track { interfaces = [eth1, eth1] }       | track.interfaces[1] | eth1     | DUPLICATE    | once
            track { interfaces = ["a b"] }            | track.interfaces[0] | a b      | MALFORMED    | 1..15 characters
            track { swarm = maybe }                   | track.swarm         | maybe    | MALFORMED    | off, on, or a block
            notify { any = "/x" }                     | notify.any          | /x       | WRONG_TYPE   | a list of commands
            notify { any = [notify.sh] }              | notify.any[0]       | notify.sh | MALFORMED   | absolute path
            notify { master = ["/x 'y"] }             | notify.master[0]    |          | MALFORMED    | a quote is not closed
            notify { stop = [{ a = 1 }] }             | notify.stop[0]      | {...}    | WRONG_TYPE   | a command
            notify = "/x"                             | notify              | /x       | WRONG_TYPE   | an object
            """)
    void aWrongValueOfAnInstanceIsNamedWithItsPlaceAndWhatIsAccepted(
            String line, String key, String value, FaultReason reason, String accepted) {
        List<Fault> faults = faults(INSTANCE.formatted(line));

        assertOneFault(faults, 5, "holdfast.vrrp.instances.VI_1." + key, value, reason, accepted);
    }

    private static void assertOneFault(
            List<Fault> faults, int line, String key, String value, FaultReason reason, String accepted) {
        assertThat(faults).hasSize(1);
        Fault fault = faults.getFirst();
        assertThat(fault.reason()).isEqualTo(reason);
        assertThat(fault.position()).isEqualTo(new Position("test.conf", line));
        assertThat(fault.key()).endsWith(key);
        if (value == null) {
            assertThat(fault.value()).isEmpty();
        } else {
            assertThat(fault.value()).containsAnyOf(value.split(" <or> "));
        }
        assertThat(fault.accepted()).contains(accepted);
        assertThat(fault.message())
                .startsWith("test.conf:" + line + ": holdfast.")
                .contains(fault.key(), accepted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prioritty = 1                | prioritty           | did you mean priority?
            virtual_router_id = 1        | virtual_router_id   | did you mean virtual-router-id?
            adverts = 1                  | adverts             | interface, virtual-router-id
            track { script = [] }        | track.script        | did you mean scripts?
            unicast { peer = [] }        | unicast.peer        | did you mean peers?
            notify { masters = [] }      | notify.masters      | did you mean master?
            """)
    void anUnknownKeyIsAFaultWithAGuess(String line, String key, String hint) {
        List<Fault> faults = faults(INSTANCE.formatted(line));

        assertOneFault(faults, 5, "holdfast.vrrp.instances.VI_1." + key, null, FaultReason.UNKNOWN_KEY, hint);
    }

    @Test
    void allFaultsComeAtOnceInTheOrderOfTheFile() {
        List<Fault> faults = faults("""
                holdfast {
                  vrrp.instances {
                    a { interface = eth0, virtual-router-id = 0, addresses = ["10.0.0.1"] }
                    b { virtual-router-id = 7, priority = 300, addresses = ["10.0.0.1"] }
                  }
                  http.listen = x
                  hpp = 1
                }
                holdfest {}
                """);

        assertThat(faults)
                .extracting(fault -> fault.position().line() + " " + fault.reason())
                .containsExactly(
                        "3 OUT_OF_RANGE",
                        "4 MISSING",
                        "4 OUT_OF_RANGE",
                        "4 DUPLICATE",
                        "6 MALFORMED",
                        "7 UNKNOWN_KEY",
                        "9 UNKNOWN_KEY");
    }

    @Test
    void aRouterIdIsUniquePerInterfaceAndFamily() throws ConfigException {
        String two = """
                holdfast.vrrp.instances {
                  a { interface = eth0, virtual-router-id = 7, addresses = ["10.0.0.1"] }
                  b { interface = %s, virtual-router-id = 7, addresses = ["%s"] }
                }
                """;

        assertThat(faults(two.formatted("eth0", "10.0.0.2"))).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.DUPLICATE);
            assertThat(fault.key()).isEqualTo("holdfast.vrrp.instances.b.virtual-router-id");
            assertThat(fault.position().line()).isEqualTo(3);
            assertThat(fault.accepted()).contains("eth0", "a has it");
        });
        assertThat(load(two.formatted("eth1", "10.0.0.2")).config().vrrp().instances())
                .hasSize(2);
        assertThat(load(two.formatted("eth0", "fd00::2")).config().vrrp().instances())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "swarm.advertise-address = \"10.0.0.70\"",
                "swarm.heal.witnesses = [\"10.0.0.70\"]",
                "swarm.heal.witnesses = [\"tcp:10.0.0.70:22\"]"
            })
    void aVirtualAddressNeitherIdentifiesThisHostNorWitnesses(String line) {
        List<Fault> faults = faults(INSTANCE.formatted("") + "holdfast." + line);

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isIn(FaultReason.CONFLICT, FaultReason.OUT_OF_RANGE);
            assertThat(fault.message()).contains("10.0.0.70", "virtual");
        });
    }

    @Test
    void noPasswordEverShowsInAMessage() throws ConfigException {
        List<String> lines = List.of(
                "authentication = \"s3cr3t-word\"",
                "authentication { type = \"s3cr3t-word\" }",
                "authentication { type = pass, password = [\"s3cr3t-word\"] }",
                "authentication { type = pass, password = { a = \"s3cr3t-word\" } }",
                "authentication { keys { 1 { secret = \"s3cr3t-word\" } } }",
                "authentication { keys { 1 { secret = \"hex:s3cr3t-words3cr3t-words3cr3t-words3cr3t-words3cr3t-word\" } } }",
                "authentication { keys { 1 = \"s3cr3t-word\" } }",
                "authentication { keys { 1 { sekret = \"s3cr3t-word\" } } }",
                "authentication { keys { s3cr3t-word { file = /x } } }",
                "authentication { type = pass, pasword = \"s3cr3t-word\" }",
                "authentication { type = pass, password = \"s3cr3t-word }",
                "authentication { type = pass, password = s3cr3t-word [ }",
                "authentication { type = pass, password = ${s3cr3t-word} }",
                "auth_pass = \"s3cr3t-word\"",
                "auth_pass s3cr3t-word",
                "version = 3, authentication { password = \"s3cr3t-word\" }",
                "priority = 300, authentication { password = \"s3cr3t-word\" }");
        for (String line : lines) {
            assertThat(faults(INSTANCE.formatted(line)))
                    .as(line)
                    .isNotEmpty()
                    .allSatisfy(fault -> assertThat(fault.message()).doesNotContain("s3cr3t"));
        }

        LoadedConfig loaded = load(INSTANCE.formatted("authentication { password = \"s3cr3t-word\" }"));

        assertThat(loaded.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.reason()).isEqualTo(WarningReason.PASSWORD_CUT))
                .satisfies(warning -> assertThat(warning.position().line()).isEqualTo(5));
        assertThat(loaded.toString()).doesNotContain("s3cr3t");
        assertThat(loaded.config().vrrp().specs().getFirst().authentication())
                .isEqualTo(new Authentication.Pass("s3cr3t-w"));
    }

    @Test
    void anInstanceThatNeverPreemptsStartsAsBackup() throws ConfigException {
        LoadedConfig loaded = load(INSTANCE.formatted("preempt = false, initial-state = master"));

        assertThat(loaded.config().vrrp().specs().getFirst().initialState()).isEqualTo(VrrpState.BACKUP);
        assertThat(loaded.warnings())
                .extracting(ConfigWarning::reason)
                .containsExactly(WarningReason.MASTER_WITHOUT_PREEMPT);
    }

    @Test
    void unicastWithoutPeersStaysUnicastAndIsWarnedAbout() throws ConfigException {
        LoadedConfig loaded = load(INSTANCE.formatted("unicast { peers = [] }"));

        assertThat(loaded.config().vrrp().specs().getFirst().transport())
                .isEqualTo(new Transport.Unicast(Optional.empty(), List.of()));
        assertThat(loaded.warnings()).extracting(ConfigWarning::reason).containsExactly(WarningReason.NO_PEERS);
    }

    @Test
    void aScriptThatNobodyTracksIsWarnedAbout() throws ConfigException {
        LoadedConfig loaded = load(INSTANCE.formatted("") + "holdfast.vrrp.scripts.a.command = /bin/true");

        assertThat(loaded.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo(WarningReason.UNUSED_SCRIPT);
            assertThat(warning.position().line()).isEqualTo(7);
        });
    }

    @Test
    void onlyExcludedAddressesWillDoInVersion2() throws ConfigException {
        InstanceSpec spec = spec("addresses = [], excluded-addresses = [\"10.0.0.9\"]");

        assertThat(spec.addresses()).isEmpty();
        assertThat(spec.excludedAddresses()).hasSize(1);
        assertThat(faults(INSTANCE.formatted("version = 3, addresses = [], excluded-addresses = [\"10.0.0.9\"]")))
                .extracting(Fault::reason)
                .containsExactly(FaultReason.OUT_OF_RANGE);
    }

    @Test
    void ipv6ImpliesVersion3WhateverTheGeneralVersion() throws ConfigException {
        LoadedConfig loaded = load("holdfast.vrrp.version = 2\n" + INSTANCE.formatted("addresses = [\"fd00::1/64\"]"));

        assertThat(loaded.config().vrrp().specs().getFirst().version()).isEqualTo(VrrpVersion.V3);
    }

    @ParameterizedTest
    @CsvSource({"1s, 1000", "255s, 255000", "1m, 60000", "2000ms, 2000", "1.0s, 1000"})
    void version2TakesWholeSeconds(String text, long millis) throws ConfigException {
        assertThat(spec("advert-interval = " + text).advertInterval()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"10ms, 10", "0.01s, 10", "100ms, 100", "40.95s, 40950", "1 s, 1000"})
    void version3TakesHundredths(String text, long millis) throws ConfigException {
        assertThat(spec("version = 3, advert-interval = " + text).advertInterval())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void dockerHostComesFromTheFileOrElseFromTheEnvironment() throws ConfigException {
        ConfigLoader loader = new ConfigLoader(Map.of("DOCKER_HOST", "tcp://10.1.1.1:2375"), () -> "h");

        assertThat(loader.load("f", "holdfast {}").config().swarm().dockerHost())
                .isEqualTo(URI.create("tcp://10.1.1.1:2375"));
        assertThat(loader.load("f", "holdfast.swarm.docker-host = \"unix:///d\"")
                        .config()
                        .swarm()
                        .dockerHost())
                .isEqualTo(URI.create("unix:///d"));

        ConfigLoader wrong = new ConfigLoader(Map.of("DOCKER_HOST", "ssh://me@host"), () -> "h");
        assertThat(wrong.load("f", "holdfast.swarm.docker-host = \"unix:///d\"").warnings())
                .hasSize(1);
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> wrong.load("f", "holdfast {}"));
        assertThat(e).hasMessageContaining("DOCKER_HOST").hasMessageContaining("unix:///PATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"holdfast {", "holdfast { node = }", "holdfast ]", "holdfast.node = ${nowhere}", "a = b = c"})
    void brokenHoconIsASyntaxFault(String text) {
        assertThat(faults("\n" + text)).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.SYNTAX);
            assertThat(fault.message()).startsWith("test.conf:2: is not well-formed; accepted: HOCON");
        });
    }

    @Test
    void anAbyssOfBracesIsAFaultLikeAnyOther() {
        assertThat(faults("holdfast " + "{ a ".repeat(200_000))).hasSize(1);
    }

    @Test
    void aFileWithoutHoldfastSaysWhatBelongsThere() {
        assertThat(faults("vrrp {}"))
                .extracting(Fault::reason)
                .containsExactly(FaultReason.MISSING, FaultReason.UNKNOWN_KEY);
    }

    @Test
    void namesThatWouldBreakLogLinesAreRefused() {
        assertThat(
                        faults(
                                "holdfast.vrrp.instances.\"a b\" { interface = e, virtual-router-id = 1, addresses = [\"10.0.0.1\"] }"))
                .extracting(Fault::reason)
                .containsExactly(FaultReason.MALFORMED);
    }

    @Test
    void aFileThatCantBeReadIsAFault(@TempDir Path dir) throws IOException {
        Path missing = dir.resolve("missing.conf");
        Path large = Files.write(dir.resolve("large.conf"), new byte[(1 << 20) + 1]);

        assertThat(catchThrowableOfType(ConfigException.class, () -> LOADER.load(missing)))
                .hasMessage(missing + ": can't be read; accepted: a file that exists");
        assertThat(catchThrowableOfType(ConfigException.class, () -> LOADER.load(dir)))
                .hasMessageContaining("not a directory");
        assertThat(catchThrowableOfType(ConfigException.class, () -> LOADER.load(large)))
                .hasMessageContaining("at most");
    }

    @Test
    void anIncludedFileIsReadAndItsFaultsAreItsOwn(@TempDir Path dir) throws IOException {
        Path main = Files.writeString(dir.resolve("main.conf"), "holdfast {\n  include \"more.conf\"\n  hpp = 1\n}\n");
        Path more = Files.writeString(dir.resolve("more.conf"), "\n\nnode = \"a b\"\n");

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> LOADER.load(main));

        assertThat(e.faults())
                .extracting(Fault::position)
                .containsExactlyInAnyOrder(new Position(main.toString(), 3), new Position(more.toString(), 3));
    }

    @Test
    void includesAreRelativeToTheFileThatIncludes(@TempDir Path dir) throws IOException {
        Files.createDirectories(dir.resolve("a/b"));
        Path main = Files.writeString(dir.resolve("main.conf"), "include \"a/one\"\n");
        Files.writeString(dir.resolve("a/one.conf"), "include file(\"b/two.conf\")\n");
        Path two = Files.writeString(dir.resolve("a/b/two.conf"), "holdfast {\n  prioritty = 1\n}\n");

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> LOADER.load(main));

        assertThat(e.faults()).singleElement().extracting(Fault::position).isEqualTo(new Position(two.toString(), 2));
    }

    @Test
    void anIncludedFileThatIsNotWellFormedIsNamedAndItsPasswordIsNotShown(@TempDir Path dir) throws IOException {
        Path main = Files.writeString(dir.resolve("main.conf"), "include \"more\"\nholdfast.node = a\n\n\n");
        Path more = Files.writeString(dir.resolve("more.conf"), "\npassword = geheim ]\n");

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> LOADER.load(main));

        assertThat(e.faults()).singleElement().extracting(Fault::position).isEqualTo(new Position(more.toString(), 2));
        assertThat(e).hasMessageNotContaining("geheim");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    include "main.conf"                            | does one include itself?
                    include "main"\\ninclude "main"                | does one include itself?
                    include required("nowhere")                    | nowhere: can't be read; accepted: a file that exists
                    include required(file("nowhere.conf"))         | nowhere.conf: can't be read; accepted: a file that exists
                    include url("http://127.0.0.1:1/holdfast.conf")| files alone, not of url(...)
                    include classpath("version")                   | files alone, not of classpath(...)
                    include "a\\u0000b"                            | the name of a file
                    """)
    void anIncludeThatLeadsNowhereIsRefused(String line, String expected, @TempDir Path dir) throws IOException {
        Path main = Files.writeString(dir.resolve("main.conf"), line.replace("\\n", "\n") + "\nholdfast {}\n");

        assertThat(catchThrowableOfType(ConfigException.class, () -> LOADER.load(main)))
                .hasMessageContaining(expected)
                .hasMessageContaining(dir.toString());
    }

    @Test
    void anIncludeOfAFileThatIsNotThereIsNothing(@TempDir Path dir) throws Exception {
        Path main = Files.writeString(dir.resolve("main.conf"), "include \"nowhere\"\nholdfast {}\n");

        assertThat(LOADER.load(main).config().node()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            priorities { this-host = 90, cube01 = 100 }            | 90
            priorities { cube01 = 100, cube02 = 90 }               | 100
            priority = 80, priorities { cube01 = 100 }             | 80
            priority = 80, priorities { this-host = 255 }          | 255
            priorities {}                                          | 100
            priorities { "this-host" = 1, "cube01.example" = 7 }   | 1
            """)
    void onePriorityForEachNode(String lines, int expected) throws ConfigException {
        assertThat(spec(lines).priority()).isEqualTo(expected);
    }

    @Test
    void prioritiesThatLeaveADoubtAreWarnedAbout() throws ConfigException {
        assertThat(load(INSTANCE.formatted("priorities { this-host = 90, cube01 = 90 }"))
                        .warnings())
                .extracting(ConfigWarning::reason)
                .containsExactly(WarningReason.EQUAL_PRIORITIES);
        assertThat(load(INSTANCE.formatted("priorities { cube01 = 100 }")).warnings())
                .extracting(ConfigWarning::reason)
                .containsExactly(WarningReason.NODE_WITHOUT_PRIORITY);
    }

    @Test
    void aPriorityOfANodeIsHeldAgainstItsRange() {
        assertThat(faults(INSTANCE.formatted("priorities { cube01 = 256, cube02.lan = 90 }")))
                .extracting(Fault::reason)
                .containsExactly(FaultReason.OUT_OF_RANGE, FaultReason.WRONG_TYPE);
    }
}
