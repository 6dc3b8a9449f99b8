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
 * Two nodes over one store, and the clock of one of them is wrong by hours, days or years: one clock's word ends no session,
 * hides none and makes none last longer than the configuration allows. The author of a store that tells its own time
 * ({@link SessionStore#storeClock}) extends this class and says how to make one.
 */
public abstract class ClockSkewContract {
    private static final String SECRET = "the secret of these tests, which no application would use 4711";
    private static final List<Duration> AHEAD =
            List.of(Duration.ofHours(13), Duration.ofDays(30), Duration.ofDays(3_650));
    private static final int VISITORS = 10;

    /** For subclasses. */
    protected ClockSkewContract() {}

    /**
     * Opens the store as one node has it.
     *
     * @param clock the node's clock; that of the first node of each test is right
     * @return the store, closed after the test
     * @throws Exception if it cannot be made
     */
    protected abstract SessionStore open(Clock clock) throws Exception;

    /** What is tried with two nodes. */
    private interface Trial {
        void with(Nodes nodes);
    }

    private final class Nodes implements AutoCloseable {
        private final SettableClock right = new SettableClock();
        private final SettableClock wrong = new SettableClock();
        private final boolean isAhead;
        private final List<SessionStore> stores = new ArrayList<>();
        private final Sessions sound;
        private final Sessions odd;
        private final String user = "alice of " + System.nanoTime();

        Nodes(Duration offset) throws Exception {
            wrong.set(right.instant().plus(offset));
            isAhead = !offset.isNegative();
            sound = node(right);
            odd = node(wrong);
        }

        private Sessions node(SettableClock clock) throws Exception {
            SessionStore store = open(clock);
            stores.add(store);
            return Sessions.create(c -> c.secret(SECRET).clock(clock).store(store));
        }

        void pass(Duration time) {
            right.advance(time);
            wrong.advance(time);
        }

        @Override
        public void close() {
            stores.forEach(SessionStore::close);
        }
    }

    private Stream<DynamicTest> tried(Trial trial) {
        Stream<Duration> offsets = Stream.concat(AHEAD.stream(), AHEAD.stream().map(Duration::negated));
        return offsets.map(offset -> dynamicTest("wrong by " + offset, () -> {
            try (Nodes nodes = new Nodes(offset)) {
                trial.with(nodes);
            }
        }));
    }

    /** A client with a cookie that goes from node to node. */
    private static final class Client {
        private String token = "";
        private List<String> cookies = List.of();

        <T> @Nullable T ask(Sessions node, Function<Session, @Nullable T> question) {
            AtomicReference<@Nullable T> answer = new AtomicReference<>();
            visit(node, session -> answer.set(question.apply(session)));
            return answer.get();
        }

        void visit(Sessions node, Consumer<Session> handler) {
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
            return ask(node, Session::subject);
        }
    }

    private static Client signedIn(Sessions node, String user) {
        Client client = new Client();
        client.visit(node, session -> session.login(user));
        return client;
    }

    @TestFactory
    final Stream<DynamicTest> a_node_whose_clock_is_wrong_ends_none_of_the_sessions_that_it_meets() {
        return tried(nodes -> {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < VISITORS; i++) {
                Client client = new Client();
                client.visit(nodes.sound, session -> session.set("a", "kept"));
                clients.add(client);
                clients.add(signedIn(nodes.sound, nodes.user));
            }
            for (Client client : clients) {
                client.visit(nodes.odd, session -> session.get("a", String.class));
                assertEquals(List.of(), client.cookies, "no cookie is taken away");
            }
            nodes.odd.sweep(1_000);
            nodes.odd.of(nodes.user).list();
            nodes.pass(Duration.ofMinutes(29));
            for (int i = 0; i < clients.size(); i += 2) {
                assertEquals("kept", clients.get(i).ask(nodes.sound, session -> session.get("a", String.class)));
                assertEquals(nodes.user, clients.get(i + 1).user(nodes.sound));
            }
            assertEquals(VISITORS, nodes.sound.of(nodes.user).list().size());
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_session_that_begins_there_lasts_no_longer_than_the_configuration_allows() {
        return tried(nodes -> {
            Client used = signedIn(nodes.odd, nodes.user);
            Client left = signedIn(nodes.odd, nodes.user);
            assertEquals(nodes.user, used.user(nodes.odd), "it works where it began");
            if (!nodes.isAhead) {
                assertNull(used.user(nodes.sound), "it has ended by the right clock and by the store's");
                return;
            }
            assertEquals(nodes.user, used.user(nodes.sound));
            assertEquals(nodes.user, left.user(nodes.sound));
            for (int i = 0; i < 24; i++) {
                nodes.pass(Duration.ofMinutes(29));
                assertEquals(nodes.user, used.user(nodes.sound), "in the first twelve hours");
            }
            assertNull(left.user(nodes.sound), "idle for more than half an hour");
            nodes.pass(Duration.ofMinutes(29));
            assertNull(used.user(nodes.sound), "after twelve hours");
        });
    }

    @TestFactory
    final Stream<DynamicTest> an_end_of_all_on_either_node_ends_the_sessions_of_both() {
        return tried(nodes -> {
            for (Sessions ending : List.of(nodes.sound, nodes.odd)) {
                List<Client> clients = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    clients.add(signedIn(nodes.sound, nodes.user));
                    clients.add(signedIn(nodes.odd, nodes.user));
                }
                ending.of(nodes.user).endAll();
                for (Client client : clients) {
                    assertNull(client.user(nodes.odd));
                    assertNull(client.user(nodes.sound));
                }
            }
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_login_there_hides_no_session_of_the_other_node() {
        return tried(nodes -> {
            Client client = signedIn(nodes.sound, nodes.user);
            String handle = client.ask(nodes.sound, Session::publicId);
            signedIn(nodes.odd, nodes.user);
            for (Sessions node : List.of(nodes.sound, nodes.odd)) {
                assertEquals(
                        1,
                        node.of(nodes.user).list().stream()
                                .filter(each -> each.publicId().equals(handle))
                                .count());
            }
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_lease_that_was_taken_there_and_never_given_back_keeps_no_request_waiting_for_hours() {
        return tried(nodes -> {
            Client client = signedIn(nodes.sound, nodes.user);
            if (nodes.isAhead) {
                client = signedIn(nodes.odd, nodes.user);
            }
            TestExchange dying = new TestExchange("/", "Cookie: __Host-id=" + client.token);
            nodes.odd.open(dying).session().exclusive();
            nodes.pass(Duration.ofSeconds(31));
            client.visit(nodes.sound, session -> {
                session.exclusive();
                session.set("a", "written");
            });
            assertEquals("written", client.ask(nodes.sound, session -> session.get("a", String.class)));
        });
    }

    @TestFactory
    final Stream<DynamicTest> a_clock_that_was_wrong_for_a_moment_has_changed_nothing() {
        return tried(nodes -> {
            Client client = signedIn(nodes.sound, nodes.user);
            client.user(nodes.odd);
            client.visit(nodes.odd, session -> session.get("a", String.class));
            nodes.odd.sweep(1_000);
            nodes.wrong.set(nodes.right.instant());
            assertEquals(nodes.user, client.user(nodes.odd));
        });
    }
}
