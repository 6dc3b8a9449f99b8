package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import java.util.List;
import java.util.function.UnaryOperator;

/** A record that is being changed. However many changes there are, its attributes are put together once. */
final class Draft {
    private final SessionRecord from;
    private final JsonMembers.Draft attributes;
    private SessionSettings settings;

    Draft(SessionRecord from) {
        this.from = from;
        this.attributes = from.attributes().draft();
        this.settings = from.settings();
    }

    /** A record with changes. */
    static SessionRecord applied(SessionRecord record, List<Change> changes) {
        Draft draft = new Draft(record);
        changes.forEach(change -> change.on(draft));
        return draft.record();
    }

    JsonMembers.Draft attributes() {
        return attributes;
    }

    void configure(UnaryOperator<SessionSettings> change) {
        settings = change.apply(settings);
    }

    /** The record as it is now; the one that the draft was made of if nothing has changed. */
    SessionRecord record() {
        return from.withAttributes(attributes.members()).withSettings(settings);
    }
}
