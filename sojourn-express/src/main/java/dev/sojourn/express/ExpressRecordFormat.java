package dev.sojourn.express;

import dev.sojourn.CookieLifetime;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The record format of Express: one JSON object with the application's attributes and {@code cookie}. Data that Express has no
 * field for is in {@code sojourn}, which Express treats as one more attribute and keeps:
 *
 * <pre>
 * tag       a different text in each write of ours, so that no two writes have the same bytes and thus the same version
 * created   the beginning of the absolute lifetime, milliseconds since 1970
 * written   the last write, only if no idle timeout implies it
 * idle      the session's own idle timeout in milliseconds, only if it differs from the cookie's lifetime
 * absolute  the session's own absolute timeout in milliseconds
 * lasts     the cookie's lifetime in milliseconds, only if the cookie lasts as long as the session; it loses its effect when
 *           Express changes that lifetime
 * subject   the user, only if no attribute names the user
 * </pre>
 *
 * <p>A record that Express wrote first has none of these. Its creation time is then the time of its last write.
 */
final class ExpressRecordFormat implements RecordFormat {
    static final String COOKIE = "cookie";
    static final String SOJOURN = "sojourn";
    private static final String TAG = "tag";
    private static final String CREATED = "created";
    private static final String WRITTEN = "written";
    private static final String IDLE = "idle";
    private static final String ABSOLUTE = "absolute";
    private static final String LASTS = "lasts";
    private static final String SUBJECT = "subject";
    private static final Duration MAX_TIMEOUT = Duration.ofDays(3_650);

    /** Members that every session object of Express has: attributes with these names would silently be left out. */
    private static final Set<String> RESERVED = Set.of(
            "req",
            "id",
            "touch",
            "resetMaxAge",
            "save",
            "reload",
            "destroy",
            "regenerate",
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
            "__proto__",
            "__defineGetter__",
            "__defineSetter__",
            "__lookupGetter__",
            "__lookupSetter__");

    private final ExpressOptions options;
    private final VersionDigest digest;
    private final @Nullable UserField userField;

    ExpressRecordFormat(ExpressOptions options, VersionDigest digest) {
        this.options = options;
        this.digest = digest;
        this.userField = options.userField();
    }

    /** Returns the id itself, by which Express finds its sessions. */
    @Override
    public StoreKey keyOf(String id) {
        return StoreKey.of(id);
    }

    @Override
    public SessionRecord read(StoredSession stored) {
        JsonMembers all = Json.members(stored.payload());
        Slice cookieJson = all.get(COOKIE);
        if (cookieJson == null || cookieJson.source()[cookieJson.from()] != '{') {
            throw new UnreadableRecordException("a session of Express has a field 'cookie', and this has none", null);
        }
        StoredCookie cookie = new StoredCookie(Json.object(cookieJson));
        Slice ours = all.get(SOJOURN);
        JsonMembers extra = Json.object(ours);
        JsonMembers attributes = all.without(COOKIE).without(SOJOURN);
        JsonMembers unknown = JsonMembers.EMPTY.with(COOKIE, cookieJson.bytes());
        if (ours != null) {
            unknown = unknown.with(SOJOURN, ours.bytes());
        }
        return new SessionRecord(
                created(stored, cookie, extra),
                subject(attributes, extra),
                settings(cookie, extra),
                null,
                instant(extra.get(WRITTEN)),
                null,
                attributes,
                unknown);
    }

    /** Returns the creation time, but never a time after now. */
    private Instant created(StoredSession stored, StoredCookie cookie, JsonMembers extra) {
        Instant created = instant(extra.get(CREATED));
        if (created == null) {
            created = cookie.writtenAt();
        }
        if (created == null) {
            created = stored.expiresAt().minus(idle(cookie));
        }
        Instant now = options.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        return created.isAfter(now) ? now : created;
    }

    private Duration idle(StoredCookie cookie) {
        Duration idle = cookie.idle();
        return idle == null ? options.ttl() : idle;
    }

    private @Nullable String subject(JsonMembers attributes, JsonMembers extra) {
        return userField == null ? UserField.name(extra.get(SUBJECT)) : userField.userIn(attributes);
    }

    private SessionSettings settings(StoredCookie cookie, JsonMembers extra) {
        Duration own = duration(extra.get(IDLE));
        return new SessionSettings(
                own == null ? idle(cookie) : own,
                duration(extra.get(ABSOLUTE)),
                lifetime(cookie, extra),
                cookie.sameSite());
    }

    private static CookieLifetime lifetime(StoredCookie cookie, JsonMembers extra) {
        Long lasts = Json.whole(extra.get(LASTS));
        return lasts != null && lasts.equals(cookie.originalMaxAge()) ? CookieLifetime.session() : cookie.lifetime();
    }

    /** Returns null for a field that the Express application has overwritten with another type. */
    private static @Nullable Instant instant(@Nullable Slice slice) {
        Long millis = Json.whole(slice);
        try {
            return millis == null ? null : Instant.ofEpochMilli(millis);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Duration duration(@Nullable Slice slice) {
        Long millis = Json.whole(slice);
        if (millis == null || millis < 0 || millis > MAX_TIMEOUT.toMillis()) {
            return null;
        }
        return Duration.ofMillis(millis);
    }

    @Override
    public StoredSession write(SessionRecord record, Instant expiresAt) {
        checkUser(record);
        StoredCookie before = cookieOf(record);
        StoredCookie cookie = cookie(record, before, expiresAt);
        JsonMembers all = JsonMembers.EMPTY.with(COOKIE, Json.object(cookie.members()));
        JsonMembers extra = extra(record, cookie);
        byte[] payload = Json.object(all, record.attributes(), JsonMembers.EMPTY.with(SOJOURN, Json.object(extra)));
        return new StoredSession(payload, digest.version(payload), expiresAt, record.subject());
    }

    /** Checks that the user attribute names the subject, because readers of the record only see the attribute. */
    private void checkUser(SessionRecord record) {
        if (userField != null && !Objects.equals(record.subject(), userField.userIn(record.attributes()))) {
            throw new IllegalStateException("attribute '" + userField.attribute()
                    + "' does not name the user who is signed in: the result of userValue(...), and any change within the value,"
                    + " must name the same user"
                    + (userField.member() == null ? "" : " in '" + userField.member() + "'"));
        }
    }

    private StoredCookie cookieOf(SessionRecord record) {
        Slice cookie = record.unknown().get(COOKIE);
        return cookie == null ? options.newCookie() : new StoredCookie(Json.object(cookie));
    }

    private StoredCookie cookie(SessionRecord record, StoredCookie before, Instant expiresAt) {
        boolean isNew = record.unknown().get(COOKIE) == null;
        CookieLifetime lifetime = lifetime(record.settings());
        Duration idle = idle(record.settings());
        Long maxAge = maxAge(lifetime, idle, isNew ? null : before);
        Instant lastAccess = idle.isZero() && record.writtenAt() != null ? record.writtenAt() : expiresAt.minus(idle);
        return before.withTimes(maxAge, maxAge == null ? null : lastAccess.plusMillis(maxAge))
                .withSameSite(record.settings().sameSite());
    }

    /** Returns the cookie's lifetime in milliseconds. An unchanged one stays exact: lifetimes are cut to seconds. */
    private @Nullable Long maxAge(CookieLifetime lifetime, Duration idle, @Nullable StoredCookie before) {
        if (lifetime.isBrowserSession()) {
            return null;
        }
        if (lifetime.isSession()) {
            return (idle.isZero() ? CookieLifetime.LONGEST : idle).toMillis();
        }
        if (before != null && before.lifetime().equals(lifetime)) {
            return before.originalMaxAge();
        }
        Duration configured = options.maxAge();
        return configured != null && options.lifetime().equals(lifetime)
                ? configured.toMillis()
                : lifetime.maxAge().toMillis();
    }

    private CookieLifetime lifetime(SessionSettings settings) {
        return settings.cookieLifetime() == null ? options.lifetime() : settings.cookieLifetime();
    }

    private Duration idle(SessionSettings settings) {
        return settings.idleTimeout() == null ? options.idle() : settings.idleTimeout();
    }

    private JsonMembers extra(SessionRecord record, StoredCookie cookie) {
        SessionSettings settings = record.settings();
        Duration idle = idle(settings);
        Instant written = record.writtenAt();
        JsonMembers extra = Json.object(record.unknown().get(SOJOURN));
        extra = with(extra, TAG, '"' + tag() + '"');
        extra = with(extra, CREATED, Long.toString(record.createdAt().toEpochMilli()));
        extra = with(extra, WRITTEN, written == null ? null : Long.toString(written.toEpochMilli()));
        extra = with(extra, IDLE, idle.equals(idle(cookie)) ? null : Long.toString(idle.toMillis()));
        Duration absolute = settings.absoluteTimeout();
        extra = with(extra, ABSOLUTE, absolute == null ? null : Long.toString(absolute.toMillis()));
        Long maxAge = cookie.originalMaxAge();
        extra = with(extra, LASTS, maxAge != null && lifetime(settings).isSession() ? maxAge.toString() : null);
        String subject = userField == null ? record.subject() : null;
        return with(extra, SUBJECT, subject == null ? null : Json.quoted(subject));
    }

    private static JsonMembers with(JsonMembers members, String name, @Nullable String json) {
        return json == null ? members.without(name) : members.with(name, Json.utf8(json));
    }

    /** Returns a random text, which need not be secret. */
    private static String tag() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Returns the current version, which is derived from the bytes: a touch does not change them. */
    @Override
    public long touchedVersion(StoredSession current) {
        return current.version();
    }

    /** Returns the value after a round trip through Node: Express rewrites the whole record with every change. */
    @Override
    public byte[] foreignRoundTrip(byte[] json) {
        return NodeValues.roundTrip(json);
    }

    /** Returns false: Express would take a retired record for a session. */
    @Override
    public boolean canRetire() {
        return false;
    }

    /** Returns false: Express writes without a lease. */
    @Override
    public boolean canLease() {
        return false;
    }

    @Override
    public Optional<String> subjectAttribute() {
        return Optional.ofNullable(userField).map(UserField::attribute);
    }

    @Override
    public Object subjectValue(String subject) {
        return options.userValueFor(subject);
    }

    @Override
    public void checkAttribute(String attribute) {
        if (userField != null && attribute.equals(userField.attribute())) {
            throw new IllegalArgumentException("attribute '" + attribute
                    + "' names the signed-in user for Express: login(subject) sets it, destroy() or regenerate() removes it. If it"
                    + " has another meaning in your application, set another one with userAttribute(...), or use"
                    + " noUserAttribute()");
        }
        if (attribute.equals(COOKIE) || attribute.equals(SOJOURN)) {
            throw new IllegalArgumentException("an attribute cannot be called '" + attribute
                    + "' in Express's format, which has a field of that name");
        }
        if (RESERVED.contains(attribute)) {
            throw new IllegalArgumentException("an attribute cannot be called '" + attribute
                    + "' in Express's format: Express would leave it out, because its session objects have a member of that"
                    + " name");
        }
    }
}
