package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stored layout, byte by byte: other programs can read what the stores write, and the stores read what they write. */
@ExtendWith(Shared.class)
class LayoutTest {
    private static final String RECORD = "{\"cookie\":{\"originalMaxAge\":null}, \"a\":1.50}";
    private static final StoreKey KEY = StoreKey.of("an%id.of/express");
    private final Instant later = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(600);

    private StoredSession session(String json, VersionDigest digest) {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, digest.version(payload), later, null);
    }

    @Test
    void redis_keeps_the_json_under_the_prefix_and_the_raw_id_until_its_expiry() {
        try (SessionStore store = ExpressRedisStore.connect(Shared.redis7().uri())) {
            Shared.redis7().command("FLUSHALL");
            assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA1))).isTrue();

            assertThat(text(Shared.redis7().command("GET", "sess:an%id.of/express")))
                    .isEqualTo(RECORD);
            assertThat(Shared.redis7().command("PEXPIRETIME", "sess:an%id.of/express"))
                    .isEqualTo(later.toEpochMilli());
        }
    }

    @Test
    void the_records_of_connect_redis_are_read() {
        try (SessionStore store =
                ExpressRedisStore.connect(c -> c.uri(Shared.redis62().uri()).keyPrefix("shop:"))) {
            Shared.redis62().command("SET", "shop:an%id.of/express", RECORD, "EX", "600");

            StoredSession found = store.load(KEY).orElseThrow();

            assertThat(new String(found.payload(), StandardCharsets.UTF_8)).isEqualTo(RECORD);
            assertThat(found.expiresAt())
                    .isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(601));
            assertThat(store.touch(KEY, found.version(), found.version(), later))
                    .isTrue();
            Shared.redis62().command("SET", "shop:an%id.of/express", "{\"cookie\":{},\"b\":2}");
            assertThat(store.touch(KEY, found.version(), found.version(), later))
                    .isFalse();
            Outcome lost = store.delete(KEY, found.version());
            assertThat(((Outcome.Lost) lost).current().orElseThrow().expiresAt())
                    .as("a record without an expiry has the last one there is")
                    .isEqualTo("9999-12-31T23:59:59Z");
        }
    }

    @Test
    void in_redis_a_session_that_express_has_destroyed_does_not_come_back() {
        try (SessionStore store = ExpressRedisStore.connect(Shared.redis7().uri())) {
            Shared.redis7().command("FLUSHALL");
            StoredSession session = session(RECORD, VersionDigest.SHA1);
            store.create(KEY, session);
            Shared.redis7().command("DEL", "sess:an%id.of/express");

            Outcome outcome =
                    store.compareAndSet(KEY, session.version(), session("{\"cookie\":{}}", VersionDigest.SHA1));

            assertThat(((Outcome.Lost) outcome).current()).isEmpty();
            assertThat(store.touch(KEY, session.version(), session.version(), later))
                    .isFalse();
            assertThat(Shared.redis7().command("DBSIZE")).isEqualTo(0L);
        }
    }

    @Test
    void postgresql_keeps_a_row_as_connect_pg_simple_does() throws SQLException {
        fresh();
        SessionStore store = ExpressPostgresStore.builder(Shared.pool18())
                .createTableIfMissing()
                .build();

        assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA256))).isTrue();

        assertThat(one("SELECT sess::text FROM \"session\" WHERE sid = 'an%id.of/express'"))
                .isEqualTo(RECORD);
        assertThat(one("SELECT (extract(epoch FROM expire AT TIME ZONE 'UTC') * 1000)::bigint FROM \"session\""))
                .isEqualTo(Long.toString(later.toEpochMilli()));
        assertThat(
                        one(
                                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND indexname IN ('session_pkey', 'IDX_session_expire')"))
                .isEqualTo("2");
    }

    @Test
    void times_without_a_zone_are_in_the_configured_zone() throws SQLException {
        fresh();
        ExpressPostgresStore.builder(Shared.pool18()).createTableIfMissing().build();
        execute("SET TimeZone = 'Asia/Tokyo';"
                + " INSERT INTO \"session\" (sess, expire, sid) SELECT '" + RECORD + "', to_timestamp("
                + later.getEpochSecond() + "), 'an%id.of/express'; RESET TimeZone");

        SessionStore store = ExpressPostgresStore.builder(Shared.pool18())
                .timeZone(ZoneId.of("Asia/Tokyo"))
                .build();

        assertThat(store.load(KEY).orElseThrow().expiresAt()).isEqualTo(later.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void a_table_of_any_name_in_any_schema_is_found_and_a_missing_or_different_one_is_reported() throws SQLException {
        execute(
                "DROP SCHEMA IF EXISTS \"My \"\"Shop\"\"\" CASCADE; CREATE SCHEMA \"My \"\"Shop\"\"\";"
                        + " DROP TABLE IF EXISTS binary_session; CREATE TABLE binary_session (sid varchar, sess jsonb, expire timestamp)");
        SessionStore store = ExpressPostgresStore.builder(Shared.pool18())
                .schema("My \"Shop\"")
                .table("the session")
                .createTableIfMissing()
                .timeout(Duration.ofSeconds(20))
                .build();

        assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA256))).isTrue();
        assertThat(one("SELECT count(*) FROM \"My \"\"Shop\"\"\".\"the session\""))
                .isEqualTo("1");
        assertThatThrownBy(() -> ExpressPostgresStore.builder(Shared.pool18())
                        .table("nowhere")
                        .build())
                .hasMessageContaining("there is no table \"nowhere\"");
        assertThatThrownBy(() -> ExpressPostgresStore.builder(Shared.pool18())
                        .table("binary_session")
                        .build())
                .hasMessageContaining("of type jsonb, not json")
                .hasMessageContaining("ALTER TABLE \"binary_session\" ALTER COLUMN sess TYPE json");
    }

    private static void fresh() throws SQLException {
        execute("DROP TABLE IF EXISTS \"session\"");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = Shared.pool18().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(String query) throws SQLException {
        try (Connection connection = Shared.pool18().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String text(@Nullable Object answer) {
        return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(answer);
    }
}
