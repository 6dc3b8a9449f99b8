package dev.sojourn.engine;

/** The result of presenting a generation of a session's refresh token. Failures are thrown. */
sealed interface RotationOutcome {
    /**
     * The client gets the generation that is in the record: a new one, or the same again.
     *
     * @param snapshot the record as it is stored
     */
    record Current(RecordSnapshot snapshot) implements RotationOutcome {}

    /**
     * The same, and the record did not know the client's generation before: the store had lost writes.
     *
     * @param snapshot the record as it is stored
     */
    record Recovered(RecordSnapshot snapshot) implements RotationOutcome {}

    /**
     * The client presented a generation that was replaced before. The session is still stored, and is to be ended.
     *
     * @param snapshot the record as it is stored
     */
    record Reused(RecordSnapshot snapshot) implements RotationOutcome {}

    /**
     * All sessions of the user were ended after the login of this one. It is still stored, and is to be ended.
     *
     * @param snapshot the record as it is stored
     */
    record UserEnded(RecordSnapshot snapshot) implements RotationOutcome {}

    /** There is no such session, or it has no refresh tokens. */
    enum Gone implements RotationOutcome {
        /** The only one. */
        INSTANCE
    }
}
