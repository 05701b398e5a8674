package dev.holdfast.agent.service;

import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.ffi.UnixDatagram;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that started the agent and wants to hear how it is: sd_notify(3), the protocol of systemd that other
 * supervisors speak too. Nothing is sent where nobody asked for it, and no failure to send is more than a warning.
 */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";

    private final Consumer<String> sender;
    private final Optional<Duration> watchdog;
    private final boolean present;
    private final AtomicBoolean complained = new AtomicBoolean();

    private ServiceManager(Consumer<String> sender, boolean present, Optional<Duration> watchdog) {
        this.sender = sender;
        this.present = present;
        this.watchdog = watchdog;
    }

    /**
     * The one that the environment names, if any.
     *
     * @param pid of this process: a watchdog may be meant for another one
     */
    public static ServiceManager of(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault(SOCKET, "");
        return socket.isEmpty()
                ? new ServiceManager(_ -> {}, false, Optional.empty())
                : new ServiceManager(text -> UnixDatagram.send(socket, text), true, watchdog(environment, pid));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String process = environment.getOrDefault(WATCHDOG_PROCESS, "");
        try {
            long micros = Long.parseLong(environment.getOrDefault(WATCHDOG, "0"));
            return micros > 0 && (process.isEmpty() || Long.parseLong(process) == pid)
                    ? Optional.of(Duration.ofNanos(Math.multiplyExact(micros, 1_000)))
                    : Optional.empty();
        } catch (NumberFormatException | ArithmeticException e) {
            LOG.warn("{} and {} are not understood, so there is no watchdog", WATCHDOG, WATCHDOG_PROCESS);
            return Optional.empty();
        }
    }

    /** Whether anybody wants to hear. */
    public boolean isPresent() {
        return present;
    }

    /** After how long a silence, without {@link #alive}, the agent is killed and started anew. */
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /** The agent runs what is configured. */
    public void ready() {
        send("READY=1");
    }

    /** A new configuration is being read; {@link #ready} ends it. */
    public void reloading() {
        // The JDK's clock is CLOCK_MONOTONIC, as it must be here (Type=notify-reload, systemd.service(5)).
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
    }

    /** The agent is about to leave. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** The agent is well, for another while of {@link #watchdog}. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /**
     * What the agent is doing.
     *
     * @param line for people; one line
     */
    public void status(String line) {
        send("STATUS=" + line.replace('\n', ' '));
    }

    private void send(String text) {
        try {
            sender.accept(text);
            complained.set(false);
        } catch (SystemCallException | IllegalArgumentException e) {
            if (!complained.getAndSet(true)) {
                LOG.warn("The service manager of {} can't be told how the agent is: {}", SOCKET, e.getMessage());
            }
        }
    }
}
