package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.in;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.session;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.spi.UserIndex.Entry;
import dev.sojourn.testing.SettableClock;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the behaviour that only this store has: key names, values, expiries, options. */
@ExtendWith(SharedServers.class)
class RedisStoreTest {
    private static final RedisServer SERVER = SharedServers.redis7();
    private static final RedisClient CLIENT = RedisClient.create(SERVER.uri());
    private static final RedisCommands<String, String> REDIS = CLIENT.connect().sync();
    private static final RedisStore STORE = RedisStore.builder().client(CLIENT).build();
    private static final RedisStore SWEEPING =
            RedisStore.builder().client(CLIENT).expirySweep().build();

    @BeforeEach
    void flush() {
        REDIS.flushall();
    }

    @AfterAll
    static void stop() {
        STORE.close();
        SWEEPING.close();
        CLIENT.shutdown();
    }

    // ---- names and values

    @Test
    void the_redis_key_of_a_record_is_its_store_key_with_the_first_two_characters_as_hash_tag() {
        STORE.create(StoreKey.of("mlqsOpIdaXHHam9S1sRpveu4Wr4OVVuXOWKFmZXRv78"), session(1));
        assertThat(REDIS.keys("*")).containsExactly("sojourn:{ml}qsOpIdaXHHam9S1sRpveu4Wr4OVVuXOWKFmZXRv78");
    }

    @Test
    void a_value_is_a_header_of_19_bytes_the_subject_and_the_payload() {
        StoreKey key = key();
        STORE.create(
                key,
                new StoredSession(
                        "{}".getBytes(UTF_8), 0x0102030405060708L, Instant.ofEpochMilli(4102444800123L), "Zo\u00eb"));
        try (var connection = CLIENT.connect(ByteArrayCodec.INSTANCE)) {
            byte[] value = connection.sync().get(REDIS.keys("*").get(0).getBytes(UTF_8));
            assertThat(HexFormat.of().formatHex(value))
                    .isEqualTo("01" + "0102030405060708" + "000003bb2cc3d87b" + "0005" + "5a6fc3ab" + "7b7d");
        }
    }

    @Test
    void the_common_prefix_of_records_is_not_stored_and_is_restored_by_a_load() {
        for (String payload : List.of(
                "{\"format\":1,\"created\":1795464236327,\"attributes\":{\"views\":1}}",
                "{\"format\":1,\"created\":",
                "{\"format\":1,\"created\"",
                "{\"format\":2,\"created\":1}",
                "")) {
            for (String subject : new String[] {"alice", null}) {
                StoreKey key = key();
                STORE.create(key, new StoredSession(payload.getBytes(UTF_8), 1, in(60), subject));
                StoredSession found = STORE.load(key).orElseThrow();
                assertThat(new String(found.payload(), UTF_8)).isEqualTo(payload);
                assertThat(found.subject()).isEqualTo(subject);
            }
        }
        assertThat(REDIS.keys("*").stream().map(REDIS::get))
                .anyMatch(value -> value.endsWith("\0001795464236327,\"attributes\":{\"views\":1}}"));
    }

    @Test
    void any_text_can_be_a_store_key_and_no_two_have_the_same_redis_key() {
        List<String> texts = List.of(
                "a",
                "ab",
                "abc",
                "{",
                "}",
                "{}",
                "}{",
                "}x",
                "{a}b",
                "ab}c",
                "a{b",
                "~",
                "ab~",
                "ab~c",
                "~ab",
                " ",
                "\u5c71\u7530",
                "abdue",
                "ab.due",
                "sweep",
                ".due",
                "health",
                "x".repeat(500));
        for (int i = 0; i < texts.size(); i++) {
            assertThat(SWEEPING.create(StoreKey.of(texts.get(i)), session(i))).isTrue();
        }
        for (int i = 0; i < texts.size(); i++) {
            assertThat(SWEEPING.load(StoreKey.of(texts.get(i))).orElseThrow().version())
                    .isEqualTo(i);
        }
        assertThat(new HashSet<>(REDIS.keys("*"))
                        .stream().filter(name -> REDIS.type(name).equals("string")))
                .hasSize(texts.size());
    }

    @Test
    void a_record_and_its_due_set_are_in_one_slot() {
        KeyLayout layout = new KeyLayout("sojourn:");
        for (StoreKey key : List.of(key(), key(), StoreKey.of("a"), StoreKey.of("}{x"), StoreKey.of("\u5c71"))) {
            assertThat(SlotHash.getSlot(layout.record(key))).isEqualTo(SlotHash.getSlot(layout.dueSet(key)));
            assertThat(layout.dueSet(KeyLayout.tagOf(key))).isEqualTo(layout.dueSet(key));
        }
        assertThat(SlotHash.getSlot(layout.userIndex("alice"))).isEqualTo(SlotHash.getSlot(layout.epoch("alice")));
    }

    @Test
    void key_names_do_not_depend_on_the_sweep() {
        StoreKey key = key();
        SWEEPING.create(key, session(1));
        assertThat(STORE.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);
        assertThat(SWEEPING.touch(key, 2, 3, in(60))).isTrue();
        assertThat(STORE.delete(key, 3)).isEqualTo(Outcome.DONE);
    }

    @Test
    void every_key_has_an_expiry() {
        StoreKey key = key();
        SWEEPING.create(key, session(1, in(600), "alice"));
        SWEEPING.compareAndSet(key, 1, session(2, in(600), "alice"));
        SWEEPING.touch(key, 2, 3, in(600));
        STORE.create(key(), session(1));
        UserIndex index = STORE.userIndex().orElseThrow();
        index.enter("alice", key, in(600));
        index.advanceEpoch("alice", in(600));
        assertThat(REDIS.keys("*"))
                .hasSize(5)
                .allSatisfy(name -> assertThat(REDIS.pttl(name))
                        .isGreaterThan(Duration.ofMinutes(10).toMillis()));
    }

    @Test
    void the_claim_and_the_corrections_of_a_sweep_have_an_expiry() {
        StoreKey touched = key();
        SWEEPING.create(touched, session(1, in(-700), null));
        // A node without the sweep: the due set still has the old expiry.
        Instant later = in(900);
        STORE.touch(touched, 1, 2, later);
        SWEEPING.create(key(), session(1, in(-700), null));
        Set<String> seen = new HashSet<>();

        SWEEPING.expirySweep().orElseThrow().sweep(in(-600), 10, (each, record) -> {
            seen.addAll(REDIS.keys("*"));
            assertThat(seen).allSatisfy(name -> assertThat(REDIS.pttl(name)).isPositive());
        });

        String due = name(new KeyLayout("sojourn:").dueSet(touched));
        assertThat(seen).contains("sojourn:sweep", due);
        assertThat(REDIS.zscore(due, touched.text())).isEqualTo((double) later.toEpochMilli());
        assertThat(REDIS.keys("*"))
                .hasSize(2)
                .allSatisfy(name -> assertThat(REDIS.pttl(name))
                        .isGreaterThan(Duration.ofMinutes(10).toMillis()));
    }

    @Test
    void the_marker_that_replicas_confirm_has_an_expiry() {
        try (RedisStore confirming = RedisStore.builder()
                .client(CLIENT)
                .waitForReplicas(1, Duration.ofMillis(1))
                .build()) {
            StoreKey key = key();
            assertThat(failure(() -> confirming.create(key, session(1))).isUnknown())
                    .isTrue();
            AtomicLong left = new AtomicLong();
            eventually("the marker is read before it expires", () -> {
                assertThat(failure(() -> confirming.load(key)).isNotDone()).isTrue();
                left.set(REDIS.pttl(name(new KeyLayout("sojourn:").replicationMarker(key))));
                return left.get() != -2;
            });
            assertThat(left.get()).isBetween(0L, 1_000L);
        }
    }

    private static String name(byte[] name) {
        return new String(name, UTF_8);
    }

    @Test
    void redis_removes_a_record_five_minutes_after_its_expiry() {
        StoreKey key = key();
        STORE.create(key, session(1, in(1_000), null));
        assertThat(ttl(key)).isBetween(Duration.ofSeconds(1_240), Duration.ofSeconds(1_300));
        STORE.touch(key, 1, 2, in(2_000));
        assertThat(ttl(key)).isBetween(Duration.ofSeconds(2_240), Duration.ofSeconds(2_300));
        STORE.compareAndSet(key, 2, session(3, in(10), null));
        assertThat(ttl(key)).isBetween(Duration.ofSeconds(250), Duration.ofSeconds(310));
    }

    private static Duration ttl(StoreKey key) {
        return Duration.ofMillis(REDIS.pttl(name(new KeyLayout("sojourn:").record(key))));
    }

    @Test
    void a_value_of_another_program_is_returned_unchanged_and_can_be_deleted() {
        for (String foreign : List.of(
                "",
                "x",
                "{\"cookie\":{\"path\":\"/\"}}",
                "\u0001234567890123456\uffff",
                "\u0003plus a long tail of text",
                "\u0002345678901234567\uffff")) {
            StoreKey key = key();
            REDIS.set(name(new KeyLayout("sojourn:").record(key)), foreign);

            StoredSession found = STORE.load(key).orElseThrow();

            assertThat(new String(found.payload(), UTF_8)).isEqualTo(foreign);
            assertThat(STORE.delete(key, found.version())).isEqualTo(Outcome.DONE);
            assertThat(STORE.load(key)).isEmpty();
        }
    }

    // ---- the user index

    @Test
    void paging_continues_between_entries_with_the_same_end() {
        UserIndex index = STORE.userIndex().orElseThrow();
        Instant until = in(600);
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            StoreKey key = key();
            keys.add(key);
            index.enter("alice", key, until);
        }
        List<StoreKey> named = new ArrayList<>();
        for (List<Entry> page = index.find("alice", null, 7);
                !page.isEmpty();
                page = index.find("alice", page.get(page.size() - 1), 7)) {
            page.forEach(entry -> named.add(entry.key()));
        }
        assertThat(named).hasSize(30).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void entries_are_pruned_five_minutes_after_their_end() {
        UserIndex index = STORE.userIndex().orElseThrow();
        StoreKey old = key();
        StoreKey recent = key();
        index.enter("alice", recent, in(-200));
        index.enter("alice", old, in(-400));
        index.enter("alice", key(), in(600));
        assertThat(index.find("alice", null, 10))
                .extracting(Entry::key)
                .contains(recent)
                .doesNotContain(old);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT13H", "P30D", "P3650D", "PT-13H", "P-30D", "P-3650D"})
    void a_node_with_a_wrong_clock_drops_no_entry_of_another_node_and_loses_none_of_its_own(Duration wrong) {
        SettableClock clock = new SettableClock();
        clock.set(Instant.now().plus(wrong));
        try (RedisStore other = RedisStore.builder().client(CLIENT).clock(clock).build()) {
            UserIndex index = STORE.userIndex().orElseThrow();
            UserIndex theirs = other.userIndex().orElseThrow();
            StoreKey ours = key();
            index.enter("alice", ours, in(600));
            StoreKey its = key();
            Instant end = clock.instant().plusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
            assertThat(theirs.enter("alice", its, end)).isZero();
            assertThat(other.create(its, session(1, end, "alice"))).isTrue();
            theirs.advanceEpoch("alice", clock.instant().plusSeconds(60));

            assertThat(index.find("alice", null, 10)).extracting(Entry::key).containsExactlyInAnyOrder(ours, its);
            assertThat(index.enter("alice", ours, in(600))).isNotZero();
            assertThat(STORE.load(its).orElseThrow().expiresAt()).isEqualTo(end);
            assertThat(ttl(its)).isBetween(Duration.ofMinutes(14), Duration.ofMinutes(15));
            assertThat(Duration.ofMillis(REDIS.pttl(name(new KeyLayout("sojourn:").epoch("alice")))))
                    .isGreaterThan(Duration.ofMinutes(59));
        }
    }

    @Test
    void the_store_clock_is_the_clock_of_the_server() {
        Instant before = Instant.now();
        assertThat(STORE.storeClock().orElseThrow().instant())
                .isBetween(before.minusSeconds(2), Instant.now().plusSeconds(2));
    }

    @Test
    void a_key_is_removed_from_the_index_regardless_of_the_end_of_its_entry() {
        UserIndex index = STORE.userIndex().orElseThrow();
        StoreKey gone = key();
        StoreKey other = key();
        index.enter("alice", gone, in(600));
        index.enter("alice", gone, in(900));
        index.enter("alice", other, in(600));

        index.removeKey("alice", gone);

        assertThat(index.find("alice", null, 10)).extracting(Entry::key).containsExactly(other);
    }

    @Test
    void entering_a_key_again_with_an_earlier_end_keeps_the_end_but_changes_the_entry() {
        UserIndex index = STORE.userIndex().orElseThrow();
        StoreKey key = key();
        index.enter("alice", key, in(600));
        Entry before = index.find("alice", null, 10).get(0);

        index.enter("alice", key, in(300));

        Entry after = index.find("alice", null, 10).get(0);
        assertThat(after.keepUntil()).isEqualTo(before.keepUntil().plusMillis(1));
        index.drop("alice", before);
        assertThat(index.find("alice", null, 10)).containsExactly(after);
    }

    @Test
    void an_epoch_is_kept_until_five_minutes_after_the_requested_time() {
        STORE.userIndex().orElseThrow().advanceEpoch("alice", in(10_000));

        assertThat(REDIS.pttl(name(new KeyLayout("sojourn:").epoch("alice")))).isBetween(10_240_000L, 10_300_000L);
    }

    @Test
    void the_index_is_kept_as_long_as_its_last_entry() {
        UserIndex index = STORE.userIndex().orElseThrow();
        index.enter("alice", key(), in(5_000));
        index.enter("alice", key(), in(100));
        String name = new String(new KeyLayout("sojourn:").userIndex("alice"), UTF_8);
        assertThat(REDIS.pttl(name)).isBetween(5_240_000L, 5_300_000L);
    }

    // ---- the sweep

    @Test
    void a_sweep_after_a_restart_of_the_application_finds_the_expired_records_of_another_node() {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            StoreKey key = key();
            keys.add(key);
            SWEEPING.create(key, session(1, in(-700 - i), i % 2 == 0 ? "alice" : null));
        }
        Set<StoreKey> reported = new HashSet<>();
        try (RedisStore restarted =
                RedisStore.builder().client(CLIENT).expirySweep().build()) {
            ExpirySweep sweep = restarted.expirySweep().orElseThrow();
            while (sweep.sweep(in(-600), 100, (key, record) -> reported.add(key)) > 0) {
                assertThat(reported).hasSizeLessThanOrEqualTo(300);
            }
        }
        assertThat(reported).isEqualTo(keys);
        assertThat(REDIS.keys("*")).isEmpty();
    }

    @Test
    void an_expired_record_is_kept_for_a_day_until_a_sweep() {
        StoreKey key = key();
        SWEEPING.create(key, session(1, in(0), null));
        assertThat(ttl(key))
                .isBetween(Duration.ofHours(24), Duration.ofHours(24).plusMinutes(5));
    }

    @Test
    void a_sweep_that_finds_nothing_due_queries_once_and_not_again() {
        for (int i = 0; i < 20; i++) {
            SWEEPING.create(key(), session(1));
        }
        try (RedisStore other =
                RedisStore.builder().client(CLIENT).expirySweep().build()) {
            ExpirySweep sweep = other.expirySweep().orElseThrow();
            CommandCounts first = CommandCounts.of(SERVER, () -> sweep.sweep(in(-600), 100, (key, record) -> {}));
            assertThat(first.byClients())
                    .filteredOn(command -> command.equals("zrange"))
                    .hasSize(KeyLayout.TAGS);
            CommandCounts second = CommandCounts.of(SERVER, () -> sweep.sweep(in(-600), 100, (key, record) -> {}));
            assertThat(second.byClients()).isEmpty();

            StoreKey late = key();
            other.create(late, session(1, in(-700), null));
            Set<StoreKey> reported = new HashSet<>();
            CommandCounts third =
                    CommandCounts.of(SERVER, () -> sweep.sweep(in(-600), 100, (key, record) -> reported.add(key)));
            assertThat(reported).containsExactly(late);
            assertThat(third.byClients())
                    .containsExactly("set", "zrange", "zrangebyscore", "get", "evalsha", "evalsha");
        }
    }

    @Test
    void the_claim_of_a_dead_node_expires_within_a_minute() {
        StoreKey key = key();
        SWEEPING.create(key, session(1, in(-700), null));
        ExpirySweep sweep = SWEEPING.expirySweep().orElseThrow();
        sweep.sweep(in(-600), 10, (each, record) -> {
            assertThat(REDIS.pttl("sojourn:sweep")).isBetween(1L, 60_000L);
            REDIS.set("sojourn:sweep", "another node");
        });
        assertThat(REDIS.get("sojourn:sweep")).isEqualTo("another node");
    }

    // ---- options

    @Test
    void stores_with_different_prefixes_are_separate() {
        try (RedisStore other =
                RedisStore.builder().client(CLIENT).keyPrefix("shop:").build()) {
            StoreKey key = key();
            other.create(key, session(1));
            assertThat(STORE.load(key)).isEmpty();
            assertThat(REDIS.keys("*")).allMatch(name -> name.startsWith("shop:{"));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RedisStore.builder().client(CLIENT).keyPrefix("a{b}").build())
                .withMessageContaining("braces");
    }

    @Test
    void closing_the_store_leaves_the_applications_client_open() {
        RedisStore.builder().client(CLIENT).build().close();
        assertThat(REDIS.ping()).isEqualTo("PONG");
        assertThat(CLIENT.connect().sync().ping()).isEqualTo("PONG");
    }

    @Test
    void invalid_and_contradictory_options_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisStore.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RedisStore.builder().uri("redis://h").client(CLIENT).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisStore.builder().timeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisStore.builder().waitForReplicas(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisStore.builder()
                        .client(CLIENT)
                        .waitForReplicas(1, Duration.ofSeconds(2))
                        .build())
                .withMessageContaining("timeout");
    }

    @Test
    void subjects_are_hashed_in_key_names() {
        STORE.userIndex().orElseThrow().enter("alice@example.org", key(), in(60));
        assertThat(new TreeSet<>(REDIS.keys("*")))
                .allMatch(name -> name.matches("sojourn:\\{[\\w-]{22}\\}\\.sessions"));
    }
}
