package dev.sojourn.engine;

import dev.sojourn.spi.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Removes a request's lease from a record, and changes nothing else. */
final class LeaseRelease implements RetryableWrite<Optional<RecordSnapshot>> {
    private final String holder;
    private final AccessKind access;
    private final RecordWriter writer;
    private final EventBuffer events;
    private @Nullable RecordSnapshot next;

    LeaseRelease(String holder, AccessKind access, RecordWriter writer, EventBuffer events) {
        this.holder = holder;
        this.access = access;
        this.writer = writer;
        this.events = events;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        if (!LeaseManager.isHeld(base.record(), holder)) {
            next = null;
            return Outcome.DONE;
        }
        RecordSnapshot free = writer.next(base, base.record().withLease(null), access);
        next = free;
        return writer.replace(base, free, events);
    }

    /** Returns the record without the lease; empty if the lease was not there any more. */
    @Override
    public Optional<RecordSnapshot> finish() {
        return Optional.ofNullable(next);
    }

    /** The lease has ended with the session. */
    @Override
    public Optional<RecordSnapshot> finishNotLive(StoredState found) {
        return Optional.empty();
    }
}
