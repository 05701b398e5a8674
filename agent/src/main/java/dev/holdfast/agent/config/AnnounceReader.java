package dev.holdfast.agent.config;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.engine.announce.FrameBudget;
import java.time.Duration;

/** Reads how addresses are announced: for all instances, and for one of them in what it says otherwise. */
final class AnnounceReader {
    /** What the block {@code vrrp.announce} says. */
    record General(Announcements announcements, int perSecond) {}

    private AnnounceReader() {}

    /** Every key that it names holds for the instances that don't name it. */
    static General general(Section section) {
        Announcements usual = Announcements.DEFAULT;
        // A rival is contradicted as much as a take-over is announced, unless the block says otherwise.
        int repeat = repeat(section, "repeat", 1, usual.repeat());
        Duration delay = delay(section, "delay", usual.delay());
        Announcements announcements = read(section, usual, repeat, delay, repeat, delay);
        int perSecond = section.integer(
                "per-second", FrameBudget.MIN_PER_SECOND, FrameBudget.MAX_PER_SECOND, FrameBudget.DEFAULT_PER_SECOND);
        section.finish();
        return new General(announcements, perSecond);
    }

    /** Those of one instance. */
    static Announcements ofInstance(Section section, Announcements general) {
        int repeat = repeat(section, "repeat", 1, general.repeat());
        Duration delay = delay(section, "delay", general.delay());
        Announcements announcements =
                read(section, general, repeat, delay, general.lowerPriorityRepeat(), general.lowerPriorityDelay());
        section.finish();
        return announcements;
    }

    private static Announcements read(
            Section section,
            Announcements fallback,
            int repeat,
            Duration delay,
            int lowerPriorityRepeat,
            Duration lowerPriorityDelay) {
        return new Announcements(
                repeat,
                delay,
                interval(section, "spacing", fallback.spacing()),
                repeat(section, "lower-priority-repeat", 0, lowerPriorityRepeat),
                delay(section, "lower-priority-delay", lowerPriorityDelay),
                delay(section, "refresh", fallback.refresh()),
                repeat(section, "refresh-repeat", 1, fallback.refreshRepeat()),
                interval(section, "arp-interval", fallback.arpInterval()),
                interval(section, "na-interval", fallback.naInterval()));
    }

    private static int repeat(Section section, String key, int least, int fallback) {
        return section.integer(key, least, Announcements.MAX_REPEAT, fallback);
    }

    private static Duration delay(Section section, String key, Duration fallback) {
        return section.duration(key, Duration.ZERO, Announcements.MAX_DELAY, fallback);
    }

    private static Duration interval(Section section, String key, Duration fallback) {
        return section.duration(key, Duration.ZERO, Announcements.MAX_INTERVAL, fallback);
    }
}
