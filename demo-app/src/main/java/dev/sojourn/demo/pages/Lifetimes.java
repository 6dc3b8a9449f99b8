package dev.sojourn.demo.pages;

import java.time.Duration;

/** The timeouts of the demo's sessions: the library's defaults, repeated here so that a page can show them. */
public final class Lifetimes {
    /** The idle timeout. */
    public static final Duration IDLE = Duration.ofMinutes(30);
    /** The absolute timeout. */
    public static final Duration ABSOLUTE = Duration.ofHours(12);
    /** The time for which a request that only reads does not restart the idle timeout. */
    public static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

    private Lifetimes() {}
}
