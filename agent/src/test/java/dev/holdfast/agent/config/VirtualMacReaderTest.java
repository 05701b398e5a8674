package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.VirtualMac;
import dev.holdfast.vrrp.engine.VirtualMac.Transmit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The virtual MAC of an instance, as configured here and as it comes from keepalived.conf. */
class VirtualMacReaderTest {
    private static final long IPV4_51 = 0x00005e000133L;
    private static final long IPV6_51 = 0x00005e000233L;

    private static List<Optional<VirtualMac>> macs(String instances) throws ConfigException {
        return new ConfigLoader(Map.of(), () -> "host")
                        .load("test.conf", "holdfast.vrrp.instances {\n" + instances + "\n}")
                        .config()
                        .vrrp()
                        .instances()
                        .stream()
                        .map(instance -> instance.spec().virtualMac())
                        .toList();
    }

    private static String instance(String name, String rest) {
        return name + " { interface = eth0, virtual-router-id = 51, " + rest + " }\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            virtual-mac = true                                      | vrrp.51 | 00:00:5e:00:01:33 | VIRTUAL
            virtual-mac {}                                          | vrrp.51 | 00:00:5e:00:01:33 | VIRTUAL
            virtual-mac { name = vip0 }                             | vip0    | 00:00:5e:00:01:33 | VIRTUAL
            virtual-mac { address = "02:00:00:00:00:0A" }           | vrrp.51 | 02:00:00:00:00:0a | VIRTUAL
            virtual-mac { transmit = base }                         | vrrp.51 | 00:00:5e:00:01:33 | BASE
            virtual-mac = true, unicast { peers = ["10.0.0.9"] }    | vrrp.51 | 00:00:5e:00:01:33 | BASE
            """)
    void whatIsNotSaidIsAsTheRfcAndKeepalivedHaveIt(String line, String name, String address, Transmit transmit)
            throws ConfigException {
        assertThat(macs(instance("a", "addresses = [\"10.0.0.70\"], " + line)))
                .containsExactly(Optional.of(new VirtualMac(name, VirtualMac.parseAddress(address), transmit)));
    }

    @Test
    void thereIsNoneUnlessAskedFor() throws ConfigException {
        assertThat(macs(instance("a", "addresses = [\"10.0.0.70\"]")
                        + instance("b", "addresses = [\"fd00::70\"], virtual-mac = false")))
                .containsOnly(Optional.empty());
    }

    @Test
    void eachInterfaceOfTheSameVirtualRouterIdGetsItsOwnName() throws ConfigException {
        String second =
                "{ interface = eth1, virtual-router-id = 51, addresses = [\"10.0.1.70\"], virtual-mac = true }\n";
        assertThat(macs(instance("a", "addresses = [\"10.0.0.70\"], virtual-mac = true")
                        + instance("b", "addresses = [\"fd00::70\"], virtual-mac = true")
                        + "c " + second))
                .containsExactly(
                        Optional.of(new VirtualMac("vrrp.51", IPV4_51, Transmit.VIRTUAL)),
                        Optional.of(new VirtualMac("vrrp6.51", IPV6_51, Transmit.VIRTUAL)),
                        Optional.of(new VirtualMac("vrrp1.51", IPV4_51, Transmit.VIRTUAL)));
    }

    @Test
    void twoOfTheSameNameAreRefused() {
        String named = "virtual-mac { name = vip0 }";
        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> macs(instance("a", "addresses = [\"10.0.0.70\"], " + named)
                        + instance("b", "addresses = [\"fd00::70\"], " + named)));
        assertThat(refused.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.DUPLICATE);
            assertThat(fault).returns("holdfast.vrrp.instances.b.virtual-mac.name", Fault::key);
            assertThat(fault.accepted()).contains("a has it");
        });
    }

    private static Importer.Imported imported(String global, String lines) throws ConfigException {
        return Importer.importText("k.conf", """
                global_defs {
                  %s
                }
                vrrp_instance VI_1 {
                  interface eth0
                  virtual_router_id 51
                  virtual_ipaddress {
                    10.0.0.70/24
                  }
                  %s
                }
                """.formatted(global, lines));
    }

    private static Optional<VirtualMac> macOf(Importer.Imported imported) throws ConfigException {
        return new ConfigLoader(Map.of(), () -> "host")
                .load("k.conf", imported.hocon())
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .spec()
                .virtualMac();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            use_vmac                                |                   | vrrp.51 | 00:00:5e:00:01:33 | VIRTUAL
            use_vmac vip0                           |                   | vip0    | 00:00:5e:00:01:33 | VIRTUAL
            use_vmac name group                     |                   | group   | 00:00:5e:00:01:33 | VIRTUAL
            use_vmac 02:0:0:0:0:a                   |                   | vrrp.51 | 02:00:00:00:00:0a | VIRTUAL
            use_vmac vip0 02:00:00:00:00            |                   | vip0    | 02:00:00:00:00:33 | VIRTUAL
            use_vmac                                | vmac_xmit_base    | vrrp.51 | 00:00:5e:00:01:33 | BASE
            use_vmac                                | unicast_peer { 10.0.0.9 } | vrrp.51 | 00:00:5e:00:01:33 | BASE
            """)
    void useVmacIsCarriedOver(String line, String other, String name, String address, Transmit transmit)
            throws ConfigException {
        Importer.Imported loaded = imported(
                "",
                line + "\n" + (other == null ? "" : other.replace(" {", " {\n").replace(" }", "\n}")));

        assertThat(loaded.warnings()).isEmpty();
        assertThat(macOf(loaded)).contains(new VirtualMac(name, VirtualMac.parseAddress(address), transmit));
    }

    @Test
    void aPrefixOfNamesIsCarriedOverAndCutAsInKeepalived() throws ConfigException {
        assertThat(macOf(imported("vmac_prefix averylongprefixofnames", "use_vmac")))
                .map(VirtualMac::interfaceName)
                .contains("averylongpre.51");
    }

    @Test
    void whatUseVmacHasBesidesIsNamed() throws ConfigException {
        assertThat(imported("", "use_vmac vip0 netlink_notify_msg group 7").warnings())
                .extracting(warning -> warning.position().line() + " " + warning.message())
                .hasSize(2)
                .allMatch(text -> text.startsWith("10 ") && text.contains("use_vmac"))
                .anyMatch(text -> text.contains("netlink_notify_msg"))
                .anyMatch(text -> text.contains("group 7"));
        assertThat(imported("", "vmac_xmit_base").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("without use_vmac"));
    }
}
