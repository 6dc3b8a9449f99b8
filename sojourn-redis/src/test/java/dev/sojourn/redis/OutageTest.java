package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.eventually;
import static dev.sojourn.redis.Fixtures.failure;
import static dev.sojourn.redis.Fixtures.in;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.openEventually;
import static dev.sojourn.redis.Fixtures.session;
import static dev.sojourn.redis.Fixtures.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses one store while Redis hangs, loses replies, refuses connections, dies and restarts. */
class OutageTest {
    /** Short, for the calls that must fail; calls that must succeed are repeated. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final RedisServer server = RedisServer.start7();
    private final FaultyProxy proxy = FaultyProxy.to(server.host(), server.port());
    private final RedisStore store = openEventually(
            RedisStore.builder().uri("redis://127.0.0.1:" + proxy.port()).timeout(TIMEOUT));
    private final StoreKey key = key();

    @BeforeEach
    void create() {
        eventually("a session is created", () -> succeeds(() -> store.create(key, session(1))));
        eventually("the script is loaded", () -> succeeds(() -> store.compareAndSet(key, 1, session(1))));
    }

    @AfterEach
    void stop() {
        store.close();
        proxy.close();
        server.close();
    }

    private void assertRecovers() {
        eventually(
                "the store works again",
                () -> succeeds(() -> {
                    StoreKey other = key();
                    assertThat(store.create(other, session(7))).isTrue();
                    assertThat(store.compareAndSet(other, 7, session(8))).isEqualTo(Outcome.DONE);
                }));
    }

    private long version() {
        AtomicLong version = new AtomicLong();
        eventually(
                "the record is read",
                () -> succeeds(() ->
                        version.set(store.load(key).map(StoredSession::version).orElse(0L))));
        return version.get();
    }

    @Test
    void on_a_hung_server_a_change_is_unknown_and_a_read_not_done() {
        server.pause();

        StoreException change = failure(() -> store.compareAndSet(key, 1, session(2)));
        StoreException read = failure(() -> store.load(key));
        server.resume();

        assertThat(change.isUnknown()).isTrue();
        assertThat(read.isNotDone()).isTrue();
        assertRecovers();
    }

    @Test
    void further_calls_to_a_hung_server_fail_at_once_until_it_responds_again() {
        server.pause();
        assertRefusedAtOnce(store);
        server.resume();
        assertRecovers();
    }

    @Test
    void a_change_whose_reply_is_lost_is_unknown_and_happens_once() {
        proxy.loseResponses();
        server.resetStats();

        StoreException lost = failure(() -> store.compareAndSet(key, 1, session(2)));
        proxy.pass();

        assertThat(lost.isUnknown()).isTrue();
        assertRecovers();
        assertThat(version()).isEqualTo(2);
    }

    @Test
    void a_change_whose_connection_breaks_before_the_reply_is_unknown_at_once_and_not_resent() throws Exception {
        try (RedisStore longTimeout = RedisStore.builder()
                .uri("redis://127.0.0.1:" + proxy.port())
                .timeout(Duration.ofSeconds(30))
                .build()) {
            proxy.loseResponses();
            server.resetStats();
            var change =
                    CompletableFuture.supplyAsync(() -> failure(() -> longTimeout.compareAndSet(key, 1, session(2))));
            eventually("the server has run the script", () -> server.calls("evalsha") == 1);
            proxy.cut();
            proxy.pass();

            assertThat(change.get(20, TimeUnit.SECONDS).isUnknown()).isTrue();
            eventually("the store works again", () -> succeeds(() -> longTimeout.load(key)));
            assertThat(longTimeout.load(key).orElseThrow().version()).isEqualTo(2);
            assertThat(server.calls("evalsha")).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_resends_commands_after_a_reconnect_resends_no_command_of_the_store() throws Exception {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + proxy.port());
        try (RedisStore longTimeout = RedisStore.builder()
                .client(client)
                .timeout(Duration.ofSeconds(30))
                .build()) {
            proxy.loseResponses();
            server.resetStats();
            var change =
                    CompletableFuture.supplyAsync(() -> failure(() -> longTimeout.compareAndSet(key, 1, session(2))));
            eventually("the server has run the script", () -> server.calls("evalsha") == 1);
            // A reset would fail the command; after an orderly close, Lettuce sends it again.
            proxy.halfClose();
            proxy.pass();

            assertThat(change.get(20, TimeUnit.SECONDS).isUnknown()).isTrue();
            assertThat(longTimeout.load(key).orElseThrow().version()).isEqualTo(2);
            assertThat(server.calls("evalsha")).isEqualTo(1);
        } finally {
            client.shutdown();
        }
    }

    @Test
    void a_half_closed_connection_is_replaced() {
        proxy.halfClose();
        assertRecovers();
    }

    @Test
    void calls_to_a_dead_server_are_not_done_and_the_store_uses_its_replacement() {
        server.kill();
        eventually("the connection is closed", () -> {
            StoreException e = failure(() -> store.compareAndSet(key, 1, session(2)));
            return e.isNotDone();
        });
        server.restart();
        assertRecovers();
        assertThat(version()).isZero();
    }

    @Test
    void calls_to_a_server_that_refuses_connections_are_not_done_and_the_store_reconnects() {
        proxy.refuse();
        proxy.cut();
        eventually(
                "the connection is closed",
                () -> failure(() -> store.delete(key, 1)).isNotDone());
        proxy.pass();
        assertRecovers();
        assertThat(version()).isEqualTo(1);
    }

    @Test
    void an_application_that_starts_without_a_server_gets_a_clear_error() {
        proxy.refuse();
        StoreException e = failure(() -> RedisStore.connect("redis://user:hidden@127.0.0.1:" + proxy.port()));
        assertThat(e).hasMessageContaining("(127.0.0.1:" + proxy.port() + ")").hasMessageNotContaining("hidden");
        assertThat(e.isNotDone()).isTrue();
        assertThat(e).hasMessageNotContaining("hidden");
        assertThat(e.getCause()).hasMessageNotContaining("hidden");
    }

    @Test
    void an_interrupted_change_that_was_sent_is_unknown() {
        Thread caller = Thread.currentThread();
        try (RedisStore longTimeout = RedisStore.builder()
                .uri(server.uri())
                .timeout(Duration.ofSeconds(30))
                .build()) {
            server.command("CLIENT", "PAUSE", "30000", "WRITE");
            CompletableFuture<Void> interruption = CompletableFuture.runAsync(() -> {
                eventually(
                        "the server has the command",
                        () -> server.info("blocked_clients").equals("1"));
                caller.interrupt();
            });

            StoreException e = failure(() -> longTimeout.compareAndSet(key, 1, session(2)));

            assertThat(Thread.interrupted()).isTrue();
            interruption.join();
            assertThat(e.isUnknown()).isTrue();
        } finally {
            server.command("CLIENT", "UNPAUSE");
        }
    }

    @Test
    void a_client_whose_listener_rejects_the_probe_still_disconnects_from_a_hung_server() {
        RedisClient client = RedisClient.create(server.uri());
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        AtomicBoolean refused = new AtomicBoolean();
        client.addListener(new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommand().getType() == CommandType.PING && refused.compareAndSet(false, true)) {
                    throw new RedisException("this listener refuses PING");
                }
            }
        });
        try (RedisStore listening =
                openEventually(RedisStore.builder().client(client).timeout(TIMEOUT))) {
            eventually("the record is read", () -> succeeds(() -> listening.load(key)));
            server.pause();

            assertThat(failure(() -> listening.compareAndSet(key, 1, session(2)))
                            .isUnknown())
                    .isTrue();
            assertThat(refused).isTrue();
            assertRefusedAtOnce(listening);
        } finally {
            server.resume();
            client.shutdown();
        }
    }

    private void assertRefusedAtOnce(RedisStore hung) {
        eventually("calls are refused without being sent", () -> {
            long start = System.nanoTime();
            StoreException e = failure(() -> hung.compareAndSet(key, 1, session(2)));
            return e.isNotDone() && System.nanoTime() - start < TIMEOUT.toNanos();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2", "7"})
    void a_full_server_refuses_changes_but_not_reads_and_deletes(String version) {
        try (RedisServer full = version.equals("7") ? RedisServer.start7() : RedisServer.start62();
                RedisStore filled = RedisStore.connect(full.uri())) {
            assertThat(filled.create(key, session(1))).isTrue();
            full.command("CONFIG", "SET", "maxmemory", "1");

            assertRefused(failure(() -> filled.create(key(), session(1))), "OOM");
            assertRefused(failure(() -> filled.compareAndSet(key, 1, session(2))), "OOM");
            assertRefused(failure(() -> filled.touch(key, 1, 2, in(60))), "OOM");
            assertThat(filled.load(key).orElseThrow().version()).isEqualTo(1);
            assertThat(filled.delete(key, 1)).isEqualTo(Outcome.DONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2", "7"})
    void a_master_that_lacks_replicas_or_became_a_replica_refuses_changes(String version) {
        try (RedisServer old = version.equals("7") ? RedisServer.start7() : RedisServer.start62();
                RedisStore strict = RedisStore.connect(old.uri())) {
            assertThat(strict.create(key, session(1))).isTrue();
            old.command("CONFIG", "SET", "min-replicas-to-write", "1");
            assertRefused(failure(() -> strict.create(key(), session(1))), "NOREPLICAS");
            // The store searches for another master and finds the same one again.
            awaitRefusal(strict, "NOREPLICAS");
            old.command("CONFIG", "SET", "min-replicas-to-write", "0");

            old.command("REPLICAOF", "127.0.0.1", "1");
            awaitRefusal(strict, "READONLY");
            old.command("REPLICAOF", "NO", "ONE");
            eventually("the store works again", () -> succeeds(() -> strict.load(key)));
            assertThat(strict.compareAndSet(key, 1, session(2))).isEqualTo(Outcome.DONE);
        }
    }

    private void awaitRefusal(RedisStore strict, String code) {
        eventually("changes are refused with " + code, () -> {
            StoreException e = failure(() -> strict.compareAndSet(key, 1, session(2)));
            // Until the store has disconnected, a call may still reach that server.
            return e.isNotDone() && String.valueOf(e.getMessage()).contains(code);
        });
    }

    private static void assertRefused(StoreException refusal, String code) {
        assertThat(refusal).hasMessageContaining(code).hasNoCause();
        assertThat(refusal.isNotDone()).isTrue();
    }
}
