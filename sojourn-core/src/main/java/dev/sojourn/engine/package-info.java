/**
 * The engine, not exported. {@link dev.sojourn.engine.CommitPlan} decides what a commit writes,
 * {@link dev.sojourn.engine.SessionRecords} reads and writes records, {@link dev.sojourn.engine.Deadlines} decides when
 * sessions end, the formats encode records and ids, and only the transports touch headers.
 */
@NullMarked
package dev.sojourn.engine;

import org.jspecify.annotations.NullMarked;
