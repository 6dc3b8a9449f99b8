package dev.sojourn;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of the session store, as one read found it.
 *
 * @param up whether the store responded
 * @param took how long the store took to respond or to fail
 * @param problem what went wrong, suitable for an operator's page; empty if the store is up
 */
public record Health(boolean up, Duration took, Optional<String> problem) {}
