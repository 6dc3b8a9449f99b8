package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A record that is being changed. Its attributes are assembled once, however many changes there are. */
final class RecordDraft {
    private final SessionRecord from;
    private final JsonMembers.Draft attributes;
    private SessionSettings settings;
    private @Nullable SignInFacts signIn;
    private @Nullable Remember remember;
    private @Nullable Generation generation;

    RecordDraft(SessionRecord from) {
        this.from = from;
        this.attributes = from.attributes().draft();
        this.settings = from.settings();
        this.signIn = from.signIn();
        this.remember = from.remember();
        this.generation = from.generation();
    }

    /** Returns a record with changes applied. */
    static SessionRecord apply(SessionRecord record, List<AttributeChange> changes) {
        RecordDraft draft = new RecordDraft(record);
        changes.forEach(change -> change.applyTo(draft));
        return draft.record();
    }

    JsonMembers.Draft attributes() {
        return attributes;
    }

    void configure(UnaryOperator<SessionSettings> change) {
        settings = change.apply(settings);
    }

    /** Changes the facts of the sign-in, if a user is signed in. */
    void changeSignIn(UnaryOperator<SignInFacts> change) {
        if (from.subject() != null) {
            signIn = change.apply(Objects.requireNonNullElse(signIn, SignInFacts.NONE));
        }
    }

    void link(Remember changed) {
        remember = changed;
    }

    /** Makes the next generation of the session's token the current one, if the table says so for the client's. */
    void renew(VerifiedId token, TokenRenewal renewal) {
        Rotation rotation = renewal.judge(token, from);
        if (rotation instanceof Rotation.Advance advance) {
            generation = advance.next();
        } else if (rotation instanceof Rotation.Recover recover) {
            generation = recover.found();
        }
    }

    /** Returns the record as it is now; the original if nothing has changed. */
    SessionRecord record() {
        return from.withAttributes(attributes.members())
                .withSettings(settings)
                .withSignIn(signIn)
                .withRemember(remember)
                .withGeneration(generation);
    }
}
