package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the store for all records, and reports each call as done, not done or unknown.
 *
 * <p><b>Lost responses.</b> After a call whose outcome is unknown the record is loaded. If it has the call's own
 * version, the call was done. If it still has the expected version, the same call is repeated with the same version, so
 * that a late first attempt either is it or fails. Anything else: the outcome is unknown, and is reported as such. A
 * {@code create} whose outcome is unknown is repeated under another id instead: a late first attempt then creates a
 * record whose id no client received, while under the same id it could revive a session that was ended in between.
 */
final class ConfirmingStore {
    /** A key of no id: it is no SHA-256. */
    private static final StoreKey PROBE = StoreKey.of("health");

    private final SessionStore store;
    private final HungCallLimit hung;
    private final RetryPacer pacer;

    ConfirmingStore(SessionStore store, HungCallLimit hung, RetryPacer pacer) {
        this.store = store;
        this.hung = hung;
        this.pacer = pacer;
    }

    Optional<StoredSession> load(StoreKey key, EventBuffer events) {
        try {
            return call(() -> store.load(key).map(ConfirmingStore::refuseIfEncrypted));
        } catch (StoreException e) {
            events.storeUnavailable(e);
            throw new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE, "the session store cannot be read: " + e.getMessage(), e);
        }
    }

    /** Makes one cheap call; throws what the store throws. */
    void probe() {
        call(() -> store.load(PROBE));
    }

    /** Returns false if the key is taken or the outcome is unknown, so that another one has to be tried. */
    boolean create(StoreKey key, StoredSession record, EventBuffer events) {
        try {
            return call(() -> store.create(key, record));
        } catch (StoreException e) {
            events.storeUnavailable(e);
            if (e.isNotDone()) {
                throw refusal(e);
            }
            return reload(key, e, events)
                    .map(current -> current.version() == record.version())
                    .orElse(false);
        }
    }

    /** Returns false if another version is stored or the store did not respond: for a touch neither matters. */
    boolean touch(StoreKey key, long expected, StoredSession touched, EventBuffer events) {
        try {
            return call(() -> store.touch(key, expected, touched.version(), touched.expiresAt()));
        } catch (StoreException e) {
            events.storeUnavailable(e);
            return false;
        }
    }

    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement, EventBuffer events) {
        int unknownOutcomes = 0;
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        while (true) {
            try {
                Outcome outcome = tryCompareAndSet(key, expected, replacement);
                return unknownOutcomes > 0 ? afterRepeat(outcome, replacement) : outcome;
            } catch (StoreException e) {
                events.storeUnavailable(e);
                if (e.isNotDone()) {
                    throw unknownOutcomes > 0
                            ? outcomeUnknown("the store did not respond to a change, then refused to repeat it", e)
                            : refusal(e);
                }
                unknownOutcomes++;
                Optional<StoredSession> current = reload(key, e, events);
                if (current.isPresent() && current.get().version() == replacement.version()) {
                    return Outcome.DONE;
                }
                boolean untouched = current.isPresent() && current.get().version() == expected;
                if (!untouched || deadline.hasPassed()) {
                    throw outcomeUnknown(
                            "the store did not report whether it saved, and the session has changed since", e);
                }
                pacer.pause(unknownOutcomes);
            }
        }
    }

    /** Judges the result of a repeated call: that it lost may mean that the first attempt landed and was overwritten. */
    private static Outcome afterRepeat(Outcome outcome, StoredSession replacement) {
        if (!(outcome instanceof Outcome.Lost lost)) {
            return outcome;
        }
        if (lost.current().isPresent() && lost.current().get().version() == replacement.version()) {
            return Outcome.DONE;
        }
        throw outcomeUnknown("the store did not report whether it saved, and the session has changed since", null);
    }

    /** Makes one attempt; throws what the store throws. */
    Outcome tryCompareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return call(() -> refuseIfEncrypted(store.compareAndSet(key, expected, replacement)));
    }

    /**
     * Deletes a record. If the response was lost, the delete is done if nothing is stored now; else it is to be tried again on what
     * is, after a pause: a store that loses responses is not called again as fast as it can lose them.
     *
     * @param tries the number of this attempt, from 1
     * @param deadline when no further attempt is made
     */
    Outcome delete(StoreKey key, long version, int tries, Deadline deadline, EventBuffer events) {
        try {
            return tryDelete(key, version);
        } catch (StoreException e) {
            events.storeUnavailable(e);
            if (e.isNotDone()) {
                throw refusal(e);
            }
            Optional<StoredSession> current = reload(key, e, events);
            if (current.isEmpty()) {
                return Outcome.DONE;
            }
            pacer.pause(tries);
            if (deadline.hasPassed()) {
                throw outcomeUnknown(
                        "the store did not report whether it removed the session, and the session is still stored", e);
            }
            return Outcome.lost(current.get());
        }
    }

    /** Makes one attempt; throws what the store throws. */
    Outcome tryDelete(StoreKey key, long version) {
        return call(() -> refuseIfEncrypted(store.delete(key, version)));
    }

    /** Removes a record whose id no client received; returns false if the store did not, and it expires instead. */
    boolean remove(RecordSnapshot unpublished, EventBuffer events) {
        try {
            return tryDelete(unpublished.key(), unpublished.version()) instanceof Outcome.Done;
        } catch (StoreException e) {
            events.storeUnavailable(e);
            return false;
        }
    }

    private Optional<StoredSession> reload(StoreKey key, StoreException because, EventBuffer events) {
        try {
            return call(() -> store.load(key));
        } catch (StoreException e) {
            events.storeUnavailable(e);
            e.addSuppressed(because);
            throw outcomeUnknown("the store did not report whether it saved, and cannot be read", e);
        }
    }

    /** What {@link EncryptingStore} could not decrypt belongs to nodes that have the secret, and stays for them. */
    private static StoredSession refuseIfEncrypted(StoredSession found) {
        if (RecordCipher.isEncrypted(found.payload())) {
            throw StoreException.notDone(
                    "the session is encrypted with a secret that this node does not have: list it in"
                            + " c.encryptRecords(newOne, formerOne), with Spring sojourn.encrypt-records=newOne,formerOne",
                    null);
        }
        return found;
    }

    private static Outcome refuseIfEncrypted(Outcome outcome) {
        if (outcome instanceof Outcome.Lost lost) {
            lost.current().ifPresent(ConfirmingStore::refuseIfEncrypted);
        }
        return outcome;
    }

    private <T> T call(Supplier<T> call) {
        try {
            return hung.call(call);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw StoreException.unknown(
                    "the store broke its contract: " + e.getClass().getName(), e);
        }
    }

    private static SessionUnavailableException refusal(StoreException cause) {
        return new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE, "the session store refused: " + cause.getMessage(), cause);
    }

    static boolean isOutcomeUnknown(RuntimeException e) {
        return e instanceof SessionUnavailableException unavailable && unavailable.reason() == Reason.OUTCOME_UNKNOWN;
    }

    static SessionUnavailableException outcomeUnknown(String message, @Nullable StoreException cause) {
        return new SessionUnavailableException(Reason.OUTCOME_UNKNOWN, message, cause);
    }
}
