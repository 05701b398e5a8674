package dev.holdfast.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ServiceManagerTest {
    private static final long PID = 4711;
    private static final Pattern RELOADING = Pattern.compile("RELOADING=1\\|MONOTONIC_USEC=(\\d+)");

    @TempDir
    private Path folder;

    @Test
    void whatIsSaidArrivesInTheWordsOfSdNotify() throws Exception {
        try (NotifySocket socket = new NotifySocket(folder)) {
            ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket.name()), PID);

            manager.ready();
            manager.status("VI_1 MASTER\nREADY=0");
            manager.alive();
            manager.stopping();

            assertThat(manager.isPresent()).isTrue();
            assertThat(socket.next()).isEqualTo("READY=1");
            assertThat(socket.next()).isEqualTo("STATUS=VI_1 MASTER READY=0");
            assertThat(socket.next()).isEqualTo("WATCHDOG=1");
            assertThat(socket.next()).isEqualTo("STOPPING=1");
        }
    }

    /** The manager refuses a reload whose time lies before its own request. */
    @Test
    void aReloadCarriesTheTimeOfTheClockThatTheKernelCountsFromBoot() throws Exception {
        try (NotifySocket socket = new NotifySocket(folder)) {
            long before = monotonicMicros();
            ServiceManager.of(Map.of("NOTIFY_SOCKET", socket.name()), PID).reloading();
            long after = monotonicMicros();

            var told = RELOADING.matcher(socket.next());

            assertThat(told.matches()).isTrue();
            assertThat(Long.parseLong(told.group(1))).isBetween(before, after);
        }
    }

    private static long monotonicMicros() throws Exception {
        Process perl = new ProcessBuilder(
                        "perl",
                        "-MTime::HiRes=clock_gettime,CLOCK_MONOTONIC",
                        "-e",
                        "printf '%d', 1e6*clock_gettime(CLOCK_MONOTONIC)")
                .start();
        try (var out = perl.inputReader()) {
            return Long.parseLong(out.readLine());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10000000,        , 10000",
        "10000000,    4711, 10000",
        "10000000,    4712,",
        "       0,        ,",
        "        ,        ,",
        "     -5 ,        ,",
        "     ten,        ,",
        "9223372036854775807, ,",
    })
    void theWatchdogIsTheEnvironments(String micros, String pid, Long millis) {
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "/run/nobody"));
        Optional.ofNullable(micros).ifPresent(value -> environment.put("WATCHDOG_USEC", value));
        Optional.ofNullable(pid).ifPresent(value -> environment.put("WATCHDOG_PID", value));

        assertThat(ServiceManager.of(environment, PID).watchdog())
                .isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
    }

    @Test
    void whereNobodyAskedOrNobodyListensNothingFails() {
        ServiceManager nobody = ServiceManager.of(Map.of("WATCHDOG_USEC", "10000000"), PID);
        ServiceManager deaf = ServiceManager.of(
                Map.of("NOTIFY_SOCKET", folder.resolve("missing").toString()), PID);
        ServiceManager strange = ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:1234"), PID);

        assertThat(nobody.isPresent()).isFalse();
        assertThat(nobody.watchdog()).isEmpty();
        assertThatCode(() -> {
                    nobody.ready();
                    deaf.ready();
                    strange.ready();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void theHeartBeatsWhileTheAgentIsWellAndWhileItLeavesAndTellsWhatHasChanged() throws Exception {
        try (NotifySocket socket = new NotifySocket(folder)) {
            AtomicBoolean well = new AtomicBoolean(true);
            Semaphore asked = new Semaphore(0);
            AtomicReference<String> roles = new AtomicReference<>("VI_1 BACKUP");
            ServiceManager manager =
                    ServiceManager.of(Map.of("NOTIFY_SOCKET", socket.name(), "WATCHDOG_USEC", "200000"), PID);
            try (Heartbeat heartbeat = Heartbeat.start(
                    manager,
                    () -> {
                        boolean answer = well.get();
                        if (!answer) {
                            asked.release();
                        }
                        return answer;
                    },
                    roles::get)) {
                assertThat(socket.next()).isEqualTo("WATCHDOG=1");
                assertThat(socket.next()).isEqualTo("STATUS=VI_1 BACKUP");
                assertThat(socket.next()).isEqualTo("WATCHDOG=1");

                well.set(false);
                asked.acquire();
                roles.set("VI_1 MASTER");
                heartbeat.changed();
                socket.next("STATUS=VI_1 MASTER"::equals);
                asked.acquire(4);
                assertThat(socket.pending()).isEmpty();

                heartbeat.leaving();
                socket.next("STOPPING=1"::equals);
                socket.next("STATUS=leaving"::equals);
                assertThat(socket.next()).isEqualTo("WATCHDOG=1");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            VI_1=BACKUP | VI_1 BACKUP
            b=MASTER a=FAULT | a FAULT, b MASTER
            a=MASTER b=MASTER c=BACKUP d=MASTER e=FAULT | 1 BACKUP, 1 FAULT, 3 MASTER
            """)
    void theRolesOfManyInstancesAreCounted(String roles, String line) {
        Map<String, VrrpState> map = new HashMap<>();
        for (String role : roles.split(" ", -1)) {
            map.put(role.substring(0, role.indexOf('=')), VrrpState.valueOf(role.substring(role.indexOf('=') + 1)));
        }

        assertThat(RolesLine.of(map)).isEqualTo(line);
    }
}
