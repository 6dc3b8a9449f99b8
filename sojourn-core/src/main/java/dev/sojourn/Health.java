package dev.sojourn;

import java.time.Duration;
import java.util.Optional;

/**
 * How the session store is, as one read found it.
 *
 * @param up whether it answered
 * @param took how long it took to answer or to fail
 * @param problem what was wrong, fit for an operator's page; empty if it is up
 */
public record Health(boolean up, Duration took, Optional<String> problem) {}
