package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.config.ProcessConfig.ParamMatch;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackerReaderTest {
    private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), () -> "this-host");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static LoadedConfig load(String trackers, String track) throws ConfigException {
        return LOADER.load("test.conf", """
                holdfast.vrrp {
                  %s
                  instances.VI_1 {
                    interface = eth0
                    virtual-router-id = 51
                    addresses = ["10.0.0.70/24"]
                    track { %s }
                  }
                }
                """.formatted(trackers, track));
    }

    private static TrackerConfig tracker(String text) throws ConfigException {
        return load(text, "").config().vrrp().trackers().getFirst();
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws ConfigException {
        assertThat(tracker("checks.api { http = \"https://localhost:6443/healthz\" }"))
                .isEqualTo(new CheckConfig(
                        "api",
                        new CheckConfig.Http(URI.create("https://localhost:6443/healthz"), 200, 399, true),
                        SECOND,
                        SECOND,
                        1,
                        1,
                        0,
                        false));
        assertThat(tracker("checks.db { tcp = \"127.0.0.1:5432\", interval = 3s }"))
                .isEqualTo(new CheckConfig(
                        "db",
                        new CheckConfig.Tcp(InetSocketAddress.createUnresolved("127.0.0.1", 5432)),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(3),
                        1,
                        1,
                        0,
                        false));
        assertThat(tracker("files.load { file = /run/load }"))
                .isEqualTo(new FileConfig(
                        "load", Path.of("/run/load"), Duration.ofMillis(250), Optional.empty(), false, 1, false));
        assertThat(tracker("processes.lb { process = haproxy }"))
                .isEqualTo(new ProcessConfig(
                        "lb",
                        List.of("haproxy"),
                        false,
                        ParamMatch.ANY,
                        1,
                        Optional.empty(),
                        SECOND,
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        false));
    }

    @Test
    void everyKeyArrives() throws ConfigException {
        assertThat(tracker("checks.c { http = \"http://[::1]:80/\", expect-status = 204..206, tls-verify = false,"
                        + " interval = 2s, timeout = 500ms, rise = 3, fall = 4, weight = -20, reverse = true }"))
                .isEqualTo(new CheckConfig(
                        "c",
                        new CheckConfig.Http(URI.create("http://[::1]:80/"), 204, 206, false),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        3,
                        4,
                        -20,
                        true));
        assertThat(tracker("files.f { file = /run/f, interval = 1s, init-value = -3, overwrite = true, weight = 254,"
                        + " reverse = true }"))
                .isEqualTo(new FileConfig("f", Path.of("/run/f"), SECOND, Optional.of(-3), true, 254, true));
        assertThat(tracker(
                        "processes.p { process = \"/usr/sbin/haproxy -f '/etc/my file'\", quorum = 2, quorum-max = 3,"
                                + " param-match = initial, interval = 500ms, delay = 2s, terminate-delay = 4s, weight = -254,"
                                + " reverse = true }"))
                .isEqualTo(new ProcessConfig(
                        "p",
                        List.of("/usr/sbin/haproxy", "-f", "/etc/my file"),
                        true,
                        ParamMatch.INITIAL,
                        2,
                        Optional.of(3),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        -254,
                        true));
        assertThat(tracker("scripts.s { command = /bin/true, reverse = true, init = down }"))
                .isEqualTo(new ScriptConfig(
                        "s",
                        Command.of("/bin/true"),
                        SECOND,
                        SECOND,
                        1,
                        1,
                        0,
                        true,
                        ScriptConfig.Init.DOWN,
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            checks.c { }                                                       | checks.c.http          | MISSING
            checks.c { http = "http://h/", tcp = "h:1" }                       | checks.c.tcp           | CONFLICT
            checks.c { http = "ftp://h/" }                                     | checks.c.http          | MALFORMED
            checks.c { http = "http://root:s3cret@h/" }                        | checks.c.http          | MALFORMED
            checks.c { http = "http://h:70000/" }                              | checks.c.http          | MALFORMED
            checks.c { http = "/healthz" }                                     | checks.c.http          | MALFORMED
            checks.c { http = ["http://h/"] }                                  | checks.c.http          | WRONG_TYPE
            checks.c { http = "http://h/", expect-status = ok }                | checks.c.expect-status | MALFORMED
            checks.c { http = "http://h/", expect-status = 99 }                | checks.c.expect-status | MALFORMED
            checks.c { http = "http://h/", expect-status = 600 }               | checks.c.expect-status | OUT_OF_RANGE
            checks.c { http = "http://h/", expect-status = 300..200 }          | checks.c.expect-status | OUT_OF_RANGE
            checks.c { http = "http://h/", tls-verify = maybe }                | checks.c.tls-verify    | MALFORMED
            checks.c { tcp = "h:1", tls-verify = true }                        | checks.c.tls-verify    | UNKNOWN_KEY
            checks.c { tcp = "h" }                                             | checks.c.tcp           | MALFORMED
            checks.c { tcp = "h:0" }                                           | checks.c.tcp           | OUT_OF_RANGE
            checks.c { tcp = "h:65536" }                                       | checks.c.tcp           | OUT_OF_RANGE
            checks.c { tcp = "h:1", interval = 9ms }                           | checks.c.interval      | OUT_OF_RANGE
            checks.c { tcp = "h:1", timeout = 2d }                             | checks.c.timeout       | OUT_OF_RANGE
            checks.c { tcp = "h:1", rise = 0 }                                 | checks.c.rise          | OUT_OF_RANGE
            checks.c { tcp = "h:1", fall = 1001 }                              | checks.c.fall          | OUT_OF_RANGE
            checks.c { tcp = "h:1", weight = 254 }                             | checks.c.weight        | OUT_OF_RANGE
            checks.c { tcp = "h:1", user = nobody }                            | checks.c.user          | UNKNOWN_KEY
            files.f { }                                                        | files.f.file           | MISSING
            files.f { file = relative }                                        | files.f.file           | MALFORMED
            files.f { file = /run/ }                                           | files.f.file           | MALFORMED
            files.f { file = /f, weight = 255 }                                | files.f.weight         | OUT_OF_RANGE
            files.f { file = /f, interval = 1ms }                              | files.f.interval       | OUT_OF_RANGE
            files.f { file = /f, init-value = 2147483648 }                     | files.f.init-value     | OUT_OF_RANGE
            files.f { file = /f, overwrite = true }                            | files.f.overwrite      | CONFLICT
            processes.p { }                                                    | processes.p.process    | MISSING
            processes.p { process = "" }                                       | processes.p.process    | MALFORMED
            processes.p { process = [] }                                       | processes.p.process    | MALFORMED
            processes.p { process = a, quorum = 65536 }                        | processes.p.quorum     | OUT_OF_RANGE
            processes.p { process = a, quorum = 3, quorum-max = 2 }            | processes.p.quorum-max | CONFLICT
            processes.p { process = a, delay = 2h }                            | processes.p.delay      | OUT_OF_RANGE
            processes.p { process = a, fork-delay = -1s }                      | processes.p.fork-delay | MALFORMED
            processes.p { process = a, param-match = some }                    | processes.p.param-match | OUT_OF_RANGE
            processes.p { process = a, weight = -255 }                         | processes.p.weight     | OUT_OF_RANGE
            scripts.s { command = /bin/true, init = maybe }                    | scripts.s.init         | OUT_OF_RANGE
            scripts.s { command = /bin/true, reverse = 3 }                     | scripts.s.reverse      | MALFORMED
            notify { fifo = events }                                           | notify.fifo            | MALFORMED
            notify { fifo = /run/ }                                            | notify.fifo            | MALFORMED
            notify { fifo = [/run/fifo] }                                      | notify.fifo            | WRONG_TYPE
            """)
    void aWrongValueIsNamedAndNoPasswordShown(String text, String key, FaultReason reason) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text, ""));

        assertThat(e).as(text).isNotNull();
        assertThat(e.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("holdfast.vrrp." + key);
            assertThat(fault.reason()).isEqualTo(reason);
            assertThat(fault.message()).doesNotContain("s3cret");
        });
    }

    @Test
    void aReferenceOverridesWeightAndDirection() throws ConfigException {
        TrackConfig track = load(
                        "files { a { file = /a, weight = 3, reverse = true }, b { file = /b } }",
                        "files = [a, { name = b, weight = -254, reverse = true }]")
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .track();

        assertThat(track.files()).containsExactly(new Tracked("a", 3, true), new Tracked("b", -254, true));
    }

    @Test
    void theFifoArrives() throws ConfigException {
        assertThat(load("notify.fifo = /run/holdfast/fifo", "").config().vrrp().fifo())
                .contains(Path.of("/run/holdfast/fifo"));
        assertThat(load("", "").config().vrrp().fifo()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"checks, check", "files, file", "processes, process", "scripts, script"})
    void aReferenceToNothingSaysWhatThereIs(String key, String kind) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load("", key + " = [ghost]"));

        assertThat(e.faults()).singleElement().satisfies((Fault fault) -> {
            assertThat(fault.reason()).isEqualTo(FaultReason.DANGLING_REFERENCE);
            assertThat(fault.message()).contains("the name of a " + kind + " under holdfast.vrrp." + key);
        });
    }

    @Test
    void whatNobodyTracksIsAWarning() throws ConfigException {
        assertThat(load("files.a { file = /a }, checks.c { tcp = \"h:1\" }", "checks = [c]")
                        .warnings())
                .extracting(ConfigWarning::reason)
                .containsExactly(WarningReason.UNUSED_TRACKER);
    }
}
