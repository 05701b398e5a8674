package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.util.function.Supplier;

/** The answering side: gives promises and takes them back; leaves every other request to the next. */
public final class Acceptor implements PeerAnswers {

    private final Peers peers;
    private final PromiseDesk desk;
    private final Supplier<View> view;
    private final PeerAnswers next;

    /**
     * Makes one.
     *
     * @param view what this agent sees of the Swarm now; called from any thread
     * @param next answers what is not about promises
     */
    public Acceptor(Peers peers, PromiseDesk desk, Supplier<View> view, PeerAnswers next) {
        this.peers = peers;
        this.desk = desk;
        this.view = view;
        this.next = next;
    }

    @Override
    public PeerReply answer(String from, PeerRequest request) {
        return switch (request) {
            case PeerRequest.Promise promise -> desk.answer(from, promise, view.get(), peers.configured());
            case PeerRequest.Release release -> desk.release(release);
            default -> next.answer(from, request);
        };
    }
}
