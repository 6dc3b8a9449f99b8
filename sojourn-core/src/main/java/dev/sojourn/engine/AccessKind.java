package dev.sojourn.engine;

/** Whether what a request writes counts as use of its session. */
enum AccessKind {
    /** Each write restarts the idle timeout. */
    USE,
    /** The idle timeout runs on, whatever is written. */
    QUIET
}
