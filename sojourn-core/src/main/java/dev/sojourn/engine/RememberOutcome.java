package dev.sojourn.engine;

/** The result of presenting a remember-me token. Failures are thrown. */
sealed interface RememberOutcome {
    /**
     * The user is signed in.
     *
     * @param session the new session
     * @param browser the browser's record as it is stored, with the generation of the token that the client gets
     * @param hadLostWrites whether the record did not know the client's generation before: the store had lost writes
     */
    record SignedIn(CommitOutcome.Created session, RecordSnapshot browser, boolean hadLostWrites)
            implements RememberOutcome {}

    /**
     * The client presented a generation that was replaced before. The browser's record is still stored, and is to be ended.
     *
     * @param browser the record
     */
    record Reused(RecordSnapshot browser) implements RememberOutcome {}

    /** The browser is not remembered any more. */
    enum Gone implements RememberOutcome {
        /** The only one. */
        INSTANCE
    }
}
