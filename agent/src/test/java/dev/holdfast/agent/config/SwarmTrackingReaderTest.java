package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.config.SwarmTracking.Condition;
import dev.holdfast.agent.config.report.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmTrackingReaderTest {
    private static Optional<SwarmTracking> read(String value, String more) throws ConfigException {
        String config = """
                holdfast.vrrp.instances.VI_1 {
                  interface = eth0
                  virtual-router-id = 51
                  addresses = ["10.0.0.70/24"]
                  track.swarm = %s
                }
                %s
                """.formatted(value, more);
        return new ConfigLoader(Map.of(), () -> "host")
                .load("test.conf", config)
                .config()
                .vrrp()
                .instances()
                .getFirst()
                .track()
                .swarm();
    }

    @Test
    void offOnAndABlock() throws ConfigException {
        assertThat(read("off", "")).isEmpty();
        assertThat(read("on", "")).contains(SwarmTracking.ON);
        assertThat(read("{}", "")).contains(SwarmTracking.ON);
        assertThat(read("""
                        { require = [docker, manager], ports = ["tcp:443", "tcp:80", "tcp:443"], weight = -50,
                          rise = 4, fall = 5, leader-weight = 10 }""", ""))
                .contains(new SwarmTracking(
                        Set.of(Condition.DOCKER, Condition.MANAGER), List.of(443, 80), 4, 5, -50, 10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    maybe                     | off, on, or a block
                    { require = [manager] }   | a Swarm that lost its quorum would have no MASTER to heal it
                    { require = [drained] }   | docker, ready, not-drained, manager
                    { ports = ["udp:53"] }    | tcp:PORT
                    { ports = ["tcp:0"] }     | 1..65535
                    { weight = 5 }            | -253..0
                    { leader-weight = -1 }    | 0..253
                    { wieght = -5 }           | did you mean weight
                    """)
    void whatIsWrongIsNamed(String value, String message) {
        assertThatThrownBy(() -> read(value, ""))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .anySatisfy(fault -> assertThat(fault.message()).contains("track.swarm", message)));
    }

    @Test
    void aSwarmThatNobodyWatchesCanNotBeFollowed() {
        assertThatThrownBy(() -> read("on", "holdfast.swarm.enabled = false"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .singleElement()
                                .satisfies(fault ->
                                        assertThat(fault.message()).contains("swarm.enabled", "tracks the Swarm")));
    }
}
