package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.session;
import static dev.sojourn.redis.Fixtures.succeeds;
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

/** A change reported as confirmed is on the replicas, whatever happens to the connection, the master or the slot. */
class ReplicaWaitTest {
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    /** A master without persistence, and its replica. */
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

        /** Replaces the master by an empty one at the same address, with the same replica. */
        void replaceMaster() {
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

    /** Replaces the master as soon as it has replied to a command, before the next command is sent. */
    private static final class MasterReplacement implements CommandListener {
        private static final Set<String> STORE_COMMANDS = Set.of("EVALSHA", "EVAL", "SET", "GET", "WAIT");

        private final Pair servers;
        private @Nullable Set<String> after;
        private @Nullable Future<?> reply;

        @SuppressWarnings("unused") // kept reachable
        private @Nullable CompletableFuture<?> takeover;

        private volatile CompletableFuture<Void> done = new CompletableFuture<>();

        MasterReplacement(Pair servers) {
            this.servers = servers;
        }

        synchronized void after(String... commands) {
            after = Set.of(commands);
        }

        @Override
        public void commandStarted(CommandStartedEvent event) {
            String type = event.getCommand().getType().toString();
            if (STORE_COMMANDS.contains(type) && hasBegun()) {
                done.join();
            }
            synchronized (this) {
                if (after != null && after.contains(type)) {
                    after = null;
                    CompletableFuture<?> first = (CompletableFuture<?>) (Object) event.getCommand();
                    reply = first;
                    takeover = first.thenRunAsync(servers::replaceMaster)
                            .whenComplete((nothing, failure) -> done.complete(null));
                }
            }
        }

        private synchronized boolean hasBegun() {
            return reply != null && reply.isDone();
        }
    }

    @Test
    void a_change_and_its_confirmation_are_one_round_trip() {
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
    void a_change_lost_with_its_master_is_not_confirmed_by_the_next_master() {
        try (Pair servers = new Pair()) {
            MasterReplacement replacement = new MasterReplacement(servers);
            servers.client.addListener(replacement);
            try (RedisStore careful = servers.store()) {
                StoreKey key = key();
                assertThat(careful.create(key, session(1))).isTrue();
                assertThat(careful.compareAndSet(key, 1, session(1))).isEqualTo(Outcome.DONE);
                servers.replica.pause();
                replacement.after("EVALSHA");

                StoreException e = failure(() -> careful.compareAndSet(key, 1, session(2)));

                assertThat(e.isUnknown()).isTrue();
                eventually("the store works again", () -> succeeds(() -> careful.load(key)));
                assertThat(careful.load(key)).isEmpty();
            }
        }
    }

    @Test
    void a_record_lost_with_its_master_is_not_reported_as_confirmed() {
        try (Pair servers = new Pair()) {
            MasterReplacement replacement = new MasterReplacement(servers);
            servers.client.addListener(replacement);
            try (RedisStore careful = servers.store()) {
                StoreKey key = key();
                assertThat(careful.create(key, session(1))).isTrue();
                servers.replica.pause();
                assertThat(failure(() -> careful.compareAndSet(key, 1, session(2)))
                                .isUnknown())
                        .isTrue();
                replacement.after("SET", "GET");

                succeeds(() -> assertThat(careful.load(key)).isEmpty());

                eventually("the store works again", () -> succeeds(() -> careful.load(key)));
                assertThat(careful.load(key)).isEmpty();
            }
        }
    }

    @Test
    void the_former_node_of_a_slot_does_not_confirm_changes_of_its_new_node() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisClusterClient client =
                    RedisClusterClient.create(cluster.uri().replace("redis-cluster://", "redis://"));
            try (RedisStore careful = RedisStore.builder()
                    .client(client)
                    .timeout(Duration.ofSeconds(20))
                    .waitForReplicas(1, AT_MOST)
                    .build()) {
                StoreKey key = keyIn(0);
                // The store finds the slot here. It does not learn that the slot moves.
                assertThat(careful.load(key)).isEmpty();
                move(cluster, slot(key), 0, 2);
                RedisServer replica = cluster.nodes().get(5);
                replica.pause();

                StoreException e = failure(() -> careful.create(key, session(1)));

                replica.resume();
                assertThat(e.isUnknown()).isTrue();
                assertThat(careful.load(key).orElseThrow().version()).isEqualTo(1);
                assertThat(careful.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);

                StoreKey migrating = keyIn(0);
                beginToMove(cluster, slot(migrating), 0, 2);
                assertThat(careful.create(migrating, session(1))).isTrue();
                assertThat(careful.compareAndSet(migrating, 1, session(2))).isEqualTo(Outcome.DONE);
                assertThat(careful.load(migrating).orElseThrow().version()).isEqualTo(2);
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
