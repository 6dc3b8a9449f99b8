package dev.sojourn.proof.interleavings;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes the contents of stores as text, equal in all runs that lead to the same state. The versions of records are random, so
 * each is named by the call that wrote it first.
 */
final class Versions {
    private static final int LONG_PAYLOAD = 1_000;
    /** Finds random values in a payload: the parts of a move, a lease's holder, and the tag of Express's records. */
    private static final Pattern RANDOM = Pattern.compile("^[^{]|\"(moving|lease|tag)\":");

    private final Map<Long, Writer> writers = new HashMap<>();
    /** By identity, as records are compared. */
    private final Map<StoredSession, String> payloads = new WeakHashMap<>();

    private final Map<Writer, String> knowledge = new HashMap<>();
    private int before;

    /**
     * A call that writes.
     *
     * @param actor the actor; null before the actors start
     * @param number the number of the call
     */
    private record Writer(@Nullable Actor actor, int number) {
        String name() {
            return (actor == null ? "before" : "R" + actor.index()) + "." + number;
        }
    }

    void reset() {
        writers.clear();
        knowledge.clear();
        before = 0;
    }

    /** Notes that a call of the current thread is about to write a version. */
    void note(long version) {
        Actor actor = Actor.current();
        writers.computeIfAbsent(version, any -> new Writer(actor, actor == null ? before++ : actor.calls()));
    }

    /** Describes the result of a store call. */
    String describe(@Nullable Object result) {
        if (result == null || result instanceof Boolean || result instanceof Long) {
            return String.valueOf(result);
        }
        if (result instanceof Optional<?> optional) {
            return optional.map(this::describe).orElse("absent");
        }
        if (result instanceof StoredSession stored) {
            return describe(stored);
        }
        if (result instanceof Outcome.Lost lost) {
            return "lost to " + describe(lost.current());
        }
        if (result instanceof Outcome.Done) {
            return "done";
        }
        if (result instanceof Collection<?> several) {
            return several.stream().map(this::describe).toList().toString();
        }
        if (result instanceof UserIndex.Entry entry) {
            return entry.key().text() + " until " + entry.keepUntil();
        }
        throw new IllegalArgumentException("the result of a store call of an unknown type: " + result.getClass());
    }

    private String describe(StoredSession stored) {
        Writer writer = writers.get(stored.version());
        if (writer == null) {
            throw new IllegalStateException("a record with a version that no call has written");
        }
        return writer.name() + " " + content(stored, writer) + " " + stored.expiresAt() + " " + stored.subject();
    }

    /** Returns the payload, or what the writer knew if the payload contains random values. */
    private String content(StoredSession stored, Writer writer) {
        String text = payloads.computeIfAbsent(stored, Versions::payload);
        return RANDOM.matcher(text).find() ? "<" + knowledge(writer) + ">" : text;
    }

    /** Returns all that the writer knew, which determines what it wrote. */
    private String knowledge(Writer writer) {
        String known = knowledge.get(writer);
        if (known == null) {
            Actor actor = writer.actor();
            known = actor == null ? "before" : Schedules.digest(actor.historyBefore(writer.number()));
            knowledge.put(writer, known);
        }
        return known;
    }

    private static String payload(StoredSession stored) {
        String text = new String(stored.payload(), StandardCharsets.ISO_8859_1);
        return text.length() > LONG_PAYLOAD ? Schedules.digest(text) : text;
    }

    /** Describes a record and its key. */
    String describe(StoreKey key, @Nullable StoredSession stored) {
        return key.text() + "=" + describe(Optional.ofNullable(stored)) + "\n";
    }
}
