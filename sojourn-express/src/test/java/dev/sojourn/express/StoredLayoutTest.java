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

/** Tests the stored layout byte by byte: other programs can read the records of the stores, and the stores can read theirs. */
@ExtendWith(SharedServers.class)
class StoredLayoutTest {
    private static final String RECORD = "{\"cookie\":{\"originalMaxAge\":null}, \"a\":1.50}";
    private static final StoreKey KEY = StoreKey.of("an%id.of/express");
    private final Instant later = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(600);

    private StoredSession session(String json, VersionDigest digest) {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, digest.version(payload), later, null);
    }

    @Test
    void redis_keeps_the_json_under_the_prefix_and_the_raw_id_until_its_expiry() {
        try (SessionStore store =
                ExpressRedisStore.connect(SharedServers.redis7().uri())) {
            SharedServers.redis7().command("FLUSHALL");
            assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA1))).isTrue();

            assertThat(text(SharedServers.redis7().command("GET", "sess:an%id.of/express")))
                    .isEqualTo(RECORD);
            assertThat(SharedServers.redis7().command("PEXPIRETIME", "sess:an%id.of/express"))
                    .isEqualTo(later.toEpochMilli());
        }
    }

    @Test
    void the_records_of_connect_redis_are_read() {
        try (SessionStore store = ExpressRedisStore.connect(
                c -> c.uri(SharedServers.redis62().uri()).keyPrefix("shop:"))) {
            SharedServers.redis62().command("SET", "shop:an%id.of/express", RECORD, "EX", "600");

            StoredSession found = store.load(KEY).orElseThrow();

            assertThat(new String(found.payload(), StandardCharsets.UTF_8)).isEqualTo(RECORD);
            assertThat(found.expiresAt())
                    .isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(601));
            assertThat(store.touch(KEY, found.version(), found.version(), later))
                    .isTrue();
            SharedServers.redis62().command("SET", "shop:an%id.of/express", "{\"cookie\":{},\"b\":2}");
            assertThat(store.touch(KEY, found.version(), found.version(), later))
                    .isFalse();
            Outcome lost = store.delete(KEY, found.version());
            assertThat(((Outcome.Lost) lost).current().orElseThrow().expiresAt())
                    .as("a record without an expiry gets the latest queryOne")
                    .isEqualTo("9999-12-31T23:59:59Z");
        }
    }

    @Test
    void in_redis_a_session_that_express_has_destroyed_is_not_recreated() {
        try (SessionStore store =
                ExpressRedisStore.connect(SharedServers.redis7().uri())) {
            SharedServers.redis7().command("FLUSHALL");
            StoredSession session = session(RECORD, VersionDigest.SHA1);
            store.create(KEY, session);
            SharedServers.redis7().command("DEL", "sess:an%id.of/express");

            Outcome outcome =
                    store.compareAndSet(KEY, session.version(), session("{\"cookie\":{}}", VersionDigest.SHA1));

            assertThat(((Outcome.Lost) outcome).current()).isEmpty();
            assertThat(store.touch(KEY, session.version(), session.version(), later))
                    .isFalse();
            assertThat(SharedServers.redis7().command("DBSIZE")).isEqualTo(0L);
        }
    }

    @Test
    void postgresql_keeps_a_row_as_connect_pg_simple_does() throws SQLException {
        dropTable();
        SessionStore store = ExpressPostgresStore.builder(SharedServers.pool18())
                .createTableIfMissing()
                .build();

        assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA256))).isTrue();

        assertThat(queryOne("SELECT sess::text FROM \"session\" WHERE sid = 'an%id.of/express'"))
                .isEqualTo(RECORD);
        assertThat(queryOne("SELECT (extract(epoch FROM expire AT TIME ZONE 'UTC') * 1000)::bigint FROM \"session\""))
                .isEqualTo(Long.toString(later.toEpochMilli()));
        assertThat(
                        queryOne(
                                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND indexname IN ('session_pkey', 'IDX_session_expire')"))
                .isEqualTo("2");
    }

    @Test
    void times_without_a_zone_are_in_the_configured_zone() throws SQLException {
        dropTable();
        ExpressPostgresStore.builder(SharedServers.pool18())
                .createTableIfMissing()
                .build();
        execute("SET TimeZone = 'Asia/Tokyo';"
                + " INSERT INTO \"session\" (sess, expire, sid) SELECT '" + RECORD + "', to_timestamp("
                + later.getEpochSecond() + "), 'an%id.of/express'; RESET TimeZone");

        SessionStore store = ExpressPostgresStore.builder(SharedServers.pool18())
                .timeZone(ZoneId.of("Asia/Tokyo"))
                .build();

        assertThat(store.load(KEY).orElseThrow().expiresAt()).isEqualTo(later.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void a_table_of_any_name_in_any_schema_is_found_and_a_missing_or_different_one_is_reported() throws SQLException {
        execute(
                "DROP SCHEMA IF EXISTS \"My \"\"Shop\"\"\" CASCADE; CREATE SCHEMA \"My \"\"Shop\"\"\";"
                        + " DROP TABLE IF EXISTS binary_session; CREATE TABLE binary_session (sid varchar, sess jsonb, expire timestamp)");
        SessionStore store = ExpressPostgresStore.builder(SharedServers.pool18())
                .schema("My \"Shop\"")
                .table("the session")
                .createTableIfMissing()
                .timeout(Duration.ofSeconds(20))
                .build();

        assertThat(store.create(KEY, session(RECORD, VersionDigest.SHA256))).isTrue();
        assertThat(queryOne("SELECT count(*) FROM \"My \"\"Shop\"\"\".\"the session\""))
                .isEqualTo("1");
        assertThatThrownBy(() -> ExpressPostgresStore.builder(SharedServers.pool18())
                        .table("absent")
                        .build())
                .hasMessageContaining("there is no table \"absent\"");
        assertThatThrownBy(() -> ExpressPostgresStore.builder(SharedServers.pool18())
                        .table("binary_session")
                        .build())
                .hasMessageContaining("of type jsonb, not json")
                .hasMessageContaining("ALTER TABLE \"binary_session\" ALTER COLUMN sess TYPE json");
    }

    private static void dropTable() throws SQLException {
        execute("DROP TABLE IF EXISTS \"session\"");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = SharedServers.pool18().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String queryOne(String query) throws SQLException {
        try (Connection connection = SharedServers.pool18().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }
}
