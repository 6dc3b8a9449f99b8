package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.OnLimit;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.express.Express;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that are encrypted in the store, over real sockets. */
class EncryptedRecordsTest {
    private static final String OLD = "Rk9vX2pTq8LmZ4sWd1HcY7nBf3GaJ6eU";
    private static final String NEW = "t5KwQzM8xV2bN9cPj4Ls7Rd0Hf1Gy6Aa";
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private final SettableClock clock = new SettableClock();
    private final SpyStore store =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private Site node(Consumer<Sessions.Config> options) {
        return new Site(clock, store, options);
    }

    private static String text(StoredSession stored) {
        return new String(stored.payload(), StandardCharsets.ISO_8859_1);
    }

    private StoredSession onlyRecord() {
        List<StoredSession> records = store.keys().stream()
                .distinct()
                .flatMap(key -> store.load(key).stream())
                .toList();
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    // ---- what is stored

    @Test
    void the_store_receives_nothing_that_can_be_read_but_the_user_and_the_times() {
        try (Site site = node(c ->
                c.encryptRecords(NEW).maxSessionsPerUser(3, OnLimit.END_OLDEST).rememberMe())) {
            site.addPage("/remember", (session, exchange) -> {
                session.remember();
                return "ok";
            });
            String token = site.get("/set?mail=jane@example.org").token();
            token = site.get("/login?alice", Site.cookie(token), "User-Agent: " + AGENT)
                    .token();
            site.getAs(token, "/remember");
            site.getAs(token, "/count");
            token = site.getAs(token, "/change-id").token();
            site.getAs(token, "/read");

            assertThat(store.writtenRecords()).hasSizeGreaterThan(6).allSatisfy(record -> {
                assertThat(text(record)).startsWith("\u00e5SR1");
                assertThat(text(record))
                        .doesNotContain(
                                "jane", "Firefox", "format", "attributes", "created", "signIn", "device", "alice");
            });
            assertThat(site.getAs(token, "/read").body()).isEqualTo("mail=jane@example.org");
            assertThat(site.sessions().of("alice").list())
                    .singleElement()
                    .extracting(UserSession::device)
                    .asString()
                    .contains("Firefox on Linux");
        }
    }

    @Test
    void the_same_session_is_encrypted_differently_each_time_and_grows_by_36_bytes() {
        try (Site site = node(c -> c.encryptRecords(NEW));
                Site plain = new Site(clock, new SpyStore(new MemoryStore()), c -> {})) {
            String token = site.startSession("x");
            plain.startSession("x");
            site.getAs(token, "/set?y");
            site.getAs(token, "/set?x");

            List<StoredSession> written = store.writtenRecords();
            assertThat(written).hasSize(3);
            assertThat(text(written.get(0))).isNotEqualTo(text(written.get(2)));
            int plainLength = plain.store().writtenRecords().get(0).payload().length;
            assertThat(written.get(0).payload()).hasSize(plainLength + 36);
        }
    }

    @Test
    void encryption_costs_no_store_call() {
        try (Site site = node(c -> c.encryptRecords(NEW))) {
            String token = site.startSession("x");

            site.getAs(token, "/read");
            assertThat(store.calls()).containsExactly("load");
            store.clearCalls();
            site.getAs(token, "/set?y");
            assertThat(store.calls()).containsExactly("load", "compareAndSet");
            clock.advance(Duration.ofMinutes(5));
            store.clearCalls();
            site.getAs(token, "/read");
            assertThat(store.calls()).as("a touch leaves the payload as it is").containsExactly("load", "touch");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("y");
        }
    }

    // ---- what was changed in the store

    @Test
    void a_changed_bit_in_any_byte_of_nonce_ciphertext_and_tag_makes_the_record_unreadable() {
        try (Site site = node(c -> c.encryptRecords(NEW))) {
            String token = site.startSession("x");
            StoreKey key = store.keys().get(store.keys().size() - 1);
            StoredSession stored = store.load(key).orElseThrow();
            int header = 8;
            for (int bit = header * 8; bit < stored.payload().length * 8; bit += 9) {
                byte[] changed = stored.payload().clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                store.create(key, stored);
                StoredSession present = store.load(key).orElseThrow();
                store.compareAndSet(key, present.version(), with(stored, changed, stored.subject()));

                assertThat(site.getAs(token, "/read").body()).as("bit " + bit).isEqualTo("null");
                assertThat(store.load(key)).as("bit " + bit).isEmpty();
            }
            assertThat(site.listener().names()).containsOnly("unreadable");
        }
    }

    private static StoredSession with(StoredSession record, byte[] payload, @Nullable String subject) {
        return new StoredSession(payload, record.version(), record.expiresAt(), subject);
    }

    @Test
    void a_payload_that_is_moved_to_another_session_or_user_is_unreadable() {
        try (Site site = node(c -> c.encryptRecords(NEW))) {
            String admin = site.get("/login?admin").token();
            StoreKey adminKey = store.keys().get(store.keys().size() - 1);
            String thief = site.get("/login?thief").token();
            StoreKey thiefKey = store.keys().get(store.keys().size() - 1);
            StoredSession ofAdmin = store.load(adminKey).orElseThrow();
            StoredSession ofThief = store.load(thiefKey).orElseThrow();

            store.compareAndSet(thiefKey, ofThief.version(), with(ofThief, ofAdmin.payload(), ofAdmin.subject()));
            assertThat(site.getAs(thief, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(admin, "/subject").body()).isEqualTo("admin");

            String again = site.get("/login?thief").token();
            StoreKey key = store.keys().get(store.keys().size() - 1);
            StoredSession renamed = store.load(key).orElseThrow();
            store.delete(key, renamed.version());
            store.create(key, with(renamed, renamed.payload(), "admin"));
            assertThat(site.getAs(again, "/subject").body()).isEqualTo("null");
        }
    }

    // ---- switching on and off, and other secrets

    @Test
    void plain_records_are_read_and_encrypted_when_they_are_written() {
        try (Site before = node(c -> {});
                Site reading = node(c -> c.readEncryptedRecords(NEW));
                Site writing = node(c -> c.encryptRecords(NEW))) {
            String token = before.startSession("x");
            assertThat(text(onlyRecord())).startsWith("{");
            assertThat(writing.getAs(token, "/read").body()).isEqualTo("x");
            assertThat(text(onlyRecord())).as("a read").startsWith("{");
            assertThat(writing.getAs(token, "/set?y").status()).isEqualTo(200);
            assertThat(text(onlyRecord())).as("a write").startsWith("\u00e5SR1");

            assertThat(reading.getAs(token, "/read").body()).isEqualTo("y");
            assertThat(reading.getAs(token, "/set?z").status()).isEqualTo(200);
            assertThat(text(onlyRecord())).as("the way back").startsWith("{");
            assertThat(before.getAs(token, "/read").body()).isEqualTo("z");
            assertThat(writing.getAs(token, "/read").body()).isEqualTo("z");
        }
    }

    @Test
    void a_node_without_the_secret_responds_with_503_and_leaves_session_and_cookie_alone() {
        try (Site writing = node(c -> c.encryptRecords(NEW));
                Site without = node(c -> {});
                Site other = node(c -> c.encryptRecords(OLD))) {
            String token = writing.get("/login?alice").token();
            writing.getAs(token, "/set?x");

            for (Site node : List.of(without, other)) {
                for (String page : List.of("/read", "/set?y", "/logout", "/count", "/change-id", "/login?bob")) {
                    RawResponse response = node.getAs(token, page);
                    assertThat(response.status()).as(page).isEqualTo(503);
                    assertThat(response.cookies()).as(page).isEmpty();
                }
                assertThat(node.listener().names()).containsOnly("storeUnavailable");
            }
            assertThat(writing.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_secret_is_replaced_in_steps_on_two_nodes_and_no_session_is_lost() {
        String token;
        try (Site one = node(c -> c.encryptRecords(OLD));
                Site accepting = node(c -> c.encryptRecords(OLD, NEW))) {
            token = one.startSession("1");
            assertThat(accepting.getAs(token, "/change?2").body()).isEqualTo("1");
            assertThat(one.getAs(token, "/change?3").body()).isEqualTo("2");
        }
        try (Site accepting = node(c -> c.encryptRecords(OLD, NEW));
                Site replaced = node(c -> c.encryptRecords(NEW, OLD))) {
            assertThat(replaced.getAs(token, "/change?4").body()).isEqualTo("3");
            assertThat(accepting.getAs(token, "/change?5").body()).isEqualTo("4");
            assertThat(replaced.getAs(token, "/change?6").body()).isEqualTo("5");
        }
        try (Site done = node(c -> c.encryptRecords(NEW))) {
            assertThat(done.getAs(token, "/read").body()).isEqualTo("6");
        }
    }

    @Test
    void everything_that_ends_and_exports_sessions_works_on_encrypted_ones() {
        try (Site site = node(c -> c.encryptRecords(NEW))) {
            String one = site.get("/login?alice").token();
            String other = site.get("/login?alice").token();
            site.getAs(one, "/set?mine");

            assertThat(site.sessions().of("alice").export()).contains("mine");
            assertThat(site.sessions().of("alice").endIf(Key.of("a", String.class), "mine"::equals))
                    .isEqualTo(1);
            assertThat(site.getAs(one, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(other, "/subject").body()).isEqualTo("alice");
            clock.advance(Duration.ofHours(1));
            assertThat(site.sessions().sweep(10)).isPositive();
            assertThat(site.listener().names()).contains("expired");
        }
    }

    // ---- bad options

    private static void assertRefused(Consumer<Sessions.Config> options, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> options.accept(c.secret(Site.SECRET))))
                .withMessageContaining(message);
    }

    @Test
    void missing_short_and_known_secrets_and_formats_of_other_libraries_are_refused() {
        assertRefused(c -> c.encryptRecords(null), "encryptRecords: no secret is set");
        assertRefused(c -> c.encryptRecords("short"), "encryptRecords: a secret of 5 bytes");
        assertRefused(c -> c.readEncryptedRecords(NEW, NEW), "encryptRecords: the same secret is given twice");
        assertRefused(
                c -> c.recordFormat(Express.recordFormat(new MemoryStore(), e -> e.secret(Site.SECRET)))
                        .encryptRecords(NEW),
                "another library reads the records");
    }
}
