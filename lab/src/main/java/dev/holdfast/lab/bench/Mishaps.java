package dev.holdfast.lab.bench;

/**
 * What must not happen while nothing is wrong with the network.
 *
 * @param taken how often an instance of the lower priority became MASTER
 * @param left how often an instance of the higher priority stopped being MASTER, or could not become it
 */
record Mishaps(int taken, int left) {
    static Mishaps of(Running high, Running low) {
        return new Mishaps(low.timesEntered("MASTER"), high.timesEntered("BACKUP") + high.timesEntered("FAULT"));
    }

    Mishaps minus(Mishaps earlier) {
        return new Mishaps(taken - earlier.taken, left - earlier.left);
    }
}
