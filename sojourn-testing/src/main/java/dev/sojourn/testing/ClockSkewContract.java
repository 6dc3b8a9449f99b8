package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules for two nodes over one store if the clock of one node is wrong by hours, days or years: a single clock ends no
 * session, hides none, and extends none past the configured limits. The author of a store that has its own clock
 * ({@link SessionStore#storeClock}) extends this class and opens the store.
 */
public abstract class ClockSkewContract {
    private static final String SECRET = "the secret of these tests, which no application would use 4711";
    private static final List<Duration> AHEAD =
            List.of(Duration.ofHours(13), Duration.ofDays(30), Duration.ofDays(3_650));
    private static final int CLIENTS = 10;

    /** For subclasses. */
    protected ClockSkewContract() {}

    /**
     * Opens the store for one node. Both nodes of a test have the same records.
     *
     * @param clock the node's clock; the clock of the first node of each test is right
     * @return the store, closed after the test
     * @throws Exception if it cannot be opened
     */
    protected abstract SessionStore open(Clock clock) throws Exception;

    /** One rule, tested with two nodes. */
    private interface Rule {
        void test(Nodes nodes);
    }

    /** A node whose clock is right and a node whose clock is wrong. */
    private final class Nodes implements AutoCloseable {
        private final SettableClock rightClock = new SettableClock();
        private final SettableClock wrongClock = new SettableClock();
        private final boolean isAhead;
        private final List<SessionStore> stores = new ArrayList<>();
        private final Sessions rightNode;
        private final Sessions wrongNode;
        private final String user = "alice of " + System.nanoTime();

        Nodes(Duration offset) throws Exception {
            wrongClock.set(rightClock.instant().plus(offset));
            isAhead = !offset.isNegative();
            rightNode = node(rightClock);
            wrongNode = node(wrongClock);
        }

        private Sessions node(SettableClock clock) throws Exception {
            SessionStore store = open(clock);
            stores.add(store);
            return Sessions.create(c -> c.secret(SECRET).clock(clock).store(store));
        }

        void advance(Duration time) {
            rightClock.advance(time);
            wrongClock.advance(time);
        }

        @Override
        public void close() {
            stores.forEach(SessionStore::close);
        }
    }

    private Stream<DynamicTest> forEachOffset(Rule rule) {
        Stream<Duration> offsets = Stream.concat(AHEAD.stream(), AHEAD.stream().map(Duration::negated));
        return offsets.map(offset -> dynamicTest("wrong by " + offset, () -> {
            try (Nodes nodes = new Nodes(offset)) {
                rule.test(nodes);
            }
        }));
    }

    /** A client that sends its cookie to either node. */
    private static final class Client {
        private String token = "";
        private List<String> cookies = List.of();

        <T> @Nullable T get(Sessions node, Function<Session, @Nullable T> getter) {
            AtomicReference<@Nullable T> result = new AtomicReference<>();
            request(node, session -> result.set(getter.apply(session)));
            return result.get();
        }

        void request(Sessions node, Consumer<Session> handler) {
            TestExchange exchange =
                    token.isEmpty() ? new TestExchange("/") : new TestExchange("/", "Cookie: __Host-id=" + token);
            exchange.serve(node, handler);
            cookies = exchange.responseHeaders("Set-Cookie");
            if (!cookies.isEmpty()) {
                token = exchange.token();
            }
        }

        @Nullable
        String user(Sessions node) {
            return get(node, Session::subject);
        }
    }

    private static Client signIn(Sessions node, String user) {
        Client client = new Client();
        client.request(node, session -> session.login(user));
        return client;
    }

    @TestFactory
    final Stream<DynamicTest> a_node_with_a_wrong_clock_ends_no_session() {
        return forEachOffset(nodes -> {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Client client = new Client();
                client.request(nodes.rightNode, session -> session.set("a", "kept"));
                clients.add(client);
                clients.add(signIn(nodes.rightNode, nodes.user));
            }
            for (Client client : clients) {
                client.request(nodes.wrongNode, session -> session.get("a", String.class));
                assertEquals(List.of(), client.cookies, "no cookie is cleared");
            }
            nodes.wrongNode.sweep(1_000);
            nodes.wrongNode.of(nodes.user).list();
            nodes.advance(Duration.ofMinutes(29));
            for (int i = 0; i < clients.size(); i += 2) {
                assertEquals("kept", clients.get(i).get(nodes.rightNode, session -> session.get("a", String.class)));
                assertEquals(nodes.user, clients.get(i + 1).user(nodes.rightNode));
            }
            assertEquals(CLIENTS, nodes.rightNode.of(nodes.user).list().size());
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_session_from_a_node_with_a_wrong_clock_lasts_no_longer_than_configured() {
        return forEachOffset(nodes -> {
            Client active = signIn(nodes.wrongNode, nodes.user);
            Client idle = signIn(nodes.wrongNode, nodes.user);
            assertEquals(nodes.user, active.user(nodes.wrongNode), "it works at the node where it started");
            if (!nodes.isAhead) {
                assertNull(active.user(nodes.rightNode), "it has ended by the right clock and by the store's clock");
                return;
            }
            assertEquals(nodes.user, active.user(nodes.rightNode));
            assertEquals(nodes.user, idle.user(nodes.rightNode));
            for (int i = 0; i < 24; i++) {
                nodes.advance(Duration.ofMinutes(29));
                assertEquals(nodes.user, active.user(nodes.rightNode), "within twelve hours");
            }
            assertNull(idle.user(nodes.rightNode), "idle for more than half an hour");
            nodes.advance(Duration.ofMinutes(29));
            assertNull(active.user(nodes.rightNode), "after twelve hours");
        });
    }

    @TestFactory
    final Stream<DynamicTest> end_all_on_either_node_ends_the_sessions_of_both() {
        return forEachOffset(nodes -> {
            for (Sessions ending : List.of(nodes.rightNode, nodes.wrongNode)) {
                List<Client> clients = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    clients.add(signIn(nodes.rightNode, nodes.user));
                    clients.add(signIn(nodes.wrongNode, nodes.user));
                }
                ending.of(nodes.user).endAll();
                for (Client client : clients) {
                    assertNull(client.user(nodes.wrongNode));
                    assertNull(client.user(nodes.rightNode));
                }
            }
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_login_at_a_node_with_a_wrong_clock_hides_no_session_of_the_other_node() {
        return forEachOffset(nodes -> {
            Client client = signIn(nodes.rightNode, nodes.user);
            String publicId = client.get(nodes.rightNode, Session::publicId);
            signIn(nodes.wrongNode, nodes.user);
            for (Sessions node : List.of(nodes.rightNode, nodes.wrongNode)) {
                assertEquals(
                        1,
                        node.of(nodes.user).list().stream()
                                .filter(each -> each.publicId().equals(publicId))
                                .count());
            }
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_lease_that_a_node_with_a_wrong_clock_never_releases_blocks_no_request_for_hours() {
        return forEachOffset(nodes -> {
            Client client = signIn(nodes.rightNode, nodes.user);
            if (nodes.isAhead) {
                client = signIn(nodes.wrongNode, nodes.user);
            }
            TestExchange abandoned = new TestExchange("/", "Cookie: __Host-id=" + client.token);
            nodes.wrongNode.open(abandoned).session().exclusive();
            nodes.advance(Duration.ofSeconds(31));
            client.request(nodes.rightNode, session -> {
                session.exclusive();
                session.set("a", "written");
            });
            assertEquals("written", client.get(nodes.rightNode, session -> session.get("a", String.class)));
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_clock_that_was_wrong_for_a_moment_changes_nothing() {
        return forEachOffset(nodes -> {
            Client client = signIn(nodes.rightNode, nodes.user);
            client.user(nodes.wrongNode);
            client.request(nodes.wrongNode, session -> session.get("a", String.class));
            nodes.wrongNode.sweep(1_000);
            nodes.wrongClock.set(nodes.rightClock.instant());
            assertEquals(nodes.user, client.user(nodes.wrongNode));
        });
    }
}
