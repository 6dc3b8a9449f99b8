package dev.sojourn.engine;

import dev.sojourn.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** Removes a request's lease from a record, and changes nothing else. */
final class LeaseRelease implements RetryableWrite {
    private final String holder;
    private final RecordWriter writer;
    private final EventBuffer events;
    private @Nullable RecordSnapshot next;
    private @Nullable RecordSnapshot released;

    LeaseRelease(String holder, RecordWriter writer, EventBuffer events) {
        this.holder = holder;
        this.writer = writer;
        this.events = events;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        if (!LeaseManager.isHeld(base.record(), holder)) {
            next = null;
            return Outcome.DONE;
        }
        RecordSnapshot free = writer.next(base, base.record().withLease(null));
        next = free;
        return writer.replace(base, free, events);
    }

    @Override
    public void finish() {
        released = next;
    }

    @Override
    public void finishLost(StoredState found) {
        // The lease has gone with the session.
    }

    /** Returns the record without the lease; null if the lease was not there any more. */
    @Nullable
    RecordSnapshot released() {
        return released;
    }
}
