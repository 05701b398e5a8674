package dev.holdfast.swarm;

import java.util.Locale;

/** One spelling of enum constants for people and metrics. */
final class Labels {

    private Labels() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
