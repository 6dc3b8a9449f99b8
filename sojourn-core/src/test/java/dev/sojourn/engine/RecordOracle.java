package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the record format, which copies bytes, with the tree that Jackson reads from the same bytes. */
final class RecordOracle {
    static final Instant EXPIRES = Instant.ofEpochMilli(1_795_466_036_349L);

    private static final Set<String> KNOWN = Set.of(
            "format",
            "created",
            "written",
            "successor",
            "lease",
            "idleTimeout",
            "absoluteTimeout",
            "cookie",
            "sameSite",
            "signIn",
            "device",
            "remember",
            "types",
            "attributes");
    private static final long MAX_MILLIS = 3_650L * 24 * 3_600 * 1_000;
    private static final long MAX_COOKIE_MILLIS = 400L * 24 * 3_600 * 1_000 + 999;

    private static final JsonMapper LENIENT = mapper(JsonFactory.builder());
    private static final JsonMapper STRICT =
            mapper(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));
    private static final SojournRecordFormat FORMAT = new SojournRecordFormat();

    private RecordOracle() {}

    private static JsonMapper mapper(JsonFactoryBuilder factory) {
        return JsonMapper.builder(factory.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    /** Reads the bytes, asserts that Jackson reads the same data, and returns the record, or empty if it is unreadable. */
    static Optional<SessionRecord> read(byte[] payload) {
        byte[] untouched = payload.clone();
        Optional<SessionRecord> record = readRecord(payload);
        assertThat(payload).as("the payload is only read").isEqualTo(untouched);
        if (record.isPresent()) {
            assertSameData(record.get(), payload);
            assertRoundTrip(record.get());
        } else {
            assertThat(isValidRecord(payload))
                    .as("refused although it is a valid record")
                    .isFalse();
        }
        return record;
    }

    private static Optional<SessionRecord> readRecord(byte[] payload) {
        try {
            return Optional.of(FORMAT.read(storedSession(payload)));
        } catch (UnreadableRecordException e) {
            assertThat(e.getCause()).as("a cause would quote the data").isNull();
            return Optional.empty();
        }
    }

    private static void assertSameData(SessionRecord record, byte[] payload) {
        Optional<JsonNode> whole = tree(LENIENT, payload, 0, payload.length);
        if (whole.isEmpty()) {
            // Values are skipped without being parsed: an invalid one fails only when it is requested.
            assertThat(everyValueReads(record))
                    .as("read although it is no JSON tree")
                    .isFalse();
            return;
        }
        JsonNode tree = whole.get();
        assertThat(tree.isObject()).isTrue();
        Set<String> unknown = new HashSet<>(tree.propertyNames());
        unknown.removeAll(KNOWN);
        assertSameMembers(record.unknown(), tree, unknown);
        JsonNode attributes = tree.path("attributes");
        assertSameMembers(record.attributes(), attributes, new HashSet<>(attributes.propertyNames()));
        assertThat(record.createdAt().toEpochMilli())
                .isEqualTo(tree.path("created").longValue());
        assertThat(record.isRetired()).isEqualTo(tree.has("successor"));
        assertThat(record.lease() != null).isEqualTo(tree.has("lease"));
        assertSameFacts(record, tree.path("signIn"));
        assertThat(record.device() != null).isEqualTo(tree.has("device"));
        if (record.device() != null) {
            assertThat(record.device().name())
                    .isEqualTo(tree.path("device").path("name").asStringOpt().orElse(null));
            assertThat(record.device().address())
                    .isEqualTo(tree.path("device").path("ip").asStringOpt().orElse(null));
        }
    }

    private static void assertSameFacts(SessionRecord record, JsonNode tree) {
        SignInFacts facts = Objects.requireNonNullElse(record.signIn(), SignInFacts.NONE);
        assertThat(Objects.requireNonNullElse(facts.at(), record.createdAt()).toEpochMilli())
                .isEqualTo(Math.min(
                        tree.path("at").asLong(Long.MAX_VALUE),
                        record.createdAt().toEpochMilli()));
        assertThat(facts.methods())
                .isEqualTo(tree.path("amr")
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .toList());
        assertThat(facts.level()).isEqualTo(tree.path("acr").asStringOpt().orElse(null));
        assertThat(facts.issuer()).isEqualTo(tree.path("iss").asStringOpt().orElse(null));
        assertThat(facts.providerSession())
                .isEqualTo(tree.path("sid").asStringOpt().orElse(null));
        assertThat(facts.actingBy()).isEqualTo(tree.path("by").asStringOpt().orElse(null));
        Map<String, Long> scopes = new LinkedHashMap<>();
        tree.path("scopes")
                .properties()
                .forEach(each -> scopes.put(each.getKey(), each.getValue().longValue()));
        Map<String, Long> elevations = new LinkedHashMap<>();
        facts.elevations().forEach((scope, end) -> elevations.put(scope, end.toEpochMilli()));
        assertThat(elevations).isEqualTo(scopes);
    }

    private static void assertSameMembers(JsonMembers members, JsonNode tree, Set<String> names) {
        assertThat(new HashSet<>(members.names())).isEqualTo(names);
        for (Map.Entry<String, Slice> member : slices(members).entrySet()) {
            Slice slice = member.getValue();
            assertThat(tree(LENIENT, slice.source(), slice.from(), slice.length()))
                    .contains(tree.path(member.getKey()));
        }
    }

    private static boolean everyValueReads(SessionRecord record) {
        return Stream.of(record.unknown(), record.attributes())
                .flatMap(members -> slices(members).values().stream())
                .allMatch(slice -> tree(LENIENT, slice.source(), slice.from(), slice.length())
                        .isPresent());
    }

    /** Asserts that the record is the same after it is written and read again, with no byte of a value changed. */
    private static void assertRoundTrip(SessionRecord record) {
        SessionRecord again = FORMAT.read(FORMAT.write(record, EXPIRES));
        assertThat(again.attributes().sameAs(record.attributes())).isTrue();
        assertThat(again.unknown().sameAs(record.unknown())).isTrue();
        assertThat(again.attributes().names()).isEqualTo(record.attributes().names());
        assertThat(again.settings()).isEqualTo(record.settings());
        assertThat(again.createdAt()).isEqualTo(record.createdAt());
        assertThat(again.writtenAt()).isEqualTo(record.writtenAt());
        assertThat(again.successor()).isEqualTo(record.successor());
        assertThat(again.lease()).isEqualTo(record.lease());
        assertThat(again.signIn()).isEqualTo(record.signIn());
        assertThat(again.device()).isEqualTo(record.device());
        assertThat(again.remember()).isEqualTo(record.remember());
    }

    /** The rules of {@code docs/reference/record-format.md}, on a tree without duplicate names. */
    private static boolean isValidRecord(byte[] payload) {
        Optional<JsonNode> tree = tree(STRICT, payload, 0, payload.length);
        return tree.isPresent() && tree.get().isObject() && isRecord(tree.get());
    }

    private static boolean isRecord(JsonNode tree) {
        JsonNode cookie = tree.path("cookie");
        JsonNode sameSite = tree.path("sameSite");
        return isWhole(tree.path("format"), 1, 1)
                && isWhole(tree.path("created"), Long.MIN_VALUE, Long.MAX_VALUE)
                && (!tree.has("written") || isWhole(tree.path("written"), Long.MIN_VALUE, Long.MAX_VALUE))
                && (!tree.has("successor") || isKey(tree.path("successor")))
                && (!tree.has("lease") || isLease(tree.path("lease")))
                && isTimeout(tree, "idleTimeout")
                && isTimeout(tree, "absoluteTimeout")
                && (!tree.has("cookie")
                        || isOneOf(cookie, "browserSession", "session")
                        || isWhole(cookie, 1_000, MAX_COOKIE_MILLIS))
                && (!tree.has("sameSite") || isOneOf(sameSite, "STRICT", "LAX", "NONE"))
                && (!tree.has("signIn") || isSignIn(tree.path("signIn")))
                && (!tree.has("device") || isDevice(tree.path("device")))
                && (!tree.has("types") || isTypes(tree.path("types")))
                && (!tree.has("attributes") || tree.path("attributes").isObject());
    }

    private static boolean isSignIn(JsonNode node) {
        return node.isObject()
                && (!node.has("at") || isWhole(node.path("at"), Long.MIN_VALUE, Long.MAX_VALUE))
                && (!node.has("amr")
                        || (node.path("amr").isArray()
                                && node.path("amr").size() <= 8
                                && node.path("amr").valueStream().allMatch(each -> isFact(each, 32))))
                && (!node.has("acr") || isFact(node.path("acr"), 128))
                && (!node.has("iss") || isFact(node.path("iss"), 512))
                && (!node.has("sid") || isFact(node.path("sid"), 256))
                && (!node.has("by") || isFact(node.path("by"), 256))
                && (!node.has("scopes") || isScopes(node.path("scopes")));
    }

    private static boolean isScopes(JsonNode node) {
        return node.isObject()
                && node.size() <= 16
                && node.propertyNames().stream().allMatch(name -> isFact(name, 64))
                && node.valueStream().allMatch(end -> isWhole(end, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static boolean isFact(JsonNode node, int longest) {
        return node.isString() && isFact(node.stringValue(), longest);
    }

    private static boolean isFact(String text, int longest) {
        return text.length() <= longest && text.matches("[^\\p{Cc}\\p{Cs}]+");
    }

    private static boolean isDevice(JsonNode node) {
        return node.isObject()
                && (node.has("name") || node.has("ip"))
                && (!node.has("name") || isPlain(node.path("name"), 52))
                && (!node.has("ip") || isPlain(node.path("ip"), 39));
    }

    private static boolean isPlain(JsonNode node, int longest) {
        return node.isString() && node.stringValue().matches("[ -~&&[^\"\\\\]]{1," + longest + "}");
    }

    private static boolean isTypes(JsonNode node) {
        return node.isObject()
                && node.values().stream()
                        .allMatch(mark -> mark.isString() && mark.stringValue().length() <= TypeMark.LONGEST);
    }

    private static boolean isLease(JsonNode node) {
        return node.path("holder").isString()
                && node.path("holder").stringValue().matches("[A-Za-z0-9_-]{1,64}")
                && isWhole(node.path("until"), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static boolean isTimeout(JsonNode tree, String name) {
        return !tree.has(name) || isWhole(tree.path(name), 0, 0) || isWhole(tree.path(name), 1_000, MAX_MILLIS);
    }

    private static boolean isWhole(JsonNode node, long least, long most) {
        return node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= least
                && node.longValue() <= most;
    }

    private static boolean isKey(JsonNode node) {
        return node.isString() && node.stringValue().matches("[A-Za-z0-9_-]{43}");
    }

    private static boolean isOneOf(JsonNode node, String... texts) {
        return node.isString() && Arrays.asList(texts).contains(node.stringValue());
    }

    private static Optional<JsonNode> tree(JsonMapper mapper, byte[] source, int from, int length) {
        try {
            return Optional.of(mapper.readTree(source, from, length));
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty(); // the latter for a number that no BigDecimal can hold
        }
    }

    static Map<String, Slice> slices(JsonMembers members) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        for (String name : members.names()) {
            Slice slice = members.get(name);
            assertThat(slice).isNotNull();
            slices.put(name, slice);
        }
        return slices;
    }

    static Map<String, String> texts(JsonMembers members) {
        Map<String, String> texts = new LinkedHashMap<>();
        slices(members)
                .forEach((name, slice) -> texts.put(
                        name, new String(slice.source(), slice.from(), slice.length(), StandardCharsets.UTF_8)));
        return texts;
    }

    static StoredSession storedSession(byte[] payload) {
        return new StoredSession(payload, 1, EXPIRES, null);
    }
}
