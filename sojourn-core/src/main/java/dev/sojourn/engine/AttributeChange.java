package dev.sojourn.engine;

import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** One change of a record. Replayable: applied to what is stored when it is saved, as often as conflicts require. */
sealed interface AttributeChange {
    /** Applies this change to a record. */
    void applyTo(RecordDraft draft);

    /** Returns the attribute that this change overwrites whatever its value is; null if it cannot overwrite an unseen change. */
    default @Nullable String overwrites() {
        return null;
    }

    /**
     * Sets an attribute.
     *
     * @param mark the mark of a typed value; null for plain JSON, which removes the mark of an earlier value
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record Set(String name, byte[] json, @Nullable String mark) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.attributes().set(name, json, mark);
        }

        @Override
        public String overwrites() {
            return name;
        }
    }

    /**
     * Sets an attribute whose value the application has changed in place after reading it. Derived from what was loaded, so
     * it is never applied to a session that must contain nothing of that.
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    record Rewrite(String name, byte[] json) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.attributes().set(name, json, TimeMark.kept(draft.attributes().mark(name)));
        }

        @Override
        public String overwrites() {
            return name;
        }
    }

    /** Removes an attribute. */
    record Remove(String name) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.attributes().remove(name);
        }

        @Override
        public String overwrites() {
            return name;
        }
    }

    /**
     * Removes all attributes but one.
     *
     * @param kept the attribute that holds the subject in this record format; null if none does
     */
    record Clear(@Nullable String kept) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
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

    /** Changes the settings that override the configuration for this session. */
    record Configure(UnaryOperator<SessionSettings> change) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.configure(change);
        }
    }

    /**
     * Elevates the session for a scope, or ends that.
     *
     * @param until when it ends; null to end it now
     * @param now the time of the request
     */
    record Elevate(String scope, @Nullable Instant until, Instant now) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.changeSignIn(this::applyTo);
        }

        SignInFacts applyTo(SignInFacts facts) {
            return until == null
                    ? SignInRules.dropElevation(facts, scope)
                    : SignInRules.elevate(facts, scope, until, now);
        }
    }

    /** Names the remembered browser that the session belongs to. */
    record Link(Remember remember) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.link(remember);
        }
    }

    /** Replaces the client's token by the next one, unless another request has done so. */
    record Renew(VerifiedId token, TokenRenewal renewal) implements AttributeChange {
        @Override
        public void applyTo(RecordDraft draft) {
            draft.renew(token, renewal);
        }
    }

    /** A change that is saved before it returns, and keeps a result: once the record is accepted, that is what counts. */
    sealed interface Immediate<T> extends AttributeChange {
        /** Returns what the last application of this change has found or made. */
        @Nullable
        T result();
    }

    /** Reads a value again for each try, so that a function may change its argument; null also if it is ignored as unreadable. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the callers pass their own T's type
    private static <T> @Nullable T present(
            ValueCodec values, @Nullable Slice json, JavaType type, UnreadablePolicy whenUnreadable) {
        if (json == null) {
            return null;
        }
        try {
            return values.read(json, type);
        } catch (UnreadableValueException e) {
            if (whenUnreadable == UnreadablePolicy.IGNORE_ATTRIBUTE) {
                return null;
            }
            throw e;
        }
    }

    /** Removes an attribute and keeps its value. One that cannot be read stays. */
    final class Take<T> implements Immediate<T> {
        private final ValueCodec values;
        private final String name;
        private final JavaType type;
        private final UnreadablePolicy whenUnreadable;
        private @Nullable T result;

        Take(ValueCodec values, String name, JavaType type, UnreadablePolicy whenUnreadable) {
            this.values = values;
            this.name = name;
            this.type = type;
            this.whenUnreadable = whenUnreadable;
        }

        String name() {
            return name;
        }

        JavaType type() {
            return type;
        }

        @Override
        public void applyTo(RecordDraft draft) {
            result = present(values, draft.attributes().get(name), type, whenUnreadable);
            if (result != null) {
                draft.attributes().remove(name);
            }
        }

        @Override
        public @Nullable T result() {
            return result;
        }
    }

    /** Changes an attribute with the application's function, and keeps the function's last result. */
    final class Update<T> implements Immediate<T> {
        private final ValueCodec values;
        private final String name;
        private final JavaType type;
        private final UnaryOperator<@Nullable T> function;
        private final UnreadablePolicy whenUnreadable;
        private @Nullable T result;

        Update(
                ValueCodec values,
                String name,
                JavaType type,
                UnaryOperator<@Nullable T> function,
                UnreadablePolicy whenUnreadable) {
            this.values = values;
            this.name = name;
            this.type = type;
            this.function = function;
            this.whenUnreadable = whenUnreadable;
        }

        @Override
        public void applyTo(RecordDraft draft) {
            JsonMembers.Draft attributes = draft.attributes();
            result = function.apply(present(values, attributes.get(name), type, whenUnreadable));
            if (result == null) {
                attributes.remove(name);
            } else {
                attributes.set(
                        name,
                        values.write(name, result, values.declaredType(type)),
                        TimeMark.kept(attributes.mark(name)));
            }
        }

        @Override
        public @Nullable T result() {
            return result;
        }
    }
}
