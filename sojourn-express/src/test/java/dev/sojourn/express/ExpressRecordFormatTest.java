package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CookieLifetime;
import dev.sojourn.MemoryStore;
import dev.sojourn.SameSite;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that Express's records are read and written. */
class ExpressRecordFormatTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00.123Z");
    private static final String EXPRESS_RECORD =
            "{\"cookie\":{\"originalMaxAge\":60000,\"expires\":\"2026-11-23T20:00:30.000Z\",\"httpOnly\":true,\"path\":\"/\"},"
                    + "\"user\":\"alice\",\"big\":12345678901234567890,\"price\":1.50,\"none\":null,"
                    + "\"when\":\"1970-01-01T00:00:00.000Z\",\"nested\":{\"a\":[1,{\"b\":\"\\u00e9\"}]}}";
    private static final String BROWSER_SESSION_RECORD =
            "{\"cookie\":{\"originalMaxAge\":null,\"expires\":null,\"httpOnly\":true,\"path\":\"/\"},\"a\":1}";

    private final SettableClock clock = new SettableClock();
    private final RecordFormat format = format(e -> {});

    private RecordFormat format(Consumer<ExpressOptions> options) {
        clock.set(NOW);
        return Express.recordFormat(MemoryStore.builder().build(), options.andThen(e -> e.clock(clock)));
    }

    private static StoredSession storedSession(String json, Instant expiresAt) {
        return new StoredSession(json.getBytes(StandardCharsets.UTF_8), 1, expiresAt, null);
    }

    private static String text(StoredSession stored) {
        return new String(stored.payload(), StandardCharsets.UTF_8);
    }

    private static String value(SessionRecord record, String name) {
        Slice slice = record.attributes().get(name);
        return slice == null ? "absent" : new String(slice.bytes(), StandardCharsets.UTF_8);
    }

    private static String withoutTag(StoredSession stored) {
        return text(stored).replaceFirst("\"tag\":\"[0-9a-f]{16}\"", "\"tag\":\"…\"");
    }

    @Test
    void a_record_of_express_is_read() {
        SessionRecord record = format.read(storedSession(EXPRESS_RECORD, NOW.plusSeconds(60)));

        assertThat(record.subject()).isEqualTo("alice");
        assertThat(record.createdAt()).isEqualTo("2026-11-23T19:59:30Z");
        assertThat(record.settings())
                .isEqualTo(new SessionSettings(
                        Duration.ofSeconds(60), null, CookieLifetime.of(Duration.ofSeconds(60)), null));
        assertThat(record.attributes().names()).containsExactly("user", "big", "price", "none", "when", "nested");
        assertThat(value(record, "none")).isEqualTo("null");
    }

    @Test
    void attributes_that_java_does_not_change_pass_through_byte_for_byte() {
        SessionRecord record = format.read(storedSession(EXPRESS_RECORD, NOW.plusSeconds(60)));

        StoredSession written = format.write(
                record.withAttributes(record.attributes().with("cart", "[1]".getBytes(StandardCharsets.UTF_8))),
                NOW.plusSeconds(60));

        assertThat(withoutTag(written))
                .isEqualTo(
                        "{\"cookie\":{\"originalMaxAge\":60000,\"expires\":\"2026-11-23T20:01:00.123Z\",\"httpOnly\":true,"
                                + "\"path\":\"/\"},\"user\":\"alice\",\"big\":12345678901234567890,\"price\":1.50,\"none\":null,"
                                + "\"when\":\"1970-01-01T00:00:00.000Z\",\"nested\":{\"a\":[1,{\"b\":\"\\u00e9\"}]},\"cart\":[1],"
                                + "\"sojourn\":{\"tag\":\"…\",\"created\":1795463970000}}");
    }

    @Test
    void a_new_session_is_stored_as_express_stores_it() {
        StoredSession written =
                format(e -> e.insecureHttp()).write(SessionRecord.live(NOW, null), NOW.plus(Duration.ofDays(1)));

        assertThat(withoutTag(written))
                .isEqualTo("{\"cookie\":{\"originalMaxAge\":null,\"expires\":null,\"httpOnly\":true,\"path\":\"/\","
                        + "\"sameSite\":\"lax\"},\"sojourn\":{\"tag\":\"…\",\"created\":" + NOW.toEpochMilli() + "}}");
    }

    @Test
    void a_new_session_has_the_configured_cookie() {
        RecordFormat configured = format(e -> e.maxAge(Duration.ofMillis(90_500))
                .domain("example.com")
                .path("/shop")
                .sameSite(SameSite.STRICT));

        StoredSession written = configured.write(SessionRecord.live(NOW, null), NOW.plusMillis(90_500));

        assertThat(text(written))
                .startsWith(
                        "{\"cookie\":{\"originalMaxAge\":90500,\"expires\":\"2026-11-23T20:01:30.623Z\",\"secure\":true,"
                                + "\"httpOnly\":true,\"domain\":\"example.com\",\"path\":\"/shop\",\"sameSite\":\"strict\"}");
        assertThat(configured.read(written).settings().idleTimeout()).isEqualTo(Duration.ofMillis(90_500));
    }

    @Test
    void a_session_with_a_browser_session_cookie_has_the_idle_timeout_of_the_store() {
        RecordFormat shorter = format(e -> e.ttl(Duration.ofHours(2)).maxAge(Duration.ofMinutes(1)));

        SessionRecord record = shorter.read(storedSession(BROWSER_SESSION_RECORD, NOW.plus(Duration.ofHours(1))));

        assertThat(record.settings().idleTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(record.settings().cookieLifetime()).isEqualTo(CookieLifetime.browserSession());
        assertThat(record.createdAt()).isEqualTo(NOW.minus(Duration.ofHours(1)));
        assertThat(text(shorter.write(record, NOW.plus(Duration.ofHours(2)))))
                .contains("\"originalMaxAge\":null,\"expires\":null", "\"a\":1")
                .doesNotContain("idle");
    }

    @Test
    void a_record_that_never_expires_was_created_no_later_than_now() {
        assertThat(format.read(storedSession(BROWSER_SESSION_RECORD, Instant.parse("9999-12-31T23:59:59Z")))
                        .createdAt())
                .isEqualTo(NOW);
    }

    @Test
    void the_settings_of_a_single_session_are_kept() {
        SessionSettings settings = new SessionSettings(
                Duration.ofDays(2), Duration.ofDays(9), CookieLifetime.of(Duration.ofHours(1)), SameSite.NONE);

        StoredSession written =
                format.write(SessionRecord.live(NOW, null).withSettings(settings), NOW.plus(Duration.ofDays(2)));

        assertThat(format.read(written).settings()).isEqualTo(settings);
        assertThat(text(written))
                .contains(
                        "\"originalMaxAge\":3600000,\"expires\":\"2026-11-23T21:00:00.123Z\"", "\"sameSite\":\"none\"");
    }

    @Test
    void a_cookie_lasts_as_long_as_its_session_until_express_changes_its_lifetime() {
        SessionSettings settings =
                new SessionSettings(Duration.ofHours(1), Duration.ofHours(9), CookieLifetime.session(), SameSite.LAX);
        StoredSession written =
                format.write(SessionRecord.live(NOW, null).withSettings(settings), NOW.plus(Duration.ofHours(1)));
        String changed = text(written).replace("\"originalMaxAge\":3600000", "\"originalMaxAge\":60000");

        assertThat(format.read(written).settings()).isEqualTo(settings);
        assertThat(format.read(storedSession(changed, NOW.plusSeconds(60)))
                        .settings()
                        .cookieLifetime())
                .isEqualTo(CookieLifetime.of(Duration.ofMinutes(1)));
        assertThat(text(format.write(
                        format.read(written).withSettings(settings.withCookieLifetime(CookieLifetime.browserSession())),
                        NOW.plus(Duration.ofHours(1)))))
                .doesNotContain("lasts");
    }

    @Test
    void two_writes_of_the_same_record_have_different_versions_derived_from_their_bytes() {
        StoredSession first = format.write(SessionRecord.live(NOW, null), NOW.plusSeconds(60));
        StoredSession second = format.write(SessionRecord.live(NOW, null), NOW.plusSeconds(60));

        assertThat(first.version()).isNotEqualTo(second.version());
        assertThat(first.version()).isEqualTo(VersionDigest.SHA1.version(first.payload()));
        assertThat(format.touchedVersion(first)).isEqualTo(first.version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{}",
                "{\"a\":1}",
                "{\"cookie\":null}",
                "{\"cookie\":1}",
                "{\"cookie\":{}} x",
                "\u0000"
            })
    void a_record_that_express_could_not_read_is_unreadable(String json) {
        assertThatThrownBy(() -> format.read(storedSession(json, NOW))).isInstanceOf(UnreadableRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cookie\":{}}",
                "{\"cookie\":{\"originalMaxAge\":\"x\",\"expires\":\"x\",\"sameSite\":1}}",
                "{\"cookie\":{\"originalMaxAge\":0,\"expires\":false,\"sameSite\":true}}",
                "{\"cookie\":{\"originalMaxAge\":-5,\"expires\":null,\"sameSite\":\"auto\"}}",
                "{\"cookie\":{\"originalMaxAge\":1e300,\"expires\":\"2026-11-23T20:00:30.000Z\"}}",
                "{\"cookie\":{},\"sojourn\":7}",
                "{\"cookie\":{},\"sojourn\":{\"created\":\"x\",\"idle\":-1,\"absolute\":1e30,\"subject\":[]}}",
                "{\"cookie\":{},\"user\":\"\"}",
                "{\"cookie\":{},\"user\":{\"name\":\"alice\"}}"
            })
    void a_record_with_any_values_in_our_fields_is_read_and_written(String json) {
        SessionRecord record = format.read(storedSession(json, NOW.plusSeconds(9)));

        assertThat(record.subject()).isNull();
        assertThat(format.read(format.write(record, NOW.plusSeconds(9)))
                        .attributes()
                        .sameAs(record.attributes()))
                .isTrue();
    }

    @Test
    void attribute_names_that_express_would_lose_are_refused() {
        for (String name : new String[] {"cookie", "sojourn", "user", "save", "id", "req", "toString", "__proto__"}) {
            assertThatThrownBy(() -> format.checkAttribute(name)).isInstanceOf(IllegalArgumentException.class);
        }
        format.checkAttribute("cart");
        format(e -> e.userAttribute("userId")).checkAttribute("user");
    }

    @Test
    void without_a_user_attribute_the_subject_is_in_a_separate_field() {
        RecordFormat separate = format(e -> e.noUserAttribute());

        StoredSession written = separate.write(SessionRecord.live(NOW, "O'Hara \"x\""), NOW.plusSeconds(60));

        assertThat(separate.read(written).subject()).isEqualTo("O'Hara \"x\"");
        assertThat(separate.subjectAttribute()).isEmpty();
    }
}
