package dev.holdfast.agent.track;

import dev.holdfast.agent.config.CheckConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Connects to a service. The deadline holds for the whole of it, the name look-up and the last byte of the answer too: the
 * result is there by then, and the next look starts only when nothing of this one is left.
 */
record CheckProbe(CheckConfig config) implements ConfiguredProbe {
    @Override
    public void look(Consumer<Reading> outcome) throws InterruptedException {
        Callable<Reading> attempt = switch (config.target()) {
            case CheckConfig.Http http -> () -> HttpCheck.get(http);
            case CheckConfig.Tcp tcp -> () -> connect(tcp.endpoint());
        };
        FutureTask<Reading> task = new FutureTask<>(attempt);
        // A thread of its own: a name look-up can't be interrupted, and must not delay the result.
        Thread worker = Thread.ofVirtual().name("check-" + config.name()).start(task);
        try {
            outcome.accept(task.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            worker.interrupt();
            outcome.accept(
                    Reading.of(false, "no answer within " + config.timeout().toMillis() + " ms"));
        } catch (ExecutionException e) {
            outcome.accept(Reading.of(false, describe(Objects.requireNonNullElse(e.getCause(), e))));
        } catch (InterruptedException e) {
            worker.interrupt();
            throw e;
        }
        worker.join();
    }

    private static Reading connect(InetSocketAddress endpoint) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(endpoint.getHostString(), endpoint.getPort());
        if (resolved.isUnresolved()) {
            throw new UnknownHostException(endpoint.getHostString());
        }
        // An interrupt at the deadline closes the socket of a virtual thread: it needs no time-out of its own.
        try (Socket socket = new Socket()) {
            socket.connect(resolved);
            return Reading.of(true, "connected");
        }
    }

    /** The first words in the chain of causes: HttpClient wraps the reason, often without any. */
    private static String describe(Throwable thrown) {
        Throwable last = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                return cause.getMessage();
            }
            last = cause;
        }
        return thrown instanceof ConnectException
                ? "connection refused"
                : last.getClass().getSimpleName();
    }
}
