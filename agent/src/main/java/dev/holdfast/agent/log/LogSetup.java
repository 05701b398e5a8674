package dev.holdfast.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets logback up without a file: lines of Holdfast from the level that the environment variable {@code HOLDFAST_LOG} names
 * (trace, debug, info, warn, error; info by default), those of libraries from WARN, all to stderr.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final int WAITING_LINES = 4096;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        HandoffAppender appender = new HandoffAppender(System.err, WAITING_LINES);
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.holdfast").setLevel(Level.toLevel(System.getenv("HOLDFAST_LOG"), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Writes what still waits; nothing is logged after it. */
    public static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
