package dev.sojourn.demo.pages;

import java.time.Duration;

/** How long the demo's sessions live: the library's defaults, written out so that a page can show them. */
public final class Lifetimes {
    /** Without being used. */
    public static final Duration IDLE = Duration.ofMinutes(30);
    /** Used or not. */
    public static final Duration ABSOLUTE = Duration.ofHours(12);
    /** How long reading alone costs no store call to restart the idle time. */
    public static final Duration TOUCH = Duration.ofMinutes(1);

    private Lifetimes() {}
}
