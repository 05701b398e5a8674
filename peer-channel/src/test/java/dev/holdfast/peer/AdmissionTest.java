package dev.holdfast.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.peer.Admission.Place;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Places are few, and strangers can't take those of peers. */
class AdmissionTest {
    private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.2");

    private final Admission admission = new Admission(PeerLimits.DEFAULT);

    private List<Place> strangers() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Place place = admission.enter(InetAddress.ofLiteral("192.0.2." + i % 250), false);
            if (place != null) {
                places.add(place);
            }
        }
        return places;
    }

    @Test
    void strangersFromAnywhereAreBoundedAndKeepNoPeerOut() {
        List<Place> strangers = strangers();
        assertThat(strangers).hasSize(PeerLimits.DEFAULT.handshakes());
        assertThat(admission.enter(PEER, false)).isNull();
        Place peer = Objects.requireNonNull(admission.enter(PEER, true));
        assertThat(peer.prove()).isTrue();
        strangers.forEach(Place::close);
        peer.close();
        assertThat(admission.connections()).isZero();
        assertThat(strangers()).hasSize(PeerLimits.DEFAULT.handshakes());
    }

    @Test
    void oneAddressHasFewPlacesEvenIfItIsAPeers() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < PeerLimits.DEFAULT.connectionsPerAddress(); i++) {
            Place place = Objects.requireNonNull(admission.enter(PEER, true));
            assertThat(place.prove()).isTrue();
            places.add(place);
        }
        assertThat(admission.enter(PEER, true)).isNull();
        places.getFirst().close();
        assertThat(admission.enter(PEER, true)).isNotNull();
    }

    @Test
    void whoeverHasProvenItselfTakesNoStrangersPlaceAndIsBoundedToo() {
        int proven = 0;
        for (int i = 0; i < 1000; i++) {
            Place place = admission.enter(InetAddress.ofLiteral("198.51.100." + i % 250), false);
            if (place == null || !place.prove()) {
                break;
            }
            proven++;
        }
        assertThat(proven).isEqualTo(PeerLimits.DEFAULT.connections());
    }
}
