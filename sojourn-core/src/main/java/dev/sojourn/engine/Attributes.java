package dev.sojourn.engine;

import dev.sojourn.engine.DeclaredTypes.DeclaredType;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TypedAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * A request's view of its session's attributes, and the log of its changes. Remembers each value that it returned, so that a
 * change in place is found.
 */
final class Attributes {
    private static final int LONGEST_NAME = 256;

    private final ValueCodec values;
    private final AttributeLimits limits;
    private JsonMembers loaded = JsonMembers.EMPTY;
    private final JsonMembers.Draft view = JsonMembers.EMPTY.draft();
    private List<AttributeChange> log = List.of();
    private Map<String, ReturnedValue> returned = Map.of();
    private boolean returnedMutable;

    Attributes(ValueCodec values, AttributeLimits limits) {
        this.values = values;
        this.limits = limits;
    }

    /** A value that was returned to the application, and its JSON at that time. */
    private record ReturnedValue(Object value, DeclaredType declared, boolean wasSet, Slice json) {
        JavaType type() {
            return declared.type();
        }
    }

    /** Starts from these attributes, with an empty log. */
    void start(JsonMembers from) {
        loaded = from;
        view.replaceBy(from);
        log = List.of();
        returned = Map.of();
    }

    /** Goes on from what was saved, with an empty log. Changes in place of values that were returned before are still found. */
    void continueFrom(JsonMembers now) {
        loaded = now;
        view.replaceBy(now);
        log = List.of();
    }

    <T> @Nullable T get(String name, JavaType type, Function<UnreadableValueException, @Nullable T> unreadable) {
        ReturnedValue before = returned.get(name);
        if (before != null && canReturn(before, type)) {
            @SuppressWarnings("unchecked") // read as this very type, or an instance of its class
            T value = (T) before.value();
            return value;
        }
        noteChangeWithin(name);
        Slice json = view.get(name);
        if (json == null) {
            return null;
        }
        T value;
        try {
            value = values.read(json, type);
        } catch (UnreadableValueException e) {
            if (before != null && before.wasSet()) {
                throw new IllegalArgumentException("attribute " + LogText.quote(name) + " was set in this request as "
                        + before.value().getClass().getName() + " and cannot be read as " + e.expected());
            }
            return unreadable.apply(e);
        }
        if (value != null) {
            rememberReturned(name, new ReturnedValue(value, values.declaredType(type), false, json));
        }
        return value;
    }

    private static boolean canReturn(ReturnedValue before, JavaType type) {
        boolean plainInstance = before.wasSet()
                && !type.hasGenericTypes()
                && type.getRawClass() == before.value().getClass();
        return plainInstance || before.type().equals(type);
    }

    /** Sets an attribute to a value without a declared type: it is read as its class. */
    void set(String name, Object value, @Nullable String mark) {
        set(name, value, values.declaredType(value), mark);
    }

    /** Sets an attribute to a value of a declared type. */
    void set(String name, Object value, JavaType type, @Nullable String mark) {
        set(name, value, values.declaredType(type), mark);
    }

    private void set(String name, Object value, DeclaredType type, @Nullable String mark) {
        checkName(name);
        byte[] json = values.write(name, value, type);
        put(name, json, mark);
        rememberReturned(name, new ReturnedValue(value, type, true, new Slice(json, 0, json.length)));
    }

    /** Sets an attribute to JSON that a typed format wrote, or that is plain if no format is named. */
    void set(String name, byte[] json, @Nullable String format) {
        checkName(name);
        forget(name);
        put(name, json, format == null ? null : TypeMark.of(format, new Slice(json, 0, json.length)));
    }

    private void put(String name, byte[] json, @Nullable String mark) {
        limits.checkSize(name, json.length);
        checkRoomFor(name);
        change(new AttributeChange.Set(name, json, mark));
        view.set(name, json, mark);
    }

    /** Returns an attribute as it is stored; null if there is none. */
    TypedAttributes.@Nullable TypedValue readStored(String name) {
        noteChangeWithin(name);
        Slice json = view.get(name);
        if (json == null) {
            return null;
        }
        String mark = view.mark(name);
        return new TypedAttributes.TypedValue(json.bytes(), mark == null ? null : TypeMark.formatIn(mark, json));
    }

    /** Sets an attribute to the value that this request sees, whatever is stored by now. */
    void setAsItIs(String name) {
        Slice json = view.get(name);
        if (json != null) {
            change(new AttributeChange.Set(name, json.bytes(), view.mark(name)));
        }
    }

    void remove(String name) {
        forget(name);
        change(new AttributeChange.Remove(name));
        view.remove(name);
    }

    /** Removes all attributes but the kept one; null keeps none. */
    void clear(@Nullable String kept) {
        returned = Map.of();
        AttributeChange.Clear clear = new AttributeChange.Clear(kept);
        change(clear);
        clear.clear(view);
    }

    /** A session that has more attributes already, by another writer or an earlier configuration, keeps them. */
    private void checkRoomFor(String name) {
        if (view.hasMoreThan(limits.maxAttributes() - 1) && !has(name)) {
            throw RecordSizeLimit.tooMany(limits.maxAttributes());
        }
    }

    void update(AttributeChange.Immediate<?> update, String name) {
        checkRoomFor(name);
        noteChangesWithin();
        forget(name);
        change(update);
    }

    /** Removes a change from the log. */
    void forget(AttributeChange change) {
        if (!log.isEmpty()) {
            log.remove(change);
        }
    }

    void configure(AttributeChange.Configure configure) {
        change(configure);
    }

    void elevate(AttributeChange.Elevate elevate) {
        change(elevate);
    }

    /** Removes the elevations from the log: what follows has a new id. */
    void forgetElevations() {
        if (!log.isEmpty()) {
            log.removeIf(change -> change instanceof AttributeChange.Elevate);
        }
    }

    void link(AttributeChange.Link link) {
        change(link);
    }

    void renew(AttributeChange.Renew renew) {
        change(renew);
    }

    boolean has(String name) {
        return view.get(name) != null;
    }

    Set<String> names() {
        return new LinkedHashSet<>(view.members().names());
    }

    /** Adds changes in place of returned values to the log. */
    void noteChangesWithin() {
        if (returnedMutable) {
            List.copyOf(returned.keySet()).forEach(this::noteChangeWithin);
        }
    }

    private void noteChangeWithin(String name) {
        ReturnedValue was = returned.get(name);
        if (was == null || ValueCodec.isImmutable(was.value())) {
            return;
        }
        byte[] now = values.writeForComparison(name, was.value(), was.declared());
        if (!values.same(now, was.json()) && !isWhatWasRead(name, was, now)) {
            byte[] json = values.write(name, was.value(), was.declared());
            String mark = TimeMark.kept(view.mark(name));
            change(was.wasSet() ? new AttributeChange.Set(name, json, mark) : new AttributeChange.Rewrite(name, json));
            view.set(name, json, mark);
            rememberReturned(
                    name,
                    new ReturnedValue(was.value(), was.declared(), was.wasSet(), new Slice(json, 0, json.length)));
        }
    }

    /**
     * Whether this is the JSON of the unchanged value, written by a type that omits something or formats it differently. Then the
     * value was not changed, and what the type does not know stays as it is stored.
     */
    private boolean isWhatWasRead(String name, ReturnedValue was, byte[] json) {
        if (was.wasSet()) {
            return false;
        }
        Object read = values.read(was.json(), was.type());
        if (read == null) {
            return false;
        }
        byte[] unchanged = values.writeForComparison(name, read, was.declared());
        return values.same(json, new Slice(unchanged, 0, unchanged.length));
    }

    /** Whether the attributes differ from what was loaded. */
    boolean hasChanges() {
        return !log.isEmpty() && (!view.members().sameAs(loaded) || log.stream().anyMatch(Attributes::mayChangeUnseen));
    }

    /** A function, a setting, a link or a renewal is not in the view. */
    private static boolean mayChangeUnseen(AttributeChange change) {
        return change instanceof AttributeChange.Immediate<?>
                || change instanceof AttributeChange.Renew
                || change instanceof AttributeChange.Configure
                || change instanceof AttributeChange.Elevate
                || change instanceof AttributeChange.Link;
    }

    List<AttributeChange> log() {
        return log;
    }

    /** Returns the names that this request set or removed. */
    Set<String> changedNames() {
        Set<String> names = new LinkedHashSet<>();
        for (AttributeChange change : log) {
            String name = change.overwrites();
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private void change(AttributeChange change) {
        if (log.isEmpty()) {
            log = new ArrayList<>(2);
        }
        log.add(change);
    }

    private void rememberReturned(String name, ReturnedValue value) {
        // Most requests set or read one attribute, so one is held without a table.
        if (returned.isEmpty() || (returned.size() == 1 && returned.containsKey(name))) {
            returned = Map.of(name, value);
        } else {
            if (returned.size() == 1) {
                returned = new HashMap<>(returned);
            }
            returned.put(name, value);
        }
        returnedMutable |= !ValueCodec.isImmutable(value.value());
    }

    private void forget(String name) {
        if (returned.size() > 1) {
            returned.remove(name);
        } else if (returned.containsKey(name)) {
            returned = Map.of();
        }
    }

    private static void checkName(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "an attribute's name has at most " + LONGEST_NAME + " characters, not " + name.length());
        }
        TextRules.requireWellFormed("an attribute's name", name);
    }
}
