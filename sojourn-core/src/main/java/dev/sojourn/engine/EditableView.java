package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SessionCookie;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one request sees of a session that it can change, wherever that is kept: the record as it was loaded or saved
 * last, and the request's changes that are not saved yet. Does no I/O. Not thread-safe.
 */
abstract class EditableView {
    private final ScopeSettings settings;
    private final Attributes attributes;
    private final PendingIdChange idChange;
    /** When the client used this session before this request; fixed at the first use, null until then. */
    private @Nullable Instant lastAccess;

    EditableView(ScopeSettings settings, AttributeLimits limits, Supplier<String> ids) {
        this.settings = settings;
        this.attributes = new Attributes(settings.values, limits);
        this.idChange = new PendingIdChange(settings.clock, ids);
    }

    /** Returns the record that was loaded or saved last; null unless the session is live. */
    abstract @Nullable SessionRecord record();

    /** Returns the expiry that is kept with {@link #record}, which is its last access and the idle timeout. */
    abstract Instant expiry();

    final Attributes attributes() {
        return attributes;
    }

    final PendingIdChange idChange() {
        return idChange;
    }

    // ---- what the handler reads

    final @Nullable String subject() {
        if (idChange.decidesSubject()) {
            return idChange.subject();
        }
        SessionRecord record = record();
        return record == null ? null : record.subject();
    }

    /** Returns how and when the user signed in, with the time and this request's elevations; null if no user is signed in. */
    final @Nullable SignInFacts signIn() {
        if (subject() == null) {
            return null;
        }
        SignInFacts facts = Objects.requireNonNullElse(knownSignIn(), SignInFacts.NONE);
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Elevate elevate) {
                facts = elevate.applyTo(facts);
            }
        }
        Instant created = createdAt();
        return facts.at() == null || facts.at().isAfter(created) ? facts.withAt(created) : facts;
    }

    private @Nullable SignInFacts knownSignIn() {
        if (idChange.decidesSubject()) {
            return idChange.signIn();
        }
        SessionRecord record = record();
        if (record == null) {
            return null;
        }
        return (idChange.intent() == Intent.CHANGE_ID ? SignInRules.withoutElevations(record) : record).signIn();
    }

    /** Returns the scopes for which this request has elevated the session, and not saved it yet. */
    final Set<String> elevatedScopes() {
        Set<String> scopes = Set.of();
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Elevate elevate && elevate.until() != null) {
                scopes = scopes.isEmpty() ? new LinkedHashSet<>() : scopes;
                scopes.add(elevate.scope());
            }
        }
        return scopes;
    }

    private boolean isActing() {
        SignInFacts facts = signIn();
        return facts != null && facts.actingBy() != null;
    }

    /** Whether a remember-me cookie has begun this session, so that its user has not signed in since. */
    final boolean isRemembered() {
        SessionRecord record = record();
        return record != null
                && !idChange.decidesSubject()
                && record.remember() != null
                && record.remember().kind() == Remember.Kind.REMEMBERED;
    }

    /** Returns when this session began, as it is kept or will be. */
    final Instant createdAt() {
        SessionRecord record = record();
        return record == null || idChange.decidesSubject() ? idChange.beginsAt() : record.createdAt();
    }

    /** Returns when the client used the session before this request: the same from the first call on, whatever is written. */
    final Instant lastAccess() {
        if (lastAccess == null) {
            SessionRecord record = record();
            lastAccess = record == null
                    ? idChange.beginsAt()
                    : settings.deadlines.lastAccess(expiry(), record, settings.clock.instant());
        }
        return lastAccess;
    }

    final Instant expiresAt() {
        SessionRecord record = record();
        if (record != null) {
            return settings.deadlines.end(expiry(), record);
        }
        Instant now = settings.clock.instant();
        SessionRecord blank = SessionRecord.live(now, null).withSettings(pendingSettings());
        return settings.deadlines.end(settings.deadlines.expiry(blank, null, now), blank);
    }

    /** Returns the settings as they will be once this request's changes are saved. */
    final SessionSettings pendingSettings() {
        SessionRecord record = record();
        SessionSettings pending =
                record == null || idChange.startsEmpty() ? SessionSettings.AS_CONFIGURED : record.settings();
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Configure configure) {
                pending = configure.change().apply(pending);
            }
        }
        return pending;
    }

    /** Returns the cookie settings; their setters pass the change on. */
    final SessionCookie cookie(Consumer<UnaryOperator<SessionSettings>> change) {
        return new CookieOverrides(settings, this::pendingSettings, change);
    }

    final CookieLifetime cookieLifetime() {
        return settings.cookieLifetime(pendingSettings());
    }

    /** Returns how long the client keeps the token, and by which rule it sends it. */
    final Terms terms() {
        return settings.terms(pendingSettings(), expiresAt());
    }

    // ---- transitions

    /** Gives the session a new beginning, and a last access that is not before it. */
    final void beginAnew() {
        idChange.beginAnew();
        lastAccess = idChange.beginsAt();
    }

    /** Empties the attributes of a session that begins anew. */
    final void empty() {
        attributes.start(JsonMembers.EMPTY);
    }

    /** Gives the session a new id and a new beginning, with nothing in it. */
    final void regenerate() {
        idChange.regenerate();
        beginAnew();
        empty();
    }

    /**
     * Signs a user in: a new id, a new beginning, and an empty session if it was another user's, or if a user acts as another
     * before or after it.
     */
    final void login(String subject, SignInFacts how) {
        String present = subject();
        boolean isOfOther = present != null && !present.equals(subject);
        if (isOfOther || how.actingBy() != null || isActing()) {
            // What one user left in the session must not be visible to another.
            regenerate();
        } else if (record() != null) {
            beginAnew();
        }
        attributes.noteChangesWithin();
        attributes.forgetElevations();
        idChange.login(subject, how, attributes.log().size());
    }

    /** Gives the session a new id, for which nothing is elevated. */
    final void changeId() {
        attributes.forgetElevations();
        idChange.changeId();
    }

    /** Forgets the changes that are not saved, and the new id. */
    final void forgetChanges() {
        restartAttributes();
        idChange.forget();
    }

    /** Has {@link #lastAccess} look again: another session, or none, has replaced the one that was read. */
    final void forgetLastAccess() {
        lastAccess = null;
    }

    /** Has the attributes begin again with those of the record, without changes. */
    final void restartAttributes() {
        SessionRecord record = record();
        attributes.start(record == null ? JsonMembers.EMPTY : record.attributes());
    }
}
