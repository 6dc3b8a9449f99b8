/**
 * The engine, not exported. One noun a class: {@link dev.sojourn.engine.CommitPlan} decides,
 * {@link dev.sojourn.engine.SessionRecords} is the only caller of a store, {@link dev.sojourn.engine.Deadlines} judges time,
 * the formats turn records and ids into bytes and text, the transports alone touch headers.
 */
@NullMarked
package dev.sojourn.engine;

import org.jspecify.annotations.NullMarked;
