package dev.holdfast.agent.http;

/** What there is to read. Called on virtual threads, from several at once. */
public interface Pages {
    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param contentType of the body
     * @param body may be empty
     */
    record Page(int status, String contentType, String body) {}

    /** {@code /metrics}: Prometheus' text format. */
    Page metrics();

    /** {@code /healthz}: 200 while the event loop answers within a second, 503 otherwise. */
    Page health();

    /** {@code /readyz}: 200 once the engine runs what is configured. */
    Page readiness();

    /** {@code /api/v1/status}: JSON. */
    Page status();

    /** {@code /api/v1/cluster}: JSON, the status of all agents. */
    Page cluster();
}
