package dev.sojourn.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * Turns a session's record into the bytes that a store keeps, and back; says under which key an id is kept and what a
 * record's version is. Implementations are immutable and thread-safe and do no I/O.
 */
public interface RecordFormat {
    /**
     * The key under which the record of an id is kept.
     *
     * @param id a session's id
     * @return the key
     */
    StoreKey keyOf(String id);

    /**
     * Reads a record.
     *
     * @param stored what the store gave
     * @return the record
     * @throws UnreadableRecordException if the bytes are not a record of this format
     */
    SessionRecord read(StoredSession stored);

    /**
     * Writes a record, with a version that tells it from every other one.
     *
     * @param record the record
     * @param expiresAt the expiry beside it
     * @return what the store is to keep
     */
    StoredSession write(SessionRecord record, Instant expiresAt);

    /**
     * A version for a record whose payload stays as it is.
     *
     * @param current what the store holds
     * @return a new version, or the current one where the format derives it from the bytes
     */
    long touchedVersion(StoredSession current);

    /**
     * Whether this format can hold a retired record, which names its successor.
     *
     * @return false where a new id is create and delete instead
     */
    boolean canRetire();

    /**
     * Whether this format can hold a lease, which exclusive sessions need.
     *
     * @return false where no session can be exclusive
     */
    boolean canLease();

    /**
     * Whether this format keeps the marks of attributes ({@link JsonMembers#mark}) where nothing that writes attributes can reach
     * them. Typed values need that.
     *
     * @return default: false, and only plain JSON can be set
     */
    default boolean keepsTypes() {
        return false;
    }

    /**
     * The attribute that says in this format whom a session belongs to. A login sets it beside the subject, nothing else
     * changes it, and {@link #read} takes the subject from it.
     *
     * @return its name, or empty, the default: the subject is kept beside the record
     */
    default Optional<String> subjectAttribute() {
        return Optional.empty();
    }

    /**
     * What a login sets the subject's attribute to, if there is one. An attribute by which the session belongs to the user already is
     * left as it is.
     *
     * @param subject the user
     * @return the value, to be written as JSON; default: the subject
     */
    default Object subjectValue(String subject) {
        return subject;
    }

    /**
     * Refuses an attribute that this format has no room for; asked before the application changes one. Default: every name
     * has room.
     *
     * @param attribute the attribute's name
     * @throws IllegalArgumentException if it cannot be kept under this name; the message says what to do
     */
    default void checkAttribute(String attribute) {}

    /**
     * Returns what remains of an attribute's value once another program that shares these records has read and written them.
     * A value that would not come back from that as what it is, is refused when it is set. Default: the same bytes, as records
     * are only passed on.
     *
     * @param json the value as it is to be stored
     * @return the value as it may come back
     */
    default byte[] asOthersKeepIt(byte[] json) {
        return json;
    }
}
