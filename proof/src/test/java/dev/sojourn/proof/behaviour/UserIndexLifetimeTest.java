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

/** A user index that is separate from the records and drops entries when they expire never hides a session. */
class UserIndexLifetimeTest {
    private final SettableClock clock = new SettableClock();
    private final SeparateIndexStore store = new SeparateIndexStore(clock);

    /** A browser that changes from one node to another. */
    private static final class Browser {
        private Sessions node;
        private String token = "";

        Browser(Sessions node) {
            this.node = node;
        }

        void changeTo(Sessions another) {
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

    /** Sends a request at this interval. */
    private void sendRequests(Browser browser, int days, Duration every) {
        Instant end = clock.instant().plus(Duration.ofDays(days));
        while (clock.instant().isBefore(end)) {
            clock.advance(every);
            browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        }
    }

    private static void assertEndAllEnds(Sessions sessions, Browser browser) {
        assertThat(sessions.of("alice").list()).hasSize(1);
        assertThat(sessions.of("alice").endAll()).isEqualTo(1);
        browser.request(session -> assertThat(session.subject()).isNull());
    }

    @Test
    void a_session_without_an_absolute_timeout_is_found_after_533_days_of_reads() {
        Sessions sessions =
                sessions(store, c -> c.idleTimeout(Duration.ofHours(20)).absoluteTimeout(Duration.ZERO));
        Browser browser = new Browser(sessions);
        browser.request(session -> session.login("alice"));
        sendRequests(browser, 533, Duration.ofHours(19));
        assertThat(store.enterCalls()).as("number of enter calls").isLessThan(2 + 540);
        assertEndAllEnds(sessions, browser);
    }

    @Test
    void a_session_that_moved_from_another_store_is_found_after_533_days() {
        SettableClock time = clock;
        MemoryStore old = MemoryStore.builder().clock(time).build();
        Consumer<Sessions.Config> options =
                c -> c.idleTimeout(Duration.ofDays(60)).absoluteTimeout(Duration.ZERO);
        Sessions before = sessions(old, options);
        Browser browser = new Browser(before);
        browser.request(session -> session.login("alice"));
        clock.advance(Duration.ofDays(59));

        Sessions moving = sessions(MovingStore.from(old).to(store), options);
        browser.changeTo(moving);
        browser.request(session -> session.set("a", 1));
        clock.advance(Duration.ofDays(59));
        Sessions after = sessions(store, options);
        browser.changeTo(after);
        browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        sendRequests(browser, 533, Duration.ofDays(45));
        assertEndAllEnds(after, browser);
    }

    @Test
    void a_session_that_is_written_exclusively_is_found_as_long_as_it_lives() {
        Sessions sessions = sessions(
                store,
                c -> c.idleTimeout(Duration.ofDays(3))
                        .absoluteTimeout(Duration.ZERO)
                        .exclusive("/"));
        Browser browser = new Browser(sessions);
        browser.request(session -> session.login("alice"));
        for (int i = 0; i < 200; i++) {
            int n = i;
            clock.advance(Duration.ofHours(70));
            browser.request(session -> session.set("n", n));
        }
        assertEndAllEnds(sessions, browser);
    }

    @Test
    void longer_timeouts_in_a_new_configuration_hide_no_session() {
        Browser browser = new Browser(sessions(store, c -> {}));
        browser.request(session -> session.login("alice"));
        clock.advance(Duration.ofMinutes(20));

        Sessions longer =
                sessions(store, c -> c.idleTimeout(Duration.ofDays(40)).absoluteTimeout(Duration.ofDays(900)));
        browser.changeTo(longer);
        browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        sendRequests(browser, 533, Duration.ofDays(39));
        assertEndAllEnds(longer, browser);
    }

    @Test
    void a_longer_absolute_timeout_alone_hides_no_session() {
        Consumer<Sessions.Config> noIdle = c -> c.idleTimeout(Duration.ZERO);
        Browser browser = new Browser(sessions(store, noIdle.andThen(c -> c.absoluteTimeout(Duration.ofHours(12)))));
        browser.request(session -> session.login("alice"));
        clock.advance(Duration.ofHours(11));

        Sessions longer = sessions(store, noIdle.andThen(c -> c.absoluteTimeout(Duration.ofDays(900))));
        browser.changeTo(longer);
        browser.request(session -> session.set("n", 1));
        clock.advance(Duration.ofDays(533));
        browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        assertEndAllEnds(longer, browser);
    }

    @Test
    void a_longer_absolute_timeout_hides_no_session_past_its_former_one() {
        Consumer<Sessions.Config> idle = c -> c.idleTimeout(Duration.ofDays(1));
        Browser browser = new Browser(sessions(store, idle.andThen(c -> c.absoluteTimeout(Duration.ofDays(1)))));
        browser.request(session -> session.login("alice"));
        clock.advance(Duration.ofHours(23));
        browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        clock.advance(Duration.ofHours(2));

        Sessions longer = sessions(store, idle.andThen(c -> c.absoluteTimeout(Duration.ofDays(900))));
        browser.changeTo(longer);
        assertThat(longer.of("alice").list()).hasSize(1);
        assertEndAllEnds(longer, browser);
    }

    @Test
    void the_entry_of_an_expired_session_is_removed_when_its_client_returns() {
        Browser browser = new Browser(sessions(store, c -> {}));
        browser.request(session -> session.login("alice"));
        clock.advance(Duration.ofMinutes(31));
        assertThat(store.entries("alice")).hasSize(1);

        browser.request(session -> assertThat(session.subject()).isNull());

        assertThat(store.entries("alice")).isEmpty();
    }

    @Test
    void a_session_of_half_a_day_is_entered_only_at_its_login() {
        Browser browser = new Browser(sessions(store, c -> {}));
        browser.request(session -> session.login("alice"));
        for (int i = 0; i < 24; i++) {
            clock.advance(Duration.ofMinutes(29));
            browser.request(session -> assertThat(session.subject()).isEqualTo("alice"));
        }
        assertThat(store.enterCalls()).isEqualTo(2);
    }
}
