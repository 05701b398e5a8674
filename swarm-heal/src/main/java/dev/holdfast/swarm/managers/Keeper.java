package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;

/** Looks after one thing. Called on the healer's thread alone. */
interface Keeper {

    KeepTask task();

    /** Makes the plan for this moment; changes nothing in the Swarm. */
    KeepPlan plan(Caretaker.Round round, ManagersConfig config);

    /** Does what the plan of this very round says. */
    void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig config);
}
