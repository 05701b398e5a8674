package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;

/** Judges the address that a join would advertise, as for a force. */
@FunctionalInterface
interface AddressChoice {

    /**
     * Chooses and judges.
     *
     * @param nodeAddress the one the Swarm knew this node by, empty if none
     */
    AdvertiseAddress choose(String nodeAddress);
}
