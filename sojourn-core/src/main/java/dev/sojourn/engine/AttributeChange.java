package dev.sojourn.engine;

import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionSettings;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * One change of a record, replayable: applied to whatever stands in the store when it is saved, as often as it takes.
 */
sealed interface AttributeChange {
    /** Makes this change. */
    void on(RecordDraft draft);

    /** The attribute that it replaces without looking, or null if it cannot replace another's change unseen. */
    default @Nullable String blindly() {
        return null;
    }

    /**
     * Sets an attribute.
     *
     * @param mark the mark of a typed value; null for plain JSON, which takes the mark of a former value away
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record Set(String name, byte[] json, @Nullable String mark) implements AttributeChange {
        @Override
        public void on(RecordDraft draft) {
            draft.attributes().set(name, json, mark);
        }

        @Override
        public String blindly() {
            return name;
        }
    }

    /**
     * Sets an attribute to what the application made of a value that it was handed: a change within. Derived from what
     * was loaded, so it never goes into a session that must have nothing of that.
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record Rewrite(String name, byte[] json) implements AttributeChange {
        @Override
        public void on(RecordDraft draft) {
            draft.attributes().set(name, json, null);
        }

        @Override
        public String blindly() {
            return name;
        }
    }

    /** Removes an attribute. */
    record Remove(String name) implements AttributeChange {
        @Override
        public void on(RecordDraft draft) {
            draft.attributes().remove(name);
        }

        @Override
        public String blindly() {
            return name;
        }
    }

    /**
     * Removes all attributes but one.
     *
     * @param kept the one that says in the record's format whom the session belongs to, or null if none does
     */
    record Clear(@Nullable String kept) implements AttributeChange {
        @Override
        public void on(RecordDraft draft) {
            clear(draft.attributes());
        }

        void clear(JsonMembers.Draft attributes) {
            attributes.replaceBy(rest(attributes));
        }

        private JsonMembers rest(JsonMembers.Draft attributes) {
            if (kept == null) {
                return JsonMembers.EMPTY;
            }
            Slice subject = attributes.get(kept);
            return subject == null
                    ? JsonMembers.EMPTY
                    : JsonMembers.EMPTY.with(kept, subject.bytes(), attributes.mark(kept));
        }
    }

    /** Changes what the session asks for instead of the configuration. */
    record Configure(UnaryOperator<SessionSettings> change) implements AttributeChange {
        @Override
        public void on(RecordDraft draft) {
            draft.configure(change);
        }
    }

    /**
     * Changes an attribute by the application's function. Remembers what it gave last: once the record is accepted, that
     * is what was accepted.
     */
    final class Update<T> implements AttributeChange {
        private final ValueCodec values;
        private final String name;
        private final JavaType type;
        private final UnaryOperator<@Nullable T> function;
        private final boolean ignoreUnreadable;
        private @Nullable T result;

        Update(
                ValueCodec values,
                String name,
                JavaType type,
                UnaryOperator<@Nullable T> function,
                boolean ignoreUnreadable) {
            this.values = values;
            this.name = name;
            this.type = type;
            this.function = function;
            this.ignoreUnreadable = ignoreUnreadable;
        }

        @Override
        public void on(RecordDraft draft) {
            JsonMembers.Draft attributes = draft.attributes();
            result = function.apply(present(attributes.get(name)));
            if (result == null) {
                attributes.remove(name);
            } else {
                attributes.set(name, values.write(name, result, values.form(type)), null);
            }
        }

        /** Read anew for each try, so that a function that changes its argument harms nobody. */
        private @Nullable T present(@Nullable Slice json) {
            if (json == null) {
                return null;
            }
            try {
                return values.read(json, type);
            } catch (UnreadableValueException e) {
                if (ignoreUnreadable) {
                    return null;
                }
                throw e;
            }
        }

        @Nullable
        T result() {
            return result;
        }
    }
}
