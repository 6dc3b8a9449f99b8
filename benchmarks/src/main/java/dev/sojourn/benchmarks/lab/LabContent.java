package dev.sojourn.benchmarks.lab;

import dev.sojourn.spi.SessionSource;

/**
 * What a lab server serves.
 *
 * @param sessions the sessions to mount
 * @param endpoints the endpoints over this kind of session
 */
record LabContent(SessionSource sessions, LabEndpoints endpoints) {}
