package dev.sojourn.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.DeviceAddress;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The memory that a session takes, as the server reports it for 20,000 sessions of the engine. The test server uses the C
 * library's allocator. With jemalloc, which distributions use, a session takes 13 to 28 bytes less. The connection's buffers
 * account for a few bytes of difference.
 */
class SessionSizeTest {
    private static final int COUNT = 20_000;
    private static final int CLIENTS = 8;
    private static final RedisServer SERVER = RedisServer.start7();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void the_lab_session_takes_at_most_320_bytes() throws Exception {
        assertThat(bytesPerSession(RedisStore.builder(), COUNT, COUNT, (session, i) -> seed(session, "user" + i)))
                .isLessThanOrEqualTo(320);
    }

    @Test
    void a_session_with_a_user_name_of_ten_characters_takes_at_most_320_bytes() throws Exception {
        assertThat(bytesPerSession(
                        RedisStore.builder(), COUNT, COUNT, (session, i) -> seed(session, "user" + (100_000 + i))))
                .isLessThanOrEqualTo(320);
    }

    @Test
    void the_sweep_adds_an_entry_for_each_session() throws Exception {
        assertThat(bytesPerSession(
                        RedisStore.builder().expirySweep(),
                        COUNT + 1,
                        COUNT + KeyLayout.TAGS,
                        (session, i) -> seed(session, "user" + i)))
                .isBetween(321L, 400L);
    }

    @Test
    void each_session_of_a_user_with_three_takes_at_most_440_bytes() throws Exception {
        int keys = COUNT + (COUNT + 2) / 3;
        assertThat(bytesPerSession(RedisStore.builder(), keys, keys, (session, i) -> seedAndLogIn(session, i / 3)))
                .isBetween(321L, 440L);
    }

    @Test
    void the_only_session_of_a_user_takes_at_most_560_bytes() throws Exception {
        int keys = 2 * COUNT;
        assertThat(bytesPerSession(RedisStore.builder(), keys, keys, SessionSizeTest::seedAndLogIn))
                .isBetween(441L, 560L);
    }

    /** Creates the sessions, checks the number of keys, and returns the bytes per session. */
    private static long bytesPerSession(
            RedisStore.Builder builder, long least, long most, BiConsumer<Session, Integer> handler) throws Exception {
        try (RedisStore store = builder.uri(SERVER.uri()).build()) {
            Sessions sessions = Sessions.create(c -> c.secret("a secret that is long enough for tests")
                    .store(store)
                    .deviceAddress(DeviceAddress.NONE));
            // The memory of connections and scripts is not counted.
            createSessions(sessions, handler, CLIENTS);
            SERVER.command("FLUSHALL");
            long before = SERVER.usedMemory();
            createSessions(sessions, handler, COUNT);
            assertThat((Long) SERVER.command("DBSIZE")).isBetween(least, most);
            long each = (SERVER.usedMemory() - before) / COUNT;
            System.getLogger("measured").log(System.Logger.Level.INFO, "bytes per session: " + each);
            return each;
        }
    }

    private static void createSessions(Sessions sessions, BiConsumer<Session, Integer> handler, int count)
            throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int part = 0; part < CLIENTS; part++) {
                int first = part;
                parts.add(clients.submit(() -> {
                    for (int i = first; i < count; i += CLIENTS) {
                        int number = i;
                        new TestClient(sessions).request(session -> handler.accept(session, number));
                    }
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } finally {
            clients.shutdown();
        }
    }

    private static void seedAndLogIn(Session session, int user) {
        seed(session, "user" + user);
        session.login("user" + user);
    }

    private static void seed(Session session, String user) {
        session.set("user", user);
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
    }
}
