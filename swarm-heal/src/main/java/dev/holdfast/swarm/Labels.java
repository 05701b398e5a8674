package dev.holdfast.swarm;

import java.util.Locale;

/** One spelling of enum constants for people and metrics. */
public final class Labels {

    private Labels() {}

    /** {@return the name in lower case with dashes} */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
