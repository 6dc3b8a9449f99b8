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

/** Checks that a change reported as confirmed is on the replicas, even if the connection, the master or the slot changes. */
class ReplicaWaitTest {
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    /** A master without persistence, and its replica. */
    private static final class MasterAndReplica implements AutoCloseable {
        final RedisServer master = RedisServer.start7("--repl-diskless-sync-delay", "0");
        final RedisServer replica = RedisServer.start7("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        final RedisClient client = RedisClient.create(master.uri());

        MasterAndReplica() {
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

        private final MasterAndReplica servers;
        private @Nullable Set<String> after;
        private @Nullable Future<?> reply;

        @SuppressWarnings("unused") // kept reachable
        private @Nullable CompletableFuture<?> replacing;

        private volatile CompletableFuture<Void> done = new CompletableFuture<>();

        MasterReplacement(MasterAndReplica servers) {
            this.servers = servers;
        }

        synchronized void startAfter(String... commands) {
            after = Set.of(commands);
        }

        @Override
        public void commandStarted(CommandStartedEvent event) {
            String type = event.getCommand().getType().toString();
            if (STORE_COMMANDS.contains(type) && hasReplied()) {
                done.join();
            }
            synchronized (this) {
                if (after != null && after.contains(type)) {
                    after = null;
                    CompletableFuture<?> first = (CompletableFuture<?>) (Object) event.getCommand();
                    reply = first;
                    replacing = first.thenRunAsync(servers::replaceMaster)
                            .whenComplete((nothing, failure) -> done.complete(null));
                }
            }
        }

        private synchronized boolean hasReplied() {
            return reply != null && reply.isDone();
        }
    }

    @Test
    void a_change_and_its_confirmation_are_one_round_trip() {
        try (MasterAndReplica servers = new MasterAndReplica();
                FaultyProxy proxy = FaultyProxy.to(servers.master.host(), servers.master.port());
                RedisStore confirming = RedisStore.builder()
                        .uri("redis://127.0.0.1:" + proxy.port())
                        .timeout(Duration.ofSeconds(60))
                        .waitForReplicas(1, Duration.ofSeconds(30))
                        .build()) {
            StoreKey key = key();
            assertThat(confirming.create(key, session(1))).isTrue();
            assertThat(confirming.compareAndSet(key, 1, session(1))).isEqualTo(Outcome.DONE);

            long before = proxy.roundTrips();
            CommandCounts counts = CommandCounts.of(servers.master, () -> confirming.compareAndSet(key, 1, session(2)));

            assertThat(counts.byClients()).containsExactly("evalsha", "wait");
            assertThat(proxy.roundTrips() - before).isEqualTo(1);
        }
    }

    @Test
    void a_change_lost_with_its_master_is_not_confirmed_by_the_next_master() {
        try (MasterAndReplica servers = new MasterAndReplica()) {
            MasterReplacement replacement = new MasterReplacement(servers);
            servers.client.addListener(replacement);
            try (RedisStore confirming = servers.store()) {
                StoreKey key = key();
                assertThat(confirming.create(key, session(1))).isTrue();
                assertThat(confirming.compareAndSet(key, 1, session(1))).isEqualTo(Outcome.DONE);
                servers.replica.pause();
                replacement.startAfter("EVALSHA");

                StoreException e = failure(() -> confirming.compareAndSet(key, 1, session(2)));

                assertThat(e.isUnknown()).isTrue();
                eventually("the store works again", () -> succeeds(() -> confirming.load(key)));
                assertThat(confirming.load(key)).isEmpty();
            }
        }
    }

    @Test
    void a_record_lost_with_its_master_is_not_reported_as_confirmed() {
        try (MasterAndReplica servers = new MasterAndReplica()) {
            MasterReplacement replacement = new MasterReplacement(servers);
            servers.client.addListener(replacement);
            try (RedisStore confirming = servers.store()) {
                StoreKey key = key();
                assertThat(confirming.create(key, session(1))).isTrue();
                servers.replica.pause();
                assertThat(failure(() -> confirming.compareAndSet(key, 1, session(2)))
                                .isUnknown())
                        .isTrue();
                replacement.startAfter("SET", "GET");

                succeeds(() -> assertThat(confirming.load(key)).isEmpty());

                eventually("the store works again", () -> succeeds(() -> confirming.load(key)));
                assertThat(confirming.load(key)).isEmpty();
            }
        }
    }

    @Test
    void the_previous_node_of_a_slot_does_not_confirm_changes_of_its_new_node() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisClusterClient client =
                    RedisClusterClient.create(cluster.uri().replace("redis-cluster://", "redis://"));
            try (RedisStore confirming = RedisStore.builder()
                    .client(client)
                    .timeout(Duration.ofSeconds(20))
                    .waitForReplicas(1, AT_MOST)
                    .build()) {
                StoreKey key = keyInShard(0);
                // The store locates the slot. It is not notified that the slot moves.
                assertThat(confirming.load(key)).isEmpty();
                moveSlot(cluster, slot(key), 0, 2);
                RedisServer replica = cluster.nodes().get(5);
                replica.pause();

                StoreException e = failure(() -> confirming.create(key, session(1)));

                replica.resume();
                assertThat(e.isUnknown()).isTrue();
                assertThat(confirming.load(key).orElseThrow().version()).isEqualTo(1);
                assertThat(confirming.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);

                StoreKey migrating = keyInShard(0);
                startMovingSlot(cluster, slot(migrating), 0, 2);
                assertThat(confirming.create(migrating, session(1))).isTrue();
                assertThat(confirming.compareAndSet(migrating, 1, session(2))).isEqualTo(Outcome.DONE);
                assertThat(confirming.load(migrating).orElseThrow().version()).isEqualTo(2);
            } finally {
                client.shutdown();
            }
        }
    }

    /** Moves an empty slot to another master. */
    private static void moveSlot(RedisCluster cluster, int slot, int from, int to) {
        startMovingSlot(cluster, slot, from, to);
        for (int node : new int[] {to, from, 1}) {
            cluster.nodes()
                    .get(node)
                    .command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", nodeId(cluster, to));
        }
    }

    private static void startMovingSlot(RedisCluster cluster, int slot, int from, int to) {
        String number = Integer.toString(slot);
        cluster.nodes().get(to).command("CLUSTER", "SETSLOT", number, "IMPORTING", nodeId(cluster, from));
        cluster.nodes().get(from).command("CLUSTER", "SETSLOT", number, "MIGRATING", nodeId(cluster, to));
    }

    private static String nodeId(RedisCluster cluster, int node) {
        return String.valueOf(cluster.nodes().get(node).command("CLUSTER", "MYID"));
    }

    private static StoreKey keyInShard(int shard) {
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
