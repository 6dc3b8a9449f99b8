package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.answers;
import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What replicas are said to have they have, whatever becomes of connection, master and slot meanwhile. */
class ReplicaWaitTest {
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    /** A master without a memory and its replica. */
    private static final class Pair implements AutoCloseable {
        final RedisServer master = RedisServer.start7("--repl-diskless-sync-delay", "0");
        final RedisServer replica = RedisServer.start7("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        final RedisClient client = RedisClient.create(master.uri());

        Pair() {
            awaitReplica();
        }

        void awaitReplica() {
            eventually("the replica follows", () -> master.info().contains("state=online"));
        }

        /** Another master at the same address, which has a replica and knows nothing of before. */
        void succeed() {
            master.restart();
            replica.resume();
            awaitReplica();
        }

        RedisStore store() {
            return RedisStore.builder()
                    .client(client)
                    .timeout(Duration.ofSeconds(60))
                    .waitForReplicas(1, AT_MOST)
                    .build();
        }

        @Override
        public void close() {
            client.shutdown();
            replica.close();
            master.close();
        }
    }

    /** Puts another master in the place of the first as soon as that has answered a command, before the next is sent. */
    private static final class Succession implements CommandListener {
        private static final Set<String> OURS = Set.of("EVALSHA", "EVAL", "SET", "GET", "WAIT");

        private final Pair servers;
        private @Nullable Set<String> after;
        private @Nullable Future<?> answer;

        @SuppressWarnings("unused") // held, so that it is not lost
        private @Nullable CompletableFuture<?> takeover;

        private volatile CompletableFuture<Void> done = new CompletableFuture<>();

        Succession(Pair servers) {
            this.servers = servers;
        }

        synchronized void after(String... commands) {
            after = Set.of(commands);
        }

        @Override
        public void commandStarted(CommandStartedEvent event) {
            String type = event.getCommand().getType().toString();
            if (OURS.contains(type) && hasBegun()) {
                done.join();
            }
            synchronized (this) {
                if (after != null && after.contains(type)) {
                    after = null;
                    CompletableFuture<?> first = (CompletableFuture<?>) (Object) event.getCommand();
                    answer = first;
                    takeover = first.thenRunAsync(servers::succeed)
                            .whenComplete((nothing, failure) -> done.complete(null));
                }
            }
        }

        private synchronized boolean hasBegun() {
            return answer != null && answer.isDone();
        }
    }

    @Test
    void a_change_and_its_confirmation_are_one_trip() {
        try (Pair servers = new Pair();
                FaultyProxy proxy = FaultyProxy.to(servers.master.host(), servers.master.port());
                RedisStore careful = RedisStore.builder()
                        .uri("redis://127.0.0.1:" + proxy.port())
                        .timeout(Duration.ofSeconds(60))
                        .waitForReplicas(1, Duration.ofSeconds(30))
                        .build()) {
            StoreKey key = key();
            assertThat(careful.create(key, session(1))).isTrue();
            assertThat(careful.compareAndSet(key, 1, session(1))).isEqualTo(Outcome.DONE);

            long before = proxy.roundTrips();
            RedisCounts counts = RedisCounts.of(servers.master, () -> careful.compareAndSet(key, 1, session(2)));

            assertThat(counts.byClients()).containsExactly("evalsha", "wait");
            assertThat(proxy.roundTrips() - before).isEqualTo(1);
        }
    }

    @Test
    void a_change_that_died_with_its_master_is_not_confirmed_by_the_next_one() {
        try (Pair servers = new Pair()) {
            Succession succession = new Succession(servers);
            servers.client.addListener(succession);
            try (RedisStore careful = servers.store()) {
                StoreKey key = key();
                assertThat(careful.create(key, session(1))).isTrue();
                assertThat(careful.compareAndSet(key, 1, session(1))).isEqualTo(Outcome.DONE);
                servers.replica.pause();
                succession.after("EVALSHA");

                StoreException e = failure(() -> careful.compareAndSet(key, 1, session(2)));

                assertThat(e.unknown()).isTrue();
                eventually("the store answers again", () -> answers(() -> careful.load(key)));
                assertThat(careful.load(key)).isEmpty();
            }
        }
    }

    @Test
    void what_stood_on_a_master_that_died_is_not_told_for_confirmed() {
        try (Pair servers = new Pair()) {
            Succession succession = new Succession(servers);
            servers.client.addListener(succession);
            try (RedisStore careful = servers.store()) {
                StoreKey key = key();
                assertThat(careful.create(key, session(1))).isTrue();
                servers.replica.pause();
                assertThat(failure(() -> careful.compareAndSet(key, 1, session(2)))
                                .unknown())
                        .isTrue();
                succession.after("SET", "GET");

                answers(() -> assertThat(careful.load(key)).isEmpty());

                eventually("the store answers again", () -> answers(() -> careful.load(key)));
                assertThat(careful.load(key)).isEmpty();
            }
        }
    }

    @Test
    void a_node_that_had_a_slot_before_does_not_confirm_what_another_one_did() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisClusterClient client =
                    RedisClusterClient.create(cluster.uri().replace("redis-cluster://", "redis://"));
            try (RedisStore careful = RedisStore.builder()
                    .client(client)
                    .timeout(Duration.ofSeconds(20))
                    .waitForReplicas(1, AT_MOST)
                    .build()) {
                StoreKey key = keyIn(0);
                // The store learns where the slot is, and is not told that it moves.
                assertThat(careful.load(key)).isEmpty();
                move(cluster, slot(key), 0, 2);
                RedisServer replica = cluster.nodes().get(5);
                replica.pause();

                StoreException e = failure(() -> careful.create(key, session(1)));

                replica.resume();
                assertThat(e.unknown()).isTrue();
                assertThat(careful.load(key).orElseThrow().version()).isEqualTo(1);
                assertThat(careful.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);

                StoreKey onTheWay = keyIn(0);
                beginToMove(cluster, slot(onTheWay), 0, 2);
                assertThat(careful.create(onTheWay, session(1))).isTrue();
                assertThat(careful.compareAndSet(onTheWay, 1, session(2))).isEqualTo(Outcome.DONE);
                assertThat(careful.load(onTheWay).orElseThrow().version()).isEqualTo(2);
            } finally {
                client.shutdown();
            }
        }
    }

    /** Gives an empty slot to another master. */
    private static void move(RedisCluster cluster, int slot, int from, int to) {
        beginToMove(cluster, slot, from, to);
        for (int node : new int[] {to, from, 1}) {
            cluster.nodes().get(node).command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", id(cluster, to));
        }
    }

    private static void beginToMove(RedisCluster cluster, int slot, int from, int to) {
        String number = Integer.toString(slot);
        cluster.nodes().get(to).command("CLUSTER", "SETSLOT", number, "IMPORTING", id(cluster, from));
        cluster.nodes().get(from).command("CLUSTER", "SETSLOT", number, "MIGRATING", id(cluster, to));
    }

    private static String id(RedisCluster cluster, int node) {
        return String.valueOf(cluster.nodes().get(node).command("CLUSTER", "MYID"));
    }

    private static StoreKey keyIn(int shard) {
        StoreKey key = key();
        while (slot(key) * 3 / SlotHash.SLOT_COUNT != shard) {
            key = key();
        }
        return key;
    }

    private static int slot(StoreKey key) {
        return SlotHash.getSlot(new String(new KeyLayout("sojourn:").record(key), StandardCharsets.UTF_8));
    }
}
