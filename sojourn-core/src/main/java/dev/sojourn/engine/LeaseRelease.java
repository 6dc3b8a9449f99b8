package dev.sojourn.engine;

import dev.sojourn.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** Removes a request's lease from a record, and changes nothing else. Its result is null if the lease was not there any more. */
final class LeaseRelease implements RecordWrite<@Nullable RecordSnapshot> {
    private final String holder;
    private final RecordWriter writer;
    private final EventBuffer events;
    private @Nullable RecordSnapshot free;

    LeaseRelease(String holder, RecordWriter writer, EventBuffer events) {
        this.holder = holder;
        this.writer = writer;
        this.events = events;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        if (!LeaseManager.isHeld(base.record(), holder)) {
            free = null;
            return Outcome.DONE;
        }
        free = writer.next(base, base.record().leased(null));
        return writer.replace(base, free, events);
    }

    @Override
    public @Nullable RecordSnapshot result() {
        return free;
    }

    @Override
    public @Nullable RecordSnapshot resultIfLost(StoredState found) {
        return null;
    }
}
