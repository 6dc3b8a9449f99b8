package dev.sojourn.spi;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session as the engine sees it: live, with attributes, or retired, with the key of its successor. Immutable and
 * thread-safe.
 *
 * @param createdAt the beginning of its absolute lifetime
 * @param subject the user whom it belongs to, or null
 * @param settings what it asks for instead of the configuration
 * @param successor for a retired record the key of the one that took its place; null for a live one
 * @param writtenAt the last write, kept only where no idle timeout tells the last access; else null
 * @param lease who has the session to itself, or null
 * @param attributes the application's attributes, each a JSON value
 * @param unknown members of the stored record that this version does not know, passed through as they are
 * @param formerHandles the handles of the records whose place it took and that belonged to its user, the latest first, at
 *     most {@value #MOST_FORMER_HANDLES}; a list of the user's sessions that was read before still finds it by them
 */
public record SessionRecord(
        Instant createdAt,
        @Nullable String subject,
        SessionSettings settings,
        @Nullable StoreKey successor,
        @Nullable Instant writtenAt,
        @Nullable Lease lease,
        JsonMembers attributes,
        JsonMembers unknown,
        List<String> formerHandles) {
    /** How many former handles a record keeps. */
    public static final int MOST_FORMER_HANDLES = 4;

    /**
     * Keeps the latest former handles.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user whom it belongs to, or null
     * @param settings what it asks for instead of the configuration
     * @param successor the key of the record that took its place, or null
     * @param writtenAt the last write, or null
     * @param lease who has the session to itself, or null
     * @param attributes the application's attributes
     * @param unknown members that this version does not know
     * @param formerHandles the handles that it had before, the latest first
     */
    public SessionRecord {
        formerHandles = List.copyOf(formerHandles.subList(0, Math.min(formerHandles.size(), MOST_FORMER_HANDLES)));
    }

    /**
     * A record that had no other handle before.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user whom it belongs to, or null
     * @param settings what it asks for instead of the configuration
     * @param successor the key of the record that took its place, or null
     * @param writtenAt the last write, or null
     * @param lease who has the session to itself, or null
     * @param attributes the application's attributes
     * @param unknown members that this version does not know
     */
    public SessionRecord(
            Instant createdAt,
            @Nullable String subject,
            SessionSettings settings,
            @Nullable StoreKey successor,
            @Nullable Instant writtenAt,
            @Nullable Lease lease,
            JsonMembers attributes,
            JsonMembers unknown) {
        this(createdAt, subject, settings, successor, writtenAt, lease, attributes, unknown, List.of());
    }

    /**
     * That one request has a session to itself for a while.
     *
     * @param holder a tag that only this request knows, 1 to 64 characters of base64url
     * @param until when it ends if it is not given back, exact to the millisecond
     */
    public record Lease(String holder, Instant until) {
        /**
         * Checks that nothing is missing.
         *
         * @param holder the holder's tag
         * @param until the end
         */
        public Lease {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(until, "until");
        }

        /**
         * Whether the lease still holds.
         *
         * @param now the time
         * @return false once it has ended
         */
        public boolean holds(Instant now) {
            return now.isBefore(until);
        }

        /** Does not show the holder. */
        @Override
        public String toString() {
            return "Lease[until " + until + "]";
        }
    }

    /**
     * A live record without attributes.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user whom it belongs to, or null
     * @return the record
     */
    public static SessionRecord live(Instant createdAt, @Nullable String subject) {
        return new SessionRecord(
                createdAt,
                subject,
                SessionSettings.AS_CONFIGURED,
                null,
                null,
                null,
                JsonMembers.EMPTY,
                JsonMembers.EMPTY);
    }

    /**
     * What stays of this record when another takes its place.
     *
     * @param by the successor's key
     * @return the retired record: no attributes and no user, so that it stands in no list of the user's sessions
     */
    public SessionRecord retired(StoreKey by) {
        return new SessionRecord(
                createdAt, null, SessionSettings.AS_CONFIGURED, by, null, null, JsonMembers.EMPTY, JsonMembers.EMPTY);
    }

    /**
     * Whether another record took this one's place.
     *
     * @return true if a successor is named
     */
    public boolean isRetired() {
        return successor != null;
    }

    /**
     * This record with other attributes.
     *
     * @param changed the attributes
     * @return the record
     */
    public SessionRecord withAttributes(JsonMembers changed) {
        return changed == attributes
                ? this
                : new SessionRecord(
                        createdAt, subject, settings, successor, writtenAt, lease, changed, unknown, formerHandles);
    }

    /**
     * This record with other settings.
     *
     * @param changed the settings
     * @return the record
     */
    public SessionRecord withSettings(SessionSettings changed) {
        return changed.equals(settings)
                ? this
                : new SessionRecord(
                        createdAt, subject, changed, successor, writtenAt, lease, attributes, unknown, formerHandles);
    }

    /**
     * This record for another user.
     *
     * @param user the user whom it belongs to, or null
     * @param since the beginning of its absolute lifetime
     * @return the record
     */
    public SessionRecord ownedBy(@Nullable String user, Instant since) {
        return new SessionRecord(
                since, user, settings, successor, writtenAt, lease, attributes, unknown, formerHandles);
    }

    /**
     * This record with the time of its last write.
     *
     * @param time the time, or null not to keep it
     * @return the record
     */
    public SessionRecord writtenAt(@Nullable Instant time) {
        return new SessionRecord(
                createdAt, subject, settings, successor, time, lease, attributes, unknown, formerHandles);
    }

    /**
     * This record with a lease.
     *
     * @param taken who has it to itself, or null for nobody
     * @return the record
     */
    public SessionRecord leased(@Nullable Lease taken) {
        return new SessionRecord(
                createdAt, subject, settings, successor, writtenAt, taken, attributes, unknown, formerHandles);
    }

    /**
     * This record with another beginning.
     *
     * @param begun the beginning of its absolute lifetime
     * @return the record
     */
    public SessionRecord begunAt(Instant begun) {
        return new SessionRecord(
                begun, subject, settings, successor, writtenAt, lease, attributes, unknown, formerHandles);
    }

    /**
     * This record with other former handles.
     *
     * @param handles the handles, the latest first
     * @return the record
     */
    public SessionRecord withFormerHandles(List<String> handles) {
        return new SessionRecord(
                createdAt, subject, settings, successor, writtenAt, lease, attributes, unknown, handles);
    }

    /** Shows no attribute, no name and no user. */
    @Override
    public String toString() {
        return "SessionRecord[" + (isRetired() ? "retired" : "live") + ", created " + createdAt + "]";
    }
}
