package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.move.MovingStore;
import dev.sojourn.proof.site.SeparateIndexStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An index that lies apart from the records and forgets an entry when its time has come never hides a session. */
class IndexLifetimeTest {
    private final SettableClock clock = new SettableClock();
    private final SeparateIndexStore store = new SeparateIndexStore(clock);

    /** A browser that goes from one node to another. */
    private static final class Visitor {
        private Sessions node;
        private String token = "";

        Visitor(Sessions node) {
            this.node = node;
        }

        void goTo(Sessions another) {
            node = another;
        }

        void request(Consumer<Session> handler) {
            TestExchange exchange = token.isEmpty() ? new TestExchange("/") : new TestExchange("/", Site.cookie(token));
            exchange.serve(node, handler);
            if (!exchange.responseHeaders("Set-Cookie").isEmpty()) {
                token = exchange.token();
            }
        }
    }

    private Sessions sessions(SessionStore over, Consumer<Sessions.Config> options) {
        return Sessions.create(c -> {
            c.secret(Site.SECRET).clock(clock).store(over);
            options.accept(c);
        });
    }

    /** Comes back every so often. */
    private void isUsed(Visitor visitor, int days, Duration every) {
        Instant end = clock.instant().plus(Duration.ofDays(days));
        while (clock.instant().isBefore(end)) {
            clock.advance(every);
            visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        }
    }

    private static void isEndedByAnEndOfAll(Sessions sessions, Visitor visitor) {
        assertThat(sessions.of("alice").list()).hasSize(1);
        assertThat(sessions.of("alice").endAll()).isEqualTo(1);
        visitor.request(session -> assertThat(session.subject()).isNull());
    }

    @Test
    void a_session_without_an_absolute_end_is_found_after_it_was_read_for_533_days() {
        Sessions sessions =
                sessions(store, c -> c.idleTimeout(Duration.ofHours(20)).absoluteTimeout(Duration.ZERO));
        Visitor visitor = new Visitor(sessions);
        visitor.request(session -> session.login("alice"));
        isUsed(visitor, 533, Duration.ofHours(19));
        assertThat(store.enterCalls()).as("how often it was entered").isLessThan(2 + 540);
        isEndedByAnEndOfAll(sessions, visitor);
    }

    @Test
    void so_is_one_that_had_moved_from_another_store_before() {
        SettableClock time = clock;
        MemoryStore old = MemoryStore.builder().clock(time).build();
        Consumer<Sessions.Config> options =
                c -> c.idleTimeout(Duration.ofDays(60)).absoluteTimeout(Duration.ZERO);
        Sessions before = sessions(old, options);
        Visitor visitor = new Visitor(before);
        visitor.request(session -> session.login("alice"));
        clock.advance(Duration.ofDays(59));

        Sessions moving = sessions(MovingStore.from(old).to(store), options);
        visitor.goTo(moving);
        visitor.request(session -> session.set("a", 1));
        clock.advance(Duration.ofDays(59));
        Sessions after = sessions(store, options);
        visitor.goTo(after);
        visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        isUsed(visitor, 533, Duration.ofDays(45));
        isEndedByAnEndOfAll(after, visitor);
    }

    @Test
    void a_session_that_is_written_or_used_exclusively_is_found_as_long() {
        Sessions sessions = sessions(
                store,
                c -> c.idleTimeout(Duration.ofDays(3))
                        .absoluteTimeout(Duration.ZERO)
                        .exclusive("/"));
        Visitor visitor = new Visitor(sessions);
        visitor.request(session -> session.login("alice"));
        for (int i = 0; i < 200; i++) {
            int n = i;
            clock.advance(Duration.ofHours(70));
            visitor.request(session -> session.set("n", n));
        }
        isEndedByAnEndOfAll(sessions, visitor);
    }

    @Test
    void a_configuration_with_longer_timeouts_hides_no_session() {
        Visitor visitor = new Visitor(sessions(store, c -> {}));
        visitor.request(session -> session.login("alice"));
        clock.advance(Duration.ofMinutes(20));

        Sessions longer =
                sessions(store, c -> c.idleTimeout(Duration.ofDays(40)).absoluteTimeout(Duration.ofDays(900)));
        visitor.goTo(longer);
        visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        isUsed(visitor, 533, Duration.ofDays(39));
        isEndedByAnEndOfAll(longer, visitor);
    }

    @Test
    void so_does_one_that_puts_the_absolute_end_off_alone() {
        Consumer<Sessions.Config> noIdle = c -> c.idleTimeout(Duration.ZERO);
        Visitor visitor = new Visitor(sessions(store, noIdle.andThen(c -> c.absoluteTimeout(Duration.ofHours(12)))));
        visitor.request(session -> session.login("alice"));
        clock.advance(Duration.ofHours(11));

        Sessions longer = sessions(store, noIdle.andThen(c -> c.absoluteTimeout(Duration.ofDays(900))));
        visitor.goTo(longer);
        visitor.request(session -> session.set("n", 1));
        clock.advance(Duration.ofDays(533));
        visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        isEndedByAnEndOfAll(longer, visitor);
    }

    @Test
    void so_does_one_that_puts_off_an_absolute_end_which_has_passed() {
        Consumer<Sessions.Config> idle = c -> c.idleTimeout(Duration.ofDays(1));
        Visitor visitor = new Visitor(sessions(store, idle.andThen(c -> c.absoluteTimeout(Duration.ofDays(1)))));
        visitor.request(session -> session.login("alice"));
        clock.advance(Duration.ofHours(23));
        visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        clock.advance(Duration.ofHours(2));

        Sessions longer = sessions(store, idle.andThen(c -> c.absoluteTimeout(Duration.ofDays(900))));
        visitor.goTo(longer);
        assertThat(longer.of("alice").list()).hasSize(1);
        isEndedByAnEndOfAll(longer, visitor);
    }

    @Test
    void an_expired_session_takes_its_entry_along_when_its_client_comes_again() {
        Visitor visitor = new Visitor(sessions(store, c -> {}));
        visitor.request(session -> session.login("alice"));
        clock.advance(Duration.ofMinutes(31));
        assertThat(store.entries("alice")).hasSize(1);

        visitor.request(session -> assertThat(session.subject()).isNull());

        assertThat(store.entries("alice")).isEmpty();
    }

    @Test
    void a_session_of_half_a_day_is_entered_at_its_login_alone() {
        Visitor visitor = new Visitor(sessions(store, c -> {}));
        visitor.request(session -> session.login("alice"));
        for (int i = 0; i < 24; i++) {
            clock.advance(Duration.ofMinutes(29));
            visitor.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        }
        assertThat(store.enterCalls()).isEqualTo(2);
    }
}
