package dev.sojourn.histories;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client heard.
 *
 * @param meaning what that says about the operation
 * @param view what the session held, if the operation was done
 * @param given the token that the client was given, or null
 * @param cookieCleared whether the client's cookie was taken away
 * @param note the status and the first words, for the reader of a bad history
 */
record Answer(
        Meaning meaning, @Nullable View view, @Nullable String given, boolean cookieCleared, String note) {
    /** What an answer says about the operation. */
    enum Meaning {
        /** It was done. */
        DONE,
        /** The token stands for no session of anybody, so nothing was done. */
        EMPTY,
        /** It was not done and never will be. */
        REFUSED,
        /** It was done, will be done, or never will. */
        UNKNOWN,
        /** Nothing that a client should ever see. */
        ABSURD
    }

    static Answer done(View view, @Nullable String given) {
        return new Answer(Meaning.DONE, view, given, false, "200");
    }

    static Answer empty() {
        return new Answer(Meaning.EMPTY, null, null, false, "404");
    }

    static Answer refused(String note) {
        return new Answer(Meaning.REFUSED, null, null, false, note);
    }

    static Answer unknown(String note) {
        return new Answer(Meaning.UNKNOWN, null, null, false, note);
    }

    boolean isDone() {
        return meaning == Meaning.DONE;
    }

    boolean isEmpty() {
        return meaning == Meaning.EMPTY;
    }

    /** Whether a node said it, and not a connection that broke. */
    boolean fromNode() {
        return !note.isEmpty() && Character.isDigit(note.charAt(0));
    }

    /** Whether the operation was done or may have been, or may still be. */
    boolean mayHaveHappened() {
        return meaning == Meaning.DONE || meaning == Meaning.UNKNOWN || meaning == Meaning.ABSURD;
    }

    View seen() {
        return Objects.requireNonNull(view, "what was done was seen");
    }
}
