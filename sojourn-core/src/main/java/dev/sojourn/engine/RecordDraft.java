package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import java.util.List;
import java.util.function.UnaryOperator;

/** A record that is being changed. Its attributes are assembled once, however many changes there are. */
final class RecordDraft {
    private final SessionRecord from;
    private final JsonMembers.Draft attributes;
    private SessionSettings settings;

    RecordDraft(SessionRecord from) {
        this.from = from;
        this.attributes = from.attributes().draft();
        this.settings = from.settings();
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

    /** Returns the record as it is now; the original if nothing has changed. */
    SessionRecord record() {
        return from.withAttributes(attributes.members()).withSettings(settings);
    }
}
