package dev.sojourn.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * Encodes session records as the bytes that a store keeps, and decodes them. Also defines store keys and versions.
 * Implementations are immutable and thread-safe and do no I/O.
 */
public interface RecordFormat {
    /**
     * Returns the store key of an id.
     *
     * @param id a session's id
     * @return the key
     */
    StoreKey keyOf(String id);

    /**
     * Decodes a record.
     *
     * @param stored what the store returned
     * @return the record
     * @throws UnreadableRecordException if the bytes are not a record of this format
     */
    SessionRecord read(StoredSession stored);

    /**
     * Encodes a record, with a version that differs from every other one.
     *
     * @param record the record
     * @param expiresAt the expiry, stored next to the record
     * @return what the store keeps
     */
    StoredSession write(SessionRecord record, Instant expiresAt);

    /**
     * Returns a version for a record whose payload stays unchanged.
     *
     * @param current what the store holds
     * @return a new version, or the current one if the format derives it from the bytes
     */
    long touchedVersion(StoredSession current);

    /**
     * Returns whether this format can represent a retired record, which names its successor.
     *
     * @return false if a new id means create and delete instead
     */
    boolean canRetire();

    /**
     * Returns whether this format can represent a lease, which exclusive sessions need.
     *
     * @return false if no session can be exclusive
     */
    boolean canLease();

    /**
     * Returns whether this format can represent a remembered browser, the browser that a session belongs to ({@link
     * SessionRecord#remember}), and the generation of a token ({@link SessionRecord#generation}).
     *
     * @return false by default, so that neither remember-me nor the renewal of tokens can be configured
     */
    default boolean canRemember() {
        return false;
    }

    /**
     * Returns whether this format keeps the marks of attributes ({@link JsonMembers#mark}) where code that writes
     * attributes cannot reach them. Typed values need that.
     *
     * @return false by default, so that only plain JSON can be set
     */
    default boolean keepsTypes() {
        return false;
    }

    /**
     * Returns whether this format keeps {@link SessionRecord#signIn} and {@link SessionRecord#device}, and {@link
     * SessionRecord#createdAt} as the time of the login if they state no other. Freshness and elevation need that.
     *
     * @return false by default: then nothing is known of a sign-in but its user
     */
    default boolean keepsSignIn() {
        return false;
    }

    /**
     * Returns the attribute that holds the subject in this format. A login sets it together with the subject, nothing
     * else changes it, and {@link #read} takes the subject from it.
     *
     * @return its name; empty by default, if the subject is kept next to the record
     */
    default Optional<String> subjectAttribute() {
        return Optional.empty();
    }

    /**
     * Returns the value that a login gives the subject attribute, if there is one. An attribute that already names this
     * subject is left unchanged.
     *
     * @param subject the user
     * @return the value, to be written as JSON; by default the subject
     */
    default Object subjectValue(String subject) {
        return subject;
    }

    /**
     * Rejects an attribute that this format cannot store. Called before the application changes one. By default every
     * name is accepted.
     *
     * @param attribute the attribute's name
     * @throws IllegalArgumentException if it cannot be stored under this name; the message states what to do
     */
    default void checkAttribute(String attribute) {}

    /**
     * Returns what remains of an attribute's value after another program that shares these records has read and written
     * them. A value that this would change is rejected when it is set. By default the same bytes.
     *
     * @param json the value as it is to be stored
     * @return the value as it may come back
     */
    default byte[] foreignRoundTrip(byte[] json) {
        return json;
    }
}
