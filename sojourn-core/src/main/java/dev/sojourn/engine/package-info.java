/**
 * The engine, not exported. {@link dev.sojourn.engine.CommitPlan} decides what a commit writes,
 * {@link dev.sojourn.engine.SessionRecords} reads and writes records, {@link dev.sojourn.engine.Deadlines} decides when
 * sessions end, the formats encode records and ids. {@link dev.sojourn.engine.Engine} creates all parts.
 */
@NullMarked
package dev.sojourn.engine;

import org.jspecify.annotations.NullMarked;
