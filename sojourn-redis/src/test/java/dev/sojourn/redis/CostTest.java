package dev.sojourn.redis;

import static dev.sojourn.redis.Fixtures.in;
import static dev.sojourn.redis.Fixtures.key;
import static dev.sojourn.redis.Fixtures.session;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.TestClient;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the cost of each call, as the server counts it. One command of a client is one round trip. */
@ExtendWith(SharedServers.class)
class CostTest {
    private static final RedisServer SERVER = SharedServers.redis7();
    private static final RedisStore STORE = loadScripts(RedisStore.connect(SERVER.uri()));
    private static final RedisStore SWEEPING = loadScripts(RedisStore.builder()
            .uri(SERVER.uri())
            .keyPrefix("swept:")
            .expirySweep()
            .build());

    @AfterAll
    static void stop() {
        STORE.close();
        SWEEPING.close();
    }

    /** Runs each script once, so that the server has it. */
    private static RedisStore loadScripts(RedisStore store) {
        StoreKey key = key();
        store.create(key, session(1));
        store.compareAndSet(key, 1, session(2));
        store.touch(key, 2, 3, in(60));
        store.delete(key, 3);
        UserIndex index = store.userIndex().orElseThrow();
        index.enter("loadScripts", key, in(60));
        index.find("loadScripts", null, 1).forEach(entry -> index.drop("loadScripts", entry));
        return store;
    }

    private static CommandCounts count(Runnable work) {
        return CommandCounts.of(SERVER, work);
    }

    private static StoreKey createRecord(RedisStore store) {
        StoreKey key = key();
        assertThat(store.create(key, session(1))).isTrue();
        return key;
    }

    @Test
    void a_read_is_one_get() {
        StoreKey key = createRecord(STORE);
        CommandCounts counts = count(() -> STORE.load(key));
        assertThat(counts.byClients()).containsExactly("get");
        assertThat(counts.inScripts()).isEmpty();
    }

    @Test
    void a_new_session_is_one_set() {
        CommandCounts counts = count(() -> createRecord(STORE));
        assertThat(counts.byClients()).containsExactly("set");
        assertThat(counts.inScripts()).isEmpty();
    }

    @Test
    void a_write_is_one_script_of_two_commands() {
        StoreKey key = createRecord(STORE);
        CommandCounts counts = count(() -> STORE.compareAndSet(key, 1, session(2)));
        assertThat(counts.byClients()).containsExactly("evalsha");
        assertThat(counts.inScripts()).containsExactly("getrange", "set");
    }

    @Test
    void a_lost_write_returns_the_current_record_in_the_same_round_trip() {
        StoreKey key = createRecord(STORE);
        CommandCounts counts = count(() -> STORE.compareAndSet(key, 7, session(2)));
        assertThat(counts.byClients()).containsExactly("evalsha");
        assertThat(counts.inScripts()).containsExactly("getrange", "get");
    }

    @Test
    void a_touch_is_one_script_of_three_commands_that_does_not_move_the_payload() {
        StoreKey key = createRecord(STORE);
        CommandCounts counts = count(() -> STORE.touch(key, 1, 2, in(60)));
        assertThat(counts.byClients()).containsExactly("evalsha");
        assertThat(counts.inScripts()).containsExactly("getrange", "setrange", "pexpire");
    }

    @Test
    void a_delete_is_one_script_of_two_commands() {
        StoreKey key = createRecord(STORE);
        CommandCounts counts = count(() -> STORE.delete(key, 1));
        assertThat(counts.byClients()).containsExactly("evalsha");
        assertThat(counts.inScripts()).containsExactly("getrange", "del");
    }

    @Test
    void every_call_of_the_user_index_is_one_command() {
        UserIndex index = STORE.userIndex().orElseThrow();
        StoreKey key = key();
        CommandCounts entered = count(() -> index.enter("alice", key, in(600)));
        assertThat(entered.byClients()).containsExactly("evalsha");
        assertThat(entered.inScripts())
                .containsExactly("time", "zadd", "zremrangebyscore", "zrevrange", "pexpireat", "get");

        CommandCounts found = count(() -> index.find("alice", null, 100));
        assertThat(found.byClients()).containsExactly("evalsha");
        assertThat(found.inScripts()).containsExactly("zrange");

        UserIndex.Entry entry = index.find("alice", null, 100).get(0);
        CommandCounts next = count(() -> index.find("alice", entry, 100));
        assertThat(next.byClients()).containsExactly("evalsha");
        assertThat(count(() -> index.drop("alice", entry)).byClients()).containsExactly("evalsha");
        assertThat(count(() -> index.removeKey("alice", key)).byClients()).containsExactly("zrem");
        assertThat(count(() -> index.advanceEpoch("alice", in(600))).byClients())
                .containsExactly("set");
    }

    @Test
    void the_sweep_costs_commands_inside_scripts_but_no_round_trip() {
        StoreKey key = key();
        CommandCounts created = count(() -> SWEEPING.create(key, session(1)));
        assertThat(created.byClients()).containsExactly("evalsha");
        assertThat(created.inScripts()).containsExactly("set", "zadd", "zrevrange", "pexpireat");

        CommandCounts replaced = count(() -> SWEEPING.compareAndSet(key, 1, session(2)));
        assertThat(replaced.byClients()).containsExactly("evalsha");
        assertThat(replaced.inScripts()).containsExactly("getrange", "set", "zadd", "zrevrange", "pexpireat");

        assertThat(count(() -> SWEEPING.load(key)).byClients()).containsExactly("get");
        CommandCounts deleted = count(() -> SWEEPING.delete(key, 2));
        assertThat(deleted.byClients()).containsExactly("evalsha");
        assertThat(deleted.inScripts()).containsExactly("getrange", "zrem", "del");
    }

    @Test
    void a_script_missing_on_the_server_costs_one_more_round_trip_once() {
        StoreKey key = createRecord(STORE);
        SERVER.command("SCRIPT", "FLUSH");
        CommandCounts first = count(() -> STORE.compareAndSet(key, 1, session(2)));
        assertThat(first.byClients()).containsExactly("evalsha", "eval");
        assertThat(first.inScripts()).containsExactly("getrange", "set");

        assertThat(count(() -> STORE.compareAndSet(key, 2, session(3))).byClients())
                .containsExactly("evalsha");
        loadScripts(STORE);
        loadScripts(SWEEPING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "6.2", "Cluster"})
    void each_request_costs_the_documented_commands(String deployment) {
        boolean cluster = deployment.equals("Cluster");
        List<RedisServer> servers =
                cluster ? SharedServers.cluster().nodes() : List.of(SharedServers.redis(deployment));
        try (RedisStore store = RedisStore.connect(
                cluster ? SharedServers.cluster().uri() : servers.get(0).uri())) {
            prepare(store, servers);
            Sessions sessions = Sessions.create(
                    c -> c.secret("a secret that is long enough for tests").store(store));
            TestClient client = new TestClient(sessions);
            Function<Consumer<Session>, List<String>> commands = handler ->
                    CommandCounts.of(servers, () -> client.request(handler)).byClients();
            assertThat(commands.apply(s -> {})).isEmpty();
            assertThat(commands.apply(s -> s.set("views", 1))).containsExactly("set");
            assertThat(commands.apply(s -> s.get("views", Integer.class))).containsExactly("get");
            assertThat(commands.apply(s -> s.set("views", 2))).containsExactly("get", "evalsha");
            assertThat(commands.apply(s -> s.login("alice")))
                    .containsExactly("get", "evalsha", "set", "evalsha", "evalsha");
            assertThat(commands.apply(Session::changeId))
                    .containsExactly("get", "evalsha", "set", "evalsha", "evalsha", "zrem");
            assertThat(commands.apply(Session::destroy)).containsExactly("get", "evalsha", "zrem");
            assertThat(commands.apply(s -> s.set("views", 1))).containsExactly("set");
            assertThat(commands.apply(Session::destroy)).containsExactly("get", "evalsha");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "6.2", "Cluster"})
    void a_thousand_replaced_ids_add_no_cost_to_list_and_end_all(String deployment) {
        boolean cluster = deployment.equals("Cluster");
        List<RedisServer> servers =
                cluster ? SharedServers.cluster().nodes() : List.of(SharedServers.redis(deployment));
        try (RedisStore store = RedisStore.connect(
                cluster ? SharedServers.cluster().uri() : servers.get(0).uri())) {
            prepare(store, servers);
            Sessions sessions = Sessions.create(
                    c -> c.secret("a secret that is long enough for tests").store(store));
            String user = "replaced ids in " + deployment;
            TestClient client = new TestClient(sessions);
            client.request(s -> s.login(user));
            for (int i = 0; i < 350; i++) {
                client.request(Session::changeId);
                client.request(s -> s.login(user));
                client.request(Session::destroy);
                client.request(s -> s.login(user));
            }
            assertThat(commands(
                            servers, () -> assertThat(sessions.of(user).list()).hasSize(1)))
                    .isLessThanOrEqualTo(4 + 3);
            assertThat(commands(
                            servers,
                            () -> assertThat(sessions.of(user).endAll()).isEqualTo(1)))
                    .isLessThanOrEqualTo(4 + 3);
        }
    }

    private static int commands(List<RedisServer> servers, Runnable work) {
        return CommandCounts.of(servers, work).byClients().size();
    }

    /** Opens a connection to each server and loads the scripts. */
    private static void prepare(RedisStore store, List<RedisServer> servers) {
        for (RedisServer server : servers) {
            for (Script script : Script.values()) {
                server.command("SCRIPT", "LOAD", new String(script.text(), US_ASCII));
            }
            server.resetStats();
            while (server.calls("get") == 0) {
                store.load(key());
            }
        }
    }
}
