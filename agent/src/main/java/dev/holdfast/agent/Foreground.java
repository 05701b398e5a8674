package dev.holdfast.agent;

import dev.holdfast.agent.cli.ConfigSupplier;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.service.Heartbeat;
import dev.holdfast.agent.service.RolesLine;
import dev.holdfast.agent.service.ServiceManager;
import dev.holdfast.agent.signals.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an agent until a signal ends it. TERM and INT leave, the second one without a hand-over; HUP reloads. */
final class Foreground {
    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

    /** The kernel of a stuck host may never answer; a supervisor's patience ends too. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(30);

    /** What a signal asks for. */
    enum Order {
        RELOAD,
        LEAVE
    }

    private Foreground() {}

    /** Blocks until the agent has left; throws only if it could not start. */
    static void run(ConfigSupplier source, Path runDir, Path stateDir) throws ConfigException, AgentException {
        // Before anything else: a signal that comes during the start is obeyed after it.
        BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
        Signals.on("TERM", () -> orders.add(Order.LEAVE));
        Signals.on("INT", () -> orders.add(Order.LEAVE));
        Signals.on("HUP", () -> orders.add(Order.RELOAD));
        Agent agent = Agent.start(source, runDir, stateDir);
        StartCache.complaint(
                        Path.of(System.getProperty("java.library.path", "")), System.getProperty("java.vm.info", ""))
                .ifPresent(LOG::warn);
        StartCache.keepSmall(agent::rehearse);
        ServiceManager manager =
                ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
        try (Heartbeat heartbeat = Heartbeat.start(manager, agent::isWell, () -> RolesLine.of(agent.roles()))) {
            agent.whenChanged(heartbeat::changed);
            manager.ready();
            obey(agent, orders, manager, heartbeat);
        }
    }

    private static void obey(Agent agent, BlockingQueue<Order> orders, ServiceManager manager, Heartbeat heartbeat) {
        try {
            while (orders.take() == Order.RELOAD) {
                manager.reloading();
                agent.reload();
                manager.ready();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        heartbeat.leaving();
        Thread.ofPlatform().daemon().name("leave-limit").start(() -> watchLeaving(agent, orders));
        agent.stop();
    }

    /** Another order to leave is impatience; a leave that does not end is ended. */
    private static void watchLeaving(Agent agent, BlockingQueue<Order> orders) {
        long end = System.nanoTime() + LEAVE_LIMIT.toNanos();
        try {
            for (long left = LEAVE_LIMIT.toNanos(); left > 0; left = end - System.nanoTime()) {
                if (orders.poll(left, TimeUnit.NANOSECONDS) == Order.LEAVE) {
                    agent.hurry();
                }
            }
            LOG.error("Not gone after {} s: ended by force", LEAVE_LIMIT.toSeconds());
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
