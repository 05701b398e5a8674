package dev.holdfast.lab.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The benches there are. */
enum Suite {
    /** The protocol: who owns the address, how soon, at what cost. */
    VRRP,
    /** Swarms that lose managers: Holdfast, and a notify script that forces a new cluster when it sees no leader. */
    HEAL;

    /** Its word on the command line and in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it measures, in the order of the table. */
    List<Figure> figures() {
        return switch (this) {
            case VRRP ->
                List.of(
                        new TakeOver(100, false),
                        new TakeOver(10, false),
                        new TakeOver(100, true),
                        new TakeOver(10, true),
                        new HandOver(),
                        new ManyAdverts(),
                        new StartTogether(1000),
                        new StartTogether(100),
                        new BusyCores(),
                        new AfterKill(),
                        new StartUp(),
                        new Memory());
            case HEAL -> List.of(new ManagersLost(3, 1), new ManagersLost(2, 1), new ManagersLost(3, 2));
        };
    }

    /** The bench with that word. */
    static Optional<Suite> of(String key) {
        return Arrays.stream(values()).filter(suite -> suite.key().equals(key)).findFirst();
    }
}
