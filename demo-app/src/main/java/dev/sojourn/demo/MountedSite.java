package dev.sojourn.demo;

import dev.sojourn.Health;
import dev.sojourn.demo.pages.Site;
import dev.sojourn.spi.SessionSource;
import java.util.function.Supplier;

/**
 * The pages together with their sessions.
 *
 * @param sessions what the session adapter mounts
 * @param health checks the store
 */
record MountedSite(Site site, SessionSource sessions, Supplier<Health> health) {}
