package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.openEventually;
import static dev.sojourn.redis.Fixtures.session;
import static dev.sojourn.redis.Fixtures.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uses one store without a change while another server replaces the master. */
@ExtendWith(SharedServers.class)
class FailoverTest {
    /** Short, for the calls that must fail; calls that must succeed are repeated. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Test
    void the_store_uses_the_new_master_that_sentinel_elects_when_the_old_one_dies_hangs_or_is_demoted() {
        try (RedisSentinels servers = RedisSentinels.start();
                RedisStore store =
                        openEventually(RedisStore.builder().uri(servers.uri()).timeout(TIMEOUT))) {
            assertSurvives(store, servers, servers::killMaster);
            servers.healAtOnce();
            assertSurvives(store, servers, servers::pauseMaster);
            servers.healAtOnce();
            StoreKey key = createRecord(store, servers);
            servers.failover();
            assertRecovers(store, key);
        }
    }

    private static void assertSurvives(RedisStore store, RedisSentinels servers, Runnable fault) {
        StoreKey key = createRecord(store, servers);
        fault.run();
        assertThat(succeeds(() -> store.compareAndSet(key, 1, session(2)))).isFalse();
        servers.awaitFailover();
        assertRecovers(store, key);
    }

    private static StoreKey createRecord(RedisStore store, RedisSentinels servers) {
        StoreKey key = key();
        eventually("a session is createRecord", () -> succeeds(() -> store.create(key, session(1))));
        eventually(
                "all replicas have the record",
                () -> servers.servers().stream()
                        .allMatch(server -> Long.valueOf(1).equals(server.command("EXISTS", name(key)))));
        return key;
    }

    @Test
    void a_cluster_elects_a_new_master_when_one_hangs_and_the_other_shards_continue() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas();
                RedisStore store =
                        openEventually(RedisStore.builder().uri(cluster.uri()).timeout(TIMEOUT));
                RedisStore confirming = RedisStore.builder()
                        .uri(cluster.uri())
                        .timeout(Duration.ofSeconds(40))
                        .waitForReplicas(1, Duration.ofSeconds(30))
                        .build()) {
            List<StoreKey> keys = IntStream.range(0, 3)
                    .mapToObj(shard -> createRecordInShard(confirming, shard))
                    .toList();
            keys.forEach(key -> eventually("the record is read", () -> succeeds(() -> store.load(key))));
            cluster.pauseMaster(0);

            assertThat(failure(() -> store.compareAndSet(keys.get(0), 1, session(2)))
                            .isUnknown())
                    .isTrue();
            assertRecovers(store, keys.get(1));
            cluster.awaitFailover();

            keys.forEach(key -> assertRecovers(store, key));
        }
    }

    /** Creates a record in the third of the slots that one of the three masters has at the start. */
    private static StoreKey createRecordInShard(RedisStore store, int shard) {
        StoreKey key = key();
        while (SlotHash.getSlot(name(key)) * 3 / SlotHash.SLOT_COUNT != shard) {
            key = key();
        }
        assertThat(store.create(key, session(1))).isTrue();
        return key;
    }

    @Test
    void a_change_confirmed_by_too_few_replicas_is_made_but_reported_as_unknown() {
        String uri = SharedServers.sentinels().uri();
        try (RedisStore two = connectWaitingFor(2, Duration.ofSeconds(30), uri);
                RedisStore three = connectWaitingFor(3, Duration.ofSeconds(1), uri)) {
            StoreKey key = key();
            assertThat(two.create(key, session(1))).isTrue();
            assertThat(two.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);

            StoreException e = failure(() -> three.compareAndSet(key, 2, session(3)));

            assertThat(e.isUnknown()).isTrue();
            assertThat(e).hasMessageContaining("of 3");
            assertThat(two.load(key).orElseThrow().version()).isEqualTo(3);
            assertThat(two.compareAndSet(key, 2, session(4))).isInstanceOf(Outcome.Lost.class);
            // A write that lost to an unconfirmed change may have lost to itself: its outcome is unknown.
            assertThat(failure(() -> three.compareAndSet(key, 2, session(3))).isUnknown())
                    .isTrue();
        }
    }

    private static RedisStore connectWaitingFor(int replicas, Duration atMost, String uri) {
        return RedisStore.builder()
                .uri(uri)
                .timeout(Duration.ofSeconds(40))
                .waitForReplicas(replicas, atMost)
                .build();
    }

    private static void assertRecovers(RedisStore store, StoreKey key) {
        AtomicLong version = new AtomicLong();
        eventually(
                "the store works again",
                () -> succeeds(() -> version.set(store.load(key).orElseThrow().version())));
        eventually("a change is accepted", () -> succeeds(() -> store.compareAndSet(key, version.get(), session(9))));
        eventually(
                "the change is read",
                () -> succeeds(() ->
                        assertThat(store.load(key).orElseThrow().version()).isEqualTo(9)));
    }

    private static String name(StoreKey key) {
        return new String(new KeyLayout("sojourn:").record(key), StandardCharsets.UTF_8);
    }
}
