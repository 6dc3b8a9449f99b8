package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Device;
import dev.sojourn.SameSite;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.SessionRecord.Lease;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The project's own record format: one JSON object, described in {@code docs/reference/record-format.md}. Members are copied byte
 * for byte, so unknown members pass through.
 */
final class SojournRecordFormat implements RecordFormat {
    private static final int FORMAT = 1;
    private static final int ENVELOPE = 160;
    private static final int LONGEST_HOLDER = 64;
    private static final String TYPES = "types";
    private static final Set<String> OURS = Set.of(
            "format",
            "created",
            "written",
            "successor",
            "lease",
            "rotation",
            "idleTimeout",
            "absoluteTimeout",
            "cookie",
            "sameSite",
            "formerly",
            SignInJson.MEMBER,
            DeviceJson.MEMBER,
            RememberJson.MEMBER,
            TYPES,
            "attributes");
    /** A SHA-256 in base64url. */
    private static final int KEY_LENGTH = 43;
    /** The first 16 bytes of a SHA-256 in base64url. */
    private static final int PUBLIC_ID_LENGTH = 22;

    @Override
    public StoreKey keyOf(String id) {
        return SessionIds.storeKey(id);
    }

    @Override
    public SessionRecord read(StoredSession stored) {
        return read(stored.payload(), stored.subject());
    }

    /** Reads a record from its JSON; the subject is kept next to it. */
    static SessionRecord read(byte[] payload, @Nullable String subject) {
        try (JsonParser parser = JsonMembers.parser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableRecordException(
                        "a session record must be one JSON object, but this is not an object", null);
            }
            SessionRecord record = members(parser, payload, subject);
            if (parser.nextToken() != null) {
                throw new UnreadableRecordException(
                        "a session record must be one JSON object, but more data follows it", null);
            }
            return record;
        } catch (JacksonException | DateTimeException | ArithmeticException | IllegalArgumentException e) {
            // The parser's message quotes the data, so it is not passed on.
            throw new UnreadableRecordException(
                    "not a session record: " + e.getClass().getSimpleName() + " in " + payload.length + " bytes", null);
        }
    }

    private static SessionRecord members(JsonParser parser, byte[] payload, @Nullable String subject) {
        long format = 0;
        Instant created = null;
        Instant written = null;
        StoreKey successor = null;
        Lease lease = null;
        Generation generation = null;
        SignInFacts signIn = null;
        Device device = null;
        Remember remember = null;
        SessionSettings settings = SessionSettings.AS_CONFIGURED;
        JsonMembers attributes = JsonMembers.EMPTY;
        JsonMembers.Draft unknown = null;
        Map<String, String> types = Map.of();
        List<String> formerPublicIds = List.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "format" -> format = whole(parser);
                case "created" -> created = Instant.ofEpochMilli(whole(parser));
                case "written" -> written = Instant.ofEpochMilli(whole(parser));
                case "successor" -> successor = StoreKey.of(key(parser));
                case "lease" -> lease = lease(parser);
                case "rotation" -> generation = generation(parser);
                case SignInJson.MEMBER -> signIn = SignInJson.read(parser);
                case DeviceJson.MEMBER -> device = DeviceJson.read(parser);
                case RememberJson.MEMBER -> remember = RememberJson.read(parser);
                case "formerly" -> formerPublicIds = readPublicIds(parser);
                case "idleTimeout" -> settings = settings.withIdleTimeout(duration(parser));
                case "absoluteTimeout" -> settings = settings.withAbsoluteTimeout(duration(parser));
                case "cookie" -> settings = settings.withCookieLifetime(lifetime(parser, value));
                case "sameSite" -> settings = settings.withSameSite(SameSite.valueOf(parser.getString()));
                case TYPES -> types = types(parser);
                case "attributes" -> {
                    if (value != JsonToken.START_OBJECT) {
                        throw new UnreadableRecordException("attributes must be a JSON object, but are not", null);
                    }
                    attributes = JsonMembers.read(parser, payload);
                }
                default -> {
                    unknown = unknown == null ? JsonMembers.EMPTY.draft() : unknown;
                    unknown.set(name, rest(parser, payload), null);
                }
            }
        }
        if (format != FORMAT || created == null) {
            throw new UnreadableRecordException(
                    "expected a record of format " + FORMAT + " with the time of its creation, found format " + format,
                    null);
        }
        if (Remember.BROWSER.equals(remember) && generation == null) {
            throw new UnreadableRecordException("a remembered browser must have a rotation", null);
        }
        JsonMembers marked = types.isEmpty() ? attributes : attributes.withMarks(types);
        JsonMembers rest = unknown == null ? JsonMembers.EMPTY : unknown.members();
        return new SessionRecord(
                created,
                subject,
                settings,
                successor,
                written,
                lease,
                marked,
                rest,
                formerPublicIds,
                generation,
                signIn,
                device,
                remember);
    }

    /** Reads which attributes a typed format wrote. */
    private static Map<String, String> types(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new UnreadableRecordException("types must be a JSON object, but are not", null);
        }
        Map<String, String> types = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING || parser.getStringLength() > TypeMark.LONGEST) {
                throw new UnreadableRecordException(
                        "the mark of a typed attribute must be a text of at most " + TypeMark.LONGEST + " characters",
                        null);
            }
            types.put(name, parser.getString());
        }
        return types;
    }

    /** Reads the former public ids. Drops those above the limit. */
    private static List<String> readPublicIds(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new UnreadableRecordException("former public ids must be a JSON array, but are not", null);
        }
        List<String> publicIds = new ArrayList<>(SessionRecord.MAX_FORMER_PUBLIC_IDS);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String publicId = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
            if (publicId.length() != PUBLIC_ID_LENGTH || !SessionIds.wellFormed(publicId, PUBLIC_ID_LENGTH)) {
                throw new UnreadableRecordException("a former public id must be 22 characters of base64url", null);
            }
            if (publicIds.size() < SessionRecord.MAX_FORMER_PUBLIC_IDS) {
                publicIds.add(publicId);
            }
        }
        return publicIds;
    }

    /** Reads a lease. Drops its unknown members: a lease is short-lived. */
    private static Lease lease(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new UnreadableRecordException("a lease must be a JSON object, but is not", null);
        }
        String holder = "";
        Instant until = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("holder") && value == JsonToken.VALUE_STRING) {
                holder = parser.getString();
            } else if (name.equals("until")) {
                until = Instant.ofEpochMilli(whole(parser));
            } else {
                parser.skipChildren();
            }
        }
        if (until == null
                || holder.isEmpty()
                || holder.length() > LONGEST_HOLDER
                || !SessionIds.wellFormed(holder, holder.length())) {
            throw new UnreadableRecordException("a lease must have a holder of 1 to 64 characters and an end", null);
        }
        return new Lease(holder, until);
    }

    /** Reads the generation of a rotating token. Drops its unknown members: the next generation has none of them. */
    private static Generation generation(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new UnreadableRecordException("a rotation must be a JSON object, but is not", null);
        }
        long number = 0;
        Instant since = null;
        long predecessor = -1;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "n" -> number = whole(parser);
                case "at" -> since = Instant.ofEpochMilli(whole(parser));
                case "from" -> predecessor = whole(parser);
                default -> parser.skipChildren();
            }
        }
        if (since == null) {
            throw new UnreadableRecordException("a rotation must have a number and a time", null);
        }
        return new Generation(number, since, predecessor < 0 ? number - 1 : predecessor);
    }

    private static void rotation(ByteArrayOutputStream out, Generation generation) {
        boolean skips = generation.predecessor() != generation.number() - 1;
        member(
                out,
                "rotation",
                "{\"n\":" + generation.number() + ",\"at\":"
                        + generation.since().toEpochMilli() + (skips ? ",\"from\":" + generation.predecessor() : "")
                        + "}");
    }

    private static Duration duration(JsonParser parser) {
        Duration timeout = Duration.ofMillis(whole(parser));
        ScopeSettings.checkTimeout("a stored timeout", timeout);
        return timeout;
    }

    /** Reads a whole number. Jackson would truncate 1.9 to 1. */
    static long whole(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new UnreadableRecordException("times and the format's number must be whole numbers", null);
        }
        return parser.getLongValue();
    }

    /**
     * Reads a store key. Jackson would return the text "null" for a null, and the record would be treated as retired.
     */
    static String key(JsonParser parser) {
        String key = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
        if (key.length() != KEY_LENGTH || !SessionIds.wellFormed(key, KEY_LENGTH)) {
            throw new UnreadableRecordException(
                    "a successor or a browser must be a store key, 43 characters of base64url", null);
        }
        return key;
    }

    private static CookieLifetime lifetime(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT) {
            return CookieLifetime.of(Duration.ofMillis(parser.getLongValue()));
        }
        return switch (parser.getString()) {
            case "browserSession" -> CookieLifetime.browserSession();
            case "session" -> CookieLifetime.session();
            default -> throw new UnreadableRecordException("the cookie's lifetime is unknown", null);
        };
    }

    private static byte[] rest(JsonParser parser, byte[] payload) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        return Arrays.copyOfRange(payload, from, (int) parser.currentLocation().getByteOffset());
    }

    @Override
    public StoredSession write(SessionRecord record, Instant expiresAt) {
        return new StoredSession(payload(record), version(), expiresAt, record.subject());
    }

    /** Writes a record as JSON, without its expiry and its subject. */
    static byte[] payload(SessionRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                ENVELOPE + record.attributes().length() + record.unknown().length());
        text(out, "{\"format\":1,\"created\":");
        text(out, Long.toString(record.createdAt().toEpochMilli()));
        number(
                out,
                "written",
                record.writtenAt() == null ? null : record.writtenAt().toEpochMilli());
        settings(out, record.settings());
        if (record.successor() != null) {
            member(out, "successor", '"' + record.successor().text() + '"');
        }
        if (record.lease() != null) {
            Lease lease = record.lease();
            member(
                    out,
                    "lease",
                    "{\"holder\":\"" + lease.holder() + "\",\"until\":"
                            + lease.expiresAt().toEpochMilli() + "}");
        }
        if (record.generation() != null) {
            rotation(out, record.generation());
        }
        if (!record.formerPublicIds().isEmpty()) {
            member(out, "formerly", "[\"" + String.join("\",\"", record.formerPublicIds()) + "\"]");
        }
        if (record.signIn() != null) {
            SignInJson.write(out, record.signIn());
        }
        if (record.device() != null) {
            DeviceJson.write(out, record.device());
        }
        if (record.remember() != null) {
            RememberJson.write(out, record.remember());
        }
        types(out, record.attributes().marks());
        JsonMembers unknown = unknownTo(record.unknown());
        if (!unknown.isEmpty()) {
            out.write(',');
            unknown.writeTo(out);
        }
        if (!record.attributes().isEmpty()) {
            text(out, ",\"attributes\":{");
            record.attributes().writeTo(out);
            out.write('}');
        }
        out.write('}');
        return out.toByteArray();
    }

    private static void types(ByteArrayOutputStream out, Map<String, String> marks) {
        if (marks.isEmpty()) {
            return;
        }
        JsonMembers.Draft types = JsonMembers.EMPTY.draft();
        for (Map.Entry<String, String> each : marks.entrySet()) {
            types.set(each.getKey(), quoted(each.getValue()), null);
        }
        text(out, ",\"" + TYPES + "\":{");
        types.members().writeTo(out);
        out.write('}');
    }

    /** Returns a text as JSON. */
    static byte[] quoted(String text) {
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
        return quoted.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Removes members that this version knows from the unknown ones of another source: they would be read as its own.
     */
    private static JsonMembers unknownTo(JsonMembers members) {
        if (members.isEmpty()) {
            return members;
        }
        JsonMembers.Draft unknown = members.draft();
        OURS.forEach(unknown::remove);
        return unknown.members();
    }

    private static void settings(ByteArrayOutputStream out, SessionSettings settings) {
        if (settings.equals(SessionSettings.AS_CONFIGURED)) {
            return;
        }
        number(
                out,
                "idleTimeout",
                settings.idleTimeout() == null ? null : settings.idleTimeout().toMillis());
        number(
                out,
                "absoluteTimeout",
                settings.absoluteTimeout() == null
                        ? null
                        : settings.absoluteTimeout().toMillis());
        CookieLifetime cookie = settings.cookieLifetime();
        if (cookie != null && !cookie.isBrowserSession() && !cookie.isSession()) {
            number(out, "cookie", cookie.maxAge().toMillis());
        } else if (cookie != null) {
            member(out, "cookie", '"' + cookie.toString() + '"');
        }
        if (settings.sameSite() != null) {
            member(out, "sameSite", '"' + settings.sameSite().name() + '"');
        }
    }

    private static void number(ByteArrayOutputStream out, String name, @Nullable Long value) {
        if (value != null) {
            member(out, name, Long.toString(value));
        }
    }

    private static void member(ByteArrayOutputStream out, String name, String json) {
        text(out, ",\"" + name + "\":" + json);
    }

    private static void text(ByteArrayOutputStream out, String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes, 0, bytes.length);
    }

    @Override
    public long touchedVersion(StoredSession current) {
        return version();
    }

    @Override
    public boolean canRetire() {
        return true;
    }

    @Override
    public boolean canLease() {
        return true;
    }

    @Override
    public boolean canRemember() {
        return true;
    }

    @Override
    public boolean keepsTypes() {
        return true;
    }

    @Override
    public boolean keepsSignIn() {
        return true;
    }

    /** Returns a random tag. It has to be different, not secret. */
    private static long version() {
        return ThreadLocalRandom.current().nextLong();
    }
}
