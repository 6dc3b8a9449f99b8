package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.answers;
import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.opened;
import static dev.sojourn.redis.Fixtures.session;
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

/** A store that is not made anew when another server takes the master's place. */
@ExtendWith(Shared.class)
class FailoverTest {
    /** Short, for the calls that are to fail; whatever is to succeed is tried again. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Test
    void sentinel_gives_another_master_when_one_dies_hangs_or_is_retired() {
        try (RedisSentinels servers = RedisSentinels.start();
                RedisStore store =
                        opened(RedisStore.builder().uri(servers.uri()).timeout(TIMEOUT))) {
            survives(store, servers, servers::killMaster);
            servers.healAtOnce();
            survives(store, servers, servers::pauseMaster);
            servers.healAtOnce();
            StoreKey key = created(store, servers);
            servers.failover();
            standsAgain(store, key);
        }
    }

    private static void survives(RedisStore store, RedisSentinels servers, Runnable fault) {
        StoreKey key = created(store, servers);
        fault.run();
        assertThat(answers(() -> store.compareAndSet(key, 1, session(2)))).isFalse();
        servers.awaitFailover();
        standsAgain(store, key);
    }

    private static StoreKey created(RedisStore store, RedisSentinels servers) {
        StoreKey key = key();
        eventually("a session is made", () -> answers(() -> store.create(key, session(1))));
        eventually(
                "all replicas have it",
                () -> servers.servers().stream()
                        .allMatch(server -> Long.valueOf(1).equals(server.command("EXISTS", name(key)))));
        return key;
    }

    @Test
    void a_cluster_gives_another_master_when_one_hangs_and_the_other_shards_go_on() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas();
                RedisStore store =
                        opened(RedisStore.builder().uri(cluster.uri()).timeout(TIMEOUT));
                RedisStore careful = RedisStore.builder()
                        .uri(cluster.uri())
                        .timeout(Duration.ofSeconds(40))
                        .waitForReplicas(1, Duration.ofSeconds(30))
                        .build()) {
            List<StoreKey> keys = IntStream.range(0, 3)
                    .mapToObj(shard -> createdIn(careful, shard))
                    .toList();
            keys.forEach(key -> eventually("it is read", () -> answers(() -> store.load(key))));
            cluster.pauseMaster(0);

            assertThat(failure(() -> store.compareAndSet(keys.get(0), 1, session(2)))
                            .unknown())
                    .isTrue();
            standsAgain(store, keys.get(1));
            cluster.awaitFailover();

            keys.forEach(key -> standsAgain(store, key));
        }
    }

    /** In the third of the slots that a node has at first. */
    private static StoreKey createdIn(RedisStore store, int shard) {
        StoreKey key = key();
        while (SlotHash.getSlot(name(key)) * 3 / SlotHash.SLOT_COUNT != shard) {
            key = key();
        }
        assertThat(store.create(key, session(1))).isTrue();
        return key;
    }

    @Test
    void a_change_that_too_few_replicas_confirm_is_unknown_and_was_made() {
        String uri = Shared.sentinels().uri();
        try (RedisStore two = waitingFor(2, Duration.ofSeconds(30), uri);
                RedisStore three = waitingFor(3, Duration.ofSeconds(1), uri)) {
            StoreKey key = key();
            assertThat(two.create(key, session(1))).isTrue();
            assertThat(two.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);

            StoreException e = failure(() -> three.compareAndSet(key, 2, session(3)));

            assertThat(e.unknown()).isTrue();
            assertThat(e).hasMessageContaining("of 3");
            assertThat(two.load(key).orElseThrow().version()).isEqualTo(3);
            assertThat(two.compareAndSet(key, 2, session(4))).isInstanceOf(Outcome.Lost.class);
            // Who lost to a change in doubt may have lost to its own: it has to look.
            assertThat(failure(() -> three.compareAndSet(key, 2, session(3))).unknown())
                    .isTrue();
        }
    }

    private static RedisStore waitingFor(int replicas, Duration atMost, String uri) {
        return RedisStore.builder()
                .uri(uri)
                .timeout(Duration.ofSeconds(40))
                .waitForReplicas(replicas, atMost)
                .build();
    }

    private static void standsAgain(RedisStore store, StoreKey key) {
        AtomicLong version = new AtomicLong();
        eventually(
                "the store answers again",
                () -> answers(() -> version.set(store.load(key).orElseThrow().version())));
        eventually("a change is taken", () -> answers(() -> store.compareAndSet(key, version.get(), session(9))));
        eventually(
                "the change is read",
                () -> answers(() ->
                        assertThat(store.load(key).orElseThrow().version()).isEqualTo(9)));
    }

    private static String name(StoreKey key) {
        return new String(new KeyLayout("sojourn:").record(key), StandardCharsets.UTF_8);
    }
}
