package dev.sojourn.spi;

import dev.sojourn.Device;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session as the engine sees it: live, with attributes, or retired, with the key of its successor. Immutable and
 * thread-safe.
 *
 * @param createdAt the beginning of its absolute lifetime
 * @param subject the user that it belongs to, or null
 * @param settings the settings that override the configuration
 * @param successor for a retired record the key of its successor; null for a live one
 * @param writtenAt the last write, kept only if no idle timeout determines the last access; else null
 * @param lease the lease on the session, or null
 * @param attributes the application's attributes, each a JSON value
 * @param unknown members of the stored record that this version does not know, passed through unchanged
 * @param formerPublicIds the public ids of the records that it succeeded and that belonged to its user, latest first,
 *     at most {@value #MAX_FORMER_PUBLIC_IDS}; a list of the user's sessions that was read earlier still finds it by
 *     them
 * @param generation the generation of the session's rotating token; null if it has none
 * @param signIn how and when its user signed in; null if no user is signed in, or if the user signed in at
 *     {@code createdAt} and nothing else is known
 * @param device the device on which its user signed in; null if it is not known
 * @param remember what it has to do with a remembered browser; null for nothing
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
        List<String> formerPublicIds,
        @Nullable Generation generation,
        @Nullable SignInFacts signIn,
        @Nullable Device device,
        @Nullable Remember remember) {
    /** The maximum number of former public ids in a record. */
    public static final int MAX_FORMER_PUBLIC_IDS = 4;

    /**
     * Keeps the latest former public ids, and no facts that say no more than {@code createdAt}.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user that it belongs to, or null
     * @param settings the settings that override the configuration
     * @param successor the key of its successor, or null
     * @param writtenAt the last write, or null
     * @param lease the lease on the session, or null
     * @param attributes the application's attributes
     * @param unknown members that this version does not know
     * @param formerPublicIds the public ids that it had before, latest first
     * @param generation the generation of its rotating token, or null
     * @param signIn how and when its user signed in, or null
     * @param device the device on which its user signed in, or null
     * @param remember what it has to do with a remembered browser, or null
     */
    public SessionRecord {
        formerPublicIds = List.copyOf(
                formerPublicIds.size() <= MAX_FORMER_PUBLIC_IDS
                        ? formerPublicIds
                        : formerPublicIds.subList(0, MAX_FORMER_PUBLIC_IDS));
        signIn = signIn == null ? null : signIn.in(createdAt);
    }

    /**
     * Creates a record with what every format keeps: without former public ids, rotating token and facts of a sign-in.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user that it belongs to, or null
     * @param settings the settings that override the configuration
     * @param successor the key of its successor, or null
     * @param writtenAt the last write, or null
     * @param lease the lease on the session, or null
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
        this(
                createdAt,
                subject,
                settings,
                successor,
                writtenAt,
                lease,
                attributes,
                unknown,
                List.of(),
                null,
                null,
                null,
                null);
    }

    /**
     * The right of one request to use a session exclusively for a limited time.
     *
     * @param holder a tag that only this request knows, 1 to 64 characters of base64url
     * @param expiresAt when the lease ends if it is not released, exact to the millisecond
     */
    public record Lease(String holder, Instant expiresAt) {
        /**
         * Checks that nothing is missing.
         *
         * @param holder the holder's tag
         * @param expiresAt the end
         */
        public Lease {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(expiresAt, "expiresAt");
        }

        /**
         * Returns whether the lease is still active.
         *
         * @param now the time
         * @return false once it has ended
         */
        public boolean isActive(Instant now) {
            return now.isBefore(expiresAt);
        }

        /** Omits the holder. */
        @Override
        public String toString() {
            return "Lease[until " + expiresAt + "]";
        }
    }

    /**
     * The generation of a token that is replaced by a new one again and again: of a refresh token. The record keeps
     * numbers and a time, nothing that gives access.
     *
     * @param number the number of the current generation, at least 1
     * @param since when it became current, exact to the millisecond
     * @param predecessor the number of the generation that it replaced: less than {@code number}; 0 for the first one
     */
    public record Generation(long number, Instant since, long predecessor) {
        /**
         * Checks the numbers.
         *
         * @param number the current generation
         * @param since when it became current
         * @param predecessor the generation before it
         * @throws IllegalArgumentException if they do not ascend
         */
        public Generation {
            Objects.requireNonNull(since, "since");
            if (predecessor < 0 || number <= predecessor) {
                throw new IllegalArgumentException(
                        "a generation has a number above that of its predecessor, which is at least 0");
            }
        }

        /**
         * Returns the first generation.
         *
         * @param since when it becomes current
         * @return number 1
         */
        public static Generation first(Instant since) {
            return new Generation(1, since, 0);
        }
    }

    /**
     * What a record has to do with a browser that is remembered: it is the browser's own record, or that of one of its
     * sessions. Contains nothing that gives access.
     *
     * @param kind which of these
     * @param browser the store key of the browser's record; null if this is that record
     */
    public record Remember(Kind kind, @Nullable StoreKey browser) {
        /** The record of a remembered browser: it has a user and a {@link Generation}, and no attributes. */
        public static final Remember BROWSER = new Remember(Kind.BROWSER, null);

        /** What a record is. */
        public enum Kind {
            /** A remembered browser, not a session. */
            BROWSER,
            /** A session of a remembered browser whose user has signed in. */
            SIGNED_IN,
            /** A session that a remember-me token has begun. */
            REMEMBERED
        }

        /**
         * Checks that a session names its browser.
         *
         * @param kind which of these
         * @param browser the browser's key, or null
         * @throws IllegalArgumentException if a session names none, or a browser names one
         */
        public Remember {
            Objects.requireNonNull(kind, "kind");
            if ((kind == Kind.BROWSER) != (browser == null)) {
                throw new IllegalArgumentException("a session names its browser, and a browser names none");
            }
        }

        /**
         * Returns that of a session whose user has signed in.
         *
         * @param browser the browser's key
         * @return kind {@link Kind#SIGNED_IN}
         */
        public static Remember signedIn(StoreKey browser) {
            return new Remember(Kind.SIGNED_IN, browser);
        }

        /**
         * Returns that of a session that a remember-me token has begun.
         *
         * @param browser the browser's key
         * @return kind {@link Kind#REMEMBERED}
         */
        public static Remember remembered(StoreKey browser) {
            return new Remember(Kind.REMEMBERED, browser);
        }

        /**
         * Returns that of a session whose user signs in now.
         *
         * @param before that of the session before, or null
         * @return kind {@link Kind#SIGNED_IN} for the same browser; null if the session belongs to none
         */
        public static @Nullable Remember afterSignIn(@Nullable Remember before) {
            return before == null || before.browser == null ? null : signedIn(before.browser);
        }
    }

    /**
     * Creates a live record without attributes.
     *
     * @param createdAt the beginning of its absolute lifetime
     * @param subject the user that it belongs to, or null
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
     * Returns the retired form of this record.
     *
     * @param by the successor's key
     * @return the retired record: no attributes and no user, so that no list of the user's sessions contains it
     */
    public SessionRecord toRetired(StoreKey by) {
        return new SessionRecord(
                createdAt, null, SessionSettings.AS_CONFIGURED, by, null, null, JsonMembers.EMPTY, JsonMembers.EMPTY);
    }

    /**
     * Returns whether the session has moved on to another record.
     *
     * @return true if a successor is named
     */
    public boolean isRetired() {
        return successor != null;
    }

    /**
     * Returns this record with other attributes.
     *
     * @param changed the attributes
     * @return the record
     */
    public SessionRecord withAttributes(JsonMembers changed) {
        if (changed == attributes) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.attributes = changed;
        return copy.toRecord();
    }

    /**
     * Returns this record with other settings.
     *
     * @param changed the settings
     * @return the record
     */
    public SessionRecord withSettings(SessionSettings changed) {
        if (changed.equals(settings)) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.settings = changed;
        return copy.toRecord();
    }

    /**
     * Returns this record for a user who signs in: without what is known of an earlier sign-in.
     *
     * @param user the user that it belongs to, or null
     * @param since the beginning of its absolute lifetime
     * @return the record, with the attributes and settings of this one
     */
    public SessionRecord withSubject(@Nullable String user, Instant since) {
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.subject = user;
        copy.createdAt = since;
        copy.signIn = null;
        copy.device = null;
        return copy.toRecord();
    }

    /**
     * Returns this record with the time of its last write.
     *
     * @param time the time, or null to omit it
     * @return the record
     */
    public SessionRecord withWrittenAt(@Nullable Instant time) {
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.writtenAt = time;
        return copy.toRecord();
    }

    /**
     * Returns this record with a lease.
     *
     * @param taken the lease, or null for none
     * @return the record
     */
    public SessionRecord withLease(@Nullable Lease taken) {
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.lease = taken;
        return copy.toRecord();
    }

    /**
     * Returns this record with another beginning.
     *
     * @param begun the beginning of its absolute lifetime
     * @return the record
     */
    public SessionRecord withCreatedAt(Instant begun) {
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.createdAt = begun;
        return copy.toRecord();
    }

    /**
     * Returns this record with other members that this version does not know.
     *
     * @param members the members
     * @return the record
     */
    public SessionRecord withUnknown(JsonMembers members) {
        if (members == unknown) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.unknown = members;
        return copy.toRecord();
    }

    /**
     * Returns this record with other former public ids.
     *
     * @param publicIds the public ids, latest first
     * @return the record
     */
    public SessionRecord withFormerPublicIds(List<String> publicIds) {
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.formerPublicIds = publicIds;
        return copy.toRecord();
    }

    /**
     * Returns this record with another generation of its rotating token.
     *
     * @param current the generation, or null for no such token
     * @return the record
     */
    public SessionRecord withGeneration(@Nullable Generation current) {
        if (Objects.equals(current, generation)) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.generation = current;
        return copy.toRecord();
    }

    /**
     * Returns this record with other facts of a sign-in.
     *
     * @param facts how and when its user signed in, or null
     * @return the record
     */
    public SessionRecord withSignIn(@Nullable SignInFacts facts) {
        if (Objects.equals(facts, signIn)) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.signIn = facts;
        return copy.toRecord();
    }

    /**
     * Returns this record with another device.
     *
     * @param known the device on which its user signed in, or null
     * @return the record
     */
    public SessionRecord withDevice(@Nullable Device known) {
        if (Objects.equals(known, device)) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.device = known;
        return copy.toRecord();
    }

    /**
     * Returns when its user signed in.
     *
     * @return the time, exact to the millisecond; null if no user is signed in
     */
    public @Nullable Instant signedInAt() {
        if (subject == null) {
            return null;
        }
        return signIn == null || signIn.at() == null ? createdAt : signIn.at();
    }

    /**
     * Returns this record with another relation to a remembered browser.
     *
     * @param changed the relation, or null for none
     * @return the record
     */
    public SessionRecord withRemember(@Nullable Remember changed) {
        if (Objects.equals(changed, remember)) {
            return this;
        }
        SessionRecordCopy copy = new SessionRecordCopy(this);
        copy.remember = changed;
        return copy.toRecord();
    }

    /** Shows no attribute, no name and no user. */
    @Override
    public String toString() {
        return "SessionRecord[" + (isRetired() ? "retired" : "live") + ", created " + createdAt + "]";
    }
}
