package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Device;
import dev.sojourn.SameSite;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import net.jqwik.api.statistics.Statistics;

class RecordProperties {
    private static final String SECRET = "tOpSeCrEt";

    private final SojournRecordFormat format = new SojournRecordFormat();

    @Property(tries = 400)
    void a_record_is_read_as_it_was_written(@ForAll("records") SessionRecord record) {
        StoredSession stored = format.write(record, RecordOracle.EXPIRES);

        SessionRecord again = format.read(stored);

        assertThat(RecordOracle.texts(again.attributes())).isEqualTo(RecordOracle.texts(record.attributes()));
        assertThat(RecordOracle.texts(again.unknown())).isEqualTo(RecordOracle.texts(record.unknown()));
        assertThat(withoutMembers(again)).isEqualTo(withoutMembers(record));
        assertThat(stored.subject()).isEqualTo(record.subject());
        assertThat(stored.expiresAt()).isEqualTo(RecordOracle.EXPIRES);
        assertThat(RecordOracle.read(stored.payload())).isPresent();
    }

    @Property(tries = 400)
    void an_unchanged_record_is_always_written_the_same(@ForAll("records") SessionRecord record) {
        byte[] once = format.write(record, RecordOracle.EXPIRES).payload();

        byte[] twice = format.write(format.read(RecordOracle.storedSession(once)), RecordOracle.EXPIRES)
                .payload();

        assertThat(new String(twice, StandardCharsets.UTF_8)).isEqualTo(new String(once, StandardCharsets.UTF_8));
    }

    @Property(tries = 400)
    void a_record_of_another_program_is_read_as_jackson_reads_it(@ForAll("foreign") String json) {
        assertThat(RecordOracle.read(bytes(json))).isPresent();
    }

    @Property(tries = 400)
    void members_pass_through_byte_for_byte(
            @ForAll("foreignMembers") List<JsonTexts.Member> unknown,
            @ForAll("members") List<JsonTexts.Member> attributes) {
        SessionRecord record = format.read(RecordOracle.storedSession(bytes(foreign(unknown, attributes))));

        SessionRecord changed = record.withAttributes(record.attributes().with("another", new byte[] {'1'}));
        SessionRecord again = format.read(format.write(changed, RecordOracle.EXPIRES));

        Map<String, String> expected = new HashMap<>();
        attributes.forEach(member -> expected.put(member.name(), member.value()));
        expected.put("another", "1");
        assertThat(RecordOracle.texts(again.attributes())).isEqualTo(expected);
        Map<String, String> passed = new HashMap<>();
        unknown.forEach(member -> passed.put(member.name(), member.value()));
        assertThat(RecordOracle.texts(again.unknown())).isEqualTo(passed);
    }

    @Property(tries = 1_000)
    void a_damaged_record_is_either_read_or_unreadable(
            @ForAll("foreign") String json, @ForAll("damageLists") List<Damage> damages) {
        byte[] payload = bytes(json);
        for (Damage damage : damages) {
            payload = damage.applyTo(payload);
        }

        boolean read = RecordOracle.read(payload).isPresent();

        Statistics.label("read").collect(read).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 2);
            coverage.check(false).percentage(share -> share > 2);
        });
    }

    @Property
    void random_bytes_are_unreadable(@ForAll byte[] payload) {
        assertThat(RecordOracle.read(payload)).isEmpty();
    }

    @Property
    void an_error_message_shows_no_data(@ForAll("damages") Damage damage) {
        String json = "{\"format\":1,\"created\":1,\"" + SECRET + "\":\"" + SECRET + "\",\"sameSite\":\"" + SECRET
                + "\",\"attributes\":{\"" + SECRET + "\":[\"" + SECRET + "\"," + SECRET + "]}}";
        try {
            format.read(RecordOracle.storedSession(damage.applyTo(bytes(json))));
        } catch (UnreadableRecordException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET.substring(0, 4), SECRET.substring(5));
            assertThat(e.getCause()).isNull();
            assertThat(e.getSuppressed()).isEmpty();
            return;
        }
        throw new AssertionError("it was read");
    }

    @Example
    void type_marks_are_written_next_to_the_attributes_and_read_with_them() {
        JsonMembers attributes = JsonMembers.EMPTY.with("a", bytes("1")).with("cart", bytes("[2]"), "typed-json/x");
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null).withAttributes(attributes);

        StoredSession stored = format.write(record, RecordOracle.EXPIRES);
        SessionRecord again = format.read(stored);

        assertThat(new String(stored.payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":1,\"created\":0,\"types\":{\"cart\":\"typed-json/x\"},"
                        + "\"attributes\":{\"a\":1,\"cart\":[2]}}");
        assertThat(again.attributes().marks()).isEqualTo(Map.of("cart", "typed-json/x"));
        assertThat(again.attributes().sameAs(attributes)).isTrue();
        assertThat(again.attributes().with("cart", bytes("[2]")).marks()).isEmpty();
        assertThat(again.attributes().sameAs(attributes.with("cart", bytes("[2]"))))
                .isFalse();
    }

    @Example
    void a_type_mark_without_its_attribute_is_dropped_and_an_invalid_one_is_unreadable() {
        assertThat(RecordOracle.read(bytes("{\"format\":1,\"created\":1,\"types\":{\"gone\":\"x\"}}"))
                        .orElseThrow()
                        .attributes()
                        .marks())
                .isEmpty();
        for (String types : List.of("1", "[]", "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"" + "x".repeat(65) + "\"}")) {
            assertThatThrownBy(() -> format.read(
                            RecordOracle.storedSession(bytes("{\"format\":1,\"created\":1,\"types\":" + types + "}"))))
                    .as(types)
                    .isInstanceOf(UnreadableRecordException.class);
        }
    }

    /** A record of another library may have a member with a name of this format, and with any value. */
    @Example
    void unknown_members_with_names_of_the_format_are_not_written() {
        JsonMembers unknown = JsonMembers.EMPTY
                .with("types", bytes("{\"a\":\"typed-json/x\"}"))
                .with("successor", bytes("\"x\""))
                .with("color", bytes("\"red\""));
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null);
        SessionRecord forged = new SessionRecord(
                record.createdAt(), null, record.settings(), null, null, null, record.attributes(), unknown);

        assertThat(new String(format.write(forged, RecordOracle.EXPIRES).payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":1,\"created\":0,\"color\":\"red\"}");
    }

    @Example
    void every_write_has_another_version() {
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null);

        assertThat(format.write(record, RecordOracle.EXPIRES).version())
                .isNotEqualTo(format.write(record, RecordOracle.EXPIRES).version());
    }

    @Example
    void a_deeply_nested_record_is_unreadable() {
        for (String open : List.of("[", "{\"a\":")) {
            assertThat(RecordOracle.read(bytes("{\"format\":1,\"created\":1,\"x\":" + open.repeat(30_000))))
                    .isEmpty();
            assertThat(RecordOracle.read(
                            bytes("{\"format\":1,\"created\":1,\"attributes\":{\"x\":" + open.repeat(30_000))))
                    .isEmpty();
        }
    }

    private static SessionRecord withoutMembers(SessionRecord record) {
        return record.withAttributes(JsonMembers.EMPTY).withUnknown(JsonMembers.EMPTY);
    }

    private static String foreign(List<JsonTexts.Member> unknown, List<JsonTexts.Member> attributes) {
        String members = unknown.isEmpty() ? "" : JsonTexts.join(unknown) + ",";
        return " {\n" + members
                + "\"created\" :1795464236327,\"signIn\":{\"amr\":[\"pwd\"],\"at\":1795464236,\"scopes\":"
                + "{\"pay\":1795464236}}, \"device\":{\"ip\":\"192.0.2.0\"},\"attributes\":{"
                + JsonTexts.join(attributes)
                + " } , \"\\u0066ormat\":1}\t";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A damage to a record: one byte is changed, inserted or removed, or the end is cut off. The position is in ten-thousandths
     * of the length.
     */
    record Damage(int at, Kind kind, byte with) {
        enum Kind {
            CHANGE,
            INSERT,
            REMOVE,
            CUT
        }

        byte[] applyTo(byte[] payload) {
            int position = payload.length * at / 10_000;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(payload, 0, position);
            if (kind == Kind.CHANGE || kind == Kind.INSERT) {
                out.write(with);
            }
            int rest = kind == Kind.INSERT ? position : position + 1;
            if (kind != Kind.CUT && rest < payload.length) {
                out.write(payload, rest, payload.length - rest);
            }
            return out.toByteArray();
        }
    }

    @Provide
    Arbitrary<Damage> damages() {
        Arbitrary<Byte> bytes = Arbitraries.oneOf(
                Arbitraries.bytes(),
                Arbitraries.of('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', ' ', 'u')
                        .map(c -> (byte) (char) c));
        return Combinators.combine(Arbitraries.integers().between(0, 9_999), Arbitraries.of(Damage.Kind.class), bytes)
                .as(Damage::new);
    }

    @Provide
    Arbitrary<List<Damage>> damageLists() {
        return damages().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> foreign() {
        return Combinators.combine(foreignMembers(), members()).as(RecordProperties::foreign);
    }

    @Provide
    Arbitrary<List<JsonTexts.Member>> members() {
        return JsonTexts.members().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<JsonTexts.Member>> foreignMembers() {
        return JsonTexts.members(JsonTexts.names().map(name -> "x" + name))
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<SessionRecord> records() {
        Arbitrary<Instant> instants =
                Arbitraries.longs().between(-1_000, 253_402_300_799_999L).map(Instant::ofEpochMilli);
        Arbitrary<SessionRecord.Lease> leases = Combinators.combine(
                        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(64), instants)
                .as(SessionRecord.Lease::new);
        Arbitrary<StoreKey> keys = Arbitraries.strings().alpha().ofMaxLength(9).map(SessionIds::storeKey);
        Arbitrary<SessionRecord> records = Combinators.combine(
                        instants,
                        Arbitraries.strings().injectNull(0.3),
                        settings(),
                        keys.injectNull(0.7),
                        instants.injectNull(0.7),
                        leases.injectNull(0.7),
                        members(JsonTexts.names()),
                        members(JsonTexts.names().map(name -> "x" + name)))
                .as(SessionRecord::new);
        return Combinators.combine(
                        records,
                        facts(instants).injectNull(0.5),
                        devices().injectNull(0.5),
                        keys.flatMap(key -> Arbitraries.of(Remember.signedIn(key), Remember.remembered(key)))
                                .injectNull(0.5))
                .as((record, signIn, device, remember) ->
                        record.withSignIn(signIn).withDevice(device).withRemember(remember));
    }

    private static Arbitrary<SignInFacts> facts(Arbitrary<Instant> instants) {
        return Combinators.combine(
                        instants.injectNull(0.5),
                        texts(32).list().ofMaxSize(8),
                        texts(128).injectNull(0.5),
                        texts(512).injectNull(0.5),
                        texts(256).injectNull(0.5),
                        texts(256).injectNull(0.5),
                        Arbitraries.maps(texts(64), instants).ofMaxSize(16))
                .as(SignInFacts::new);
    }

    private static Arbitrary<Device> devices() {
        StringArbitrary plain = Arbitraries.strings().withCharRange(' ', '~').excludeChars('"', '\\');
        return Combinators.combine(
                        plain.ofMinLength(1).ofMaxLength(52).injectNull(0.3),
                        plain.ofMinLength(1).ofMaxLength(39))
                .as(Device::new);
    }

    /** Texts without control characters, some with characters that JSON escapes and some outside ASCII. */
    private static Arbitrary<String> texts(int longest) {
        return Arbitraries.strings()
                .withChars('"', '\\', '/', 'ß', '\u2028', '\uFFFF')
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(longest);
    }

    private static Arbitrary<JsonMembers> members(Arbitrary<String> names) {
        return Combinators.combine(names, JsonTexts.values())
                .as(Map::entry)
                .list()
                .ofMaxSize(5)
                .map(entries -> {
                    JsonMembers members = JsonMembers.EMPTY;
                    for (Map.Entry<String, String> entry : entries) {
                        members = members.with(entry.getKey(), bytes(entry.getValue()));
                    }
                    return members;
                });
    }

    private static Arbitrary<SessionSettings> settings() {
        Arbitrary<Duration> timeouts = Arbitraries.oneOf(
                Arbitraries.just(Duration.ZERO),
                Arbitraries.longs().between(1_000, Deadlines.LONGEST.toMillis()).map(Duration::ofMillis));
        Arbitrary<CookieLifetime> lifetimes = Arbitraries.oneOf(
                Arbitraries.of(CookieLifetime.session(), CookieLifetime.browserSession()),
                Arbitraries.longs()
                        .between(1, CookieLifetime.LONGEST.toSeconds())
                        .map(seconds -> CookieLifetime.of(Duration.ofSeconds(seconds))));
        return Combinators.combine(
                        timeouts.injectNull(0.5),
                        timeouts.injectNull(0.5),
                        lifetimes.injectNull(0.5),
                        Arbitraries.of(SameSite.class).injectNull(0.5))
                .as(SessionSettings::new);
    }
}
