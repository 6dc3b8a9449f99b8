package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CookieLifetime;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The scope of a request with a sealed session: commits, what comes too late, and what may block. */
class SealedScopeTest {
    /** So long that no test is slow enough to let the monotonic clock reach half of it. */
    private static final Duration LONG_DELAY = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock();
    private final SpyStore revoked =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private static SealedSite site() {
        return new SealedSite(c -> {});
    }

    /** Returns one of several nodes with revocations. */
    private SealedSite node() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        return new SealedSite(clock, c -> c.revocations(revocations));
    }

    // ---- after the head

    @Test
    void a_change_after_the_head_throws_at_the_call() {
        try (SealedSite site = site()) {
            List<String> refused = new ArrayList<>();
            site.addPage("/late", (session, exchange) -> {
                session.get("a", String.class);
                exchange.sendResponseHeaders(200, 0);
                List<Runnable> changes = List.of(
                        () -> session.set("a", "late"),
                        () -> session.remove("a"),
                        session::clear,
                        session::touch,
                        session::destroy,
                        session::regenerate,
                        () -> session.login("alice"),
                        () -> session.idleTimeout(Duration.ofMinutes(1)),
                        () -> session.cookie().lifetime(CookieLifetime.session()));
                for (Runnable change : changes) {
                    try {
                        change.run();
                        refused.add("accepted");
                    } catch (IllegalStateException e) {
                        refused.add("refused");
                    }
                }
                exchange.getResponseBody()
                        .write(String.valueOf(session.get("a", String.class)).getBytes(StandardCharsets.UTF_8));
                exchange.close();
                return null;
            });
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/late");

            assertThat(refused).hasSize(9).containsOnly("refused");
            assertThat(response.body()).contains("x");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.listener().names()).doesNotContain("lateChangeLost");
        }
    }

    @Test
    void a_value_that_is_changed_in_place_after_the_head_is_reported_as_lost() {
        try (SealedSite site = site()) {
            site.addPage("/late", (session, exchange) -> {
                List<String> list = new ArrayList<>();
                session.set("list", list);
                exchange.sendResponseHeaders(200, -1);
                list.add("late");
                exchange.close();
                return null;
            });

            site.get("/late");

            assertThat(site.listener().names()).containsExactly("created", "lateChangeLost");
        }
    }

    @Test
    void a_commit_can_be_repeated_before_the_head() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                scope.sealed().set("a", "one");
                assertThat(scope.hasPendingToken()).isTrue();
                scope.commit();
                assertThat(scope.hasPendingToken()).isFalse();
                scope.sealed().set("a", "two");
                scope.commit();
            }

            assertThat(site.getAs(exchange.token(), "/read").body()).isEqualTo("two");
            assertThat(exchange.responseHeaders("Vary")).containsExactly("Cookie");
        }
    }

    @Test
    void the_next_scope_of_a_request_goes_on_with_the_session_of_the_first() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            SessionScope first = site.sessions().open(exchange);
            first.sealed().set("a", "one");
            first.commit();
            exchange.setResponseHeaders("Set-Cookie", List.of());
            try (SessionScope next = first.next()) {
                assertThat(next.sealed().get("a", String.class)).isEqualTo("one");
                next.commit();
            }

            assertThat(site.getAs(exchange.token(), "/read").body()).isEqualTo("one");
        }
    }

    @Test
    void a_begun_session_is_sealed_although_nothing_is_in_it() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                scope.begin();
                scope.commit();
            }

            TestExchange again = new TestExchange("/", Site.cookie(exchange.token()));
            try (SessionScope scope = site.sessions().open(again)) {
                assertThat(scope.tokenPublicId()).hasValue(scope.sealed().publicId());
                assertThat(scope.sealed().isNew()).isFalse();
            }
        }
    }

    @Test
    void a_handler_that_fails_keeps_what_it_had_changed_as_with_sessions_in_a_store() {
        try (SealedSite site = site();
                Site stored = new Site()) {
            site.addPage("/fail", (session, exchange) -> {
                session.set("a", "y");
                throw new IllegalArgumentException("a handler's own failure");
            });
            stored.addPage("/fail", (session, exchange) -> {
                session.set("a", "y");
                throw new IllegalArgumentException("a handler's own failure");
            });

            RawResponse failed = site.get("/fail");
            RawResponse model = stored.get("/fail");

            assertThat(failed.status()).isEqualTo(model.status());
            assertThat(failed.cookies()).hasSameSizeAs(model.cookies());
        }
    }

    // ---- another kind

    @Test
    void asking_for_a_session_in_a_store_names_what_is_mounted() {
        try (SealedSite site = site()) {
            SessionScope scope = site.sessions().open(new TestExchange("/"));

            assertThatThrownBy(scope::session)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SealedSessions")
                    .hasMessageContaining("Sojourn.sealed");
            assertThat(scope.view()).isSameAs(scope.sealed());
        }
    }

    @Test
    void after_its_request_a_session_cannot_be_used() {
        try (SealedSite site = site()) {
            SessionScope scope = site.sessions().open(new TestExchange("/"));
            var session = scope.sealed();
            scope.close();

            assertThatThrownBy(() -> session.get("a", String.class))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("request has ended");
        }
    }

    // ---- threads and types

    @Test
    void the_first_use_and_a_login_may_block_if_ended_sessions_are_looked_up() {
        try (SealedSite site = node()) {
            String text = site.get("/set?x").token();
            List<String> checks = new ArrayList<>();
            try (SessionScope scope = site.sessions().open(new TestExchange("/", Site.cookie(text)))) {
                scope.setBlockingCheck(() -> checks.add("checked"));
                assertThat(scope.viewMayBlock()).isTrue();
                assertThat(scope.mayBlock()).isFalse();
                assertThat(scope.sealed().get("a", String.class)).isEqualTo("x");
                assertThat(checks).hasSize(1);
                assertThat(scope.viewMayBlock()).isFalse();
                scope.sealed().set("a", "y");
                assertThat(scope.mayBlock()).isFalse();
                assertThat(checks).hasSize(1);
                scope.sealed().login("alice");
                assertThat(checks).hasSize(2);
                assertThat(scope.mayBlock()).isTrue();
                scope.commit();
                assertThat(scope.mayBlock()).isFalse();
            }
        }
    }

    @Test
    void only_the_request_that_has_to_read_the_list_of_revocations_blocks() {
        try (SealedSite site = nodeWithLongDelay();
                SealedSite other = nodeWithLongDelay()) {
            String text = site.get("/login?alice").token();
            assertThat(site.get("/subject", Site.cookie(text)).body()).isEqualTo("alice");
            Runnable eventLoop = () -> {
                throw new IllegalStateException("an event loop must not wait");
            };

            try (SessionScope scope = site.sessions().open(new TestExchange("/", Site.cookie(text)))) {
                scope.setBlockingCheck(eventLoop);
                assertThat(scope.viewMayBlock()).isFalse();
                assertThat(scope.isRefreshDue()).isFalse();
                assertThat(scope.sealed().subject()).isEqualTo("alice");
            }
            other.get("/logout", Site.cookie(text));
            try (SessionScope scope = site.sessions().open(new TestExchange("/", Site.cookie(text)))) {
                scope.setBlockingCheck(eventLoop);
                assertThat(scope.viewMayBlock()).isFalse();
                clock.advance(LONG_DELAY.dividedBy(2).plusMillis(1));
                assertThatThrownBy(scope::loadView).hasMessage("an event loop must not wait");
                scope.setBlockingCheck(() -> {});
                assertThat(scope.isRefreshDue()).isTrue();
                assertThat(scope.sealed().subject()).isNull();
                assertThat(scope.isRefreshDue()).isFalse();
            }
            try (SessionScope scope = site.sessions().open(new TestExchange("/", Site.cookie(text)))) {
                scope.setBlockingCheck(eventLoop);
                assertThat(scope.sealed().subject()).isNull();
            }
        }
    }

    private SealedSite nodeWithLongDelay() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock).delay(LONG_DELAY));
        return new SealedSite(clock, c -> c.revocations(revocations));
    }

    @Test
    void without_a_session_or_without_revocations_nothing_blocks() {
        try (SealedSite site = node();
                SealedSite plain = site()) {
            String text = plain.get("/login?alice").token();
            for (SessionScope open : List.of(
                    site.sessions().open(new TestExchange("/")),
                    plain.sessions().open(new TestExchange("/", Site.cookie(text))))) {
                try (SessionScope scope = open) {
                    scope.setBlockingCheck(() -> {
                        throw new AssertionError("nothing here blocks");
                    });
                    assertThat(scope.viewMayBlock()).isFalse();
                    scope.sealed().set("a", "x");
                    scope.commit();
                }
            }
            try (SessionScope scope = plain.sessions().open(new TestExchange("/", Site.cookie(text)))) {
                scope.sealed().destroy();
                assertThat(scope.mayBlock()).isFalse();
            }
        }
    }

    @Test
    void a_session_is_not_used_while_the_use_check_refuses() {
        try (SealedSite site = site();
                SessionScope scope = site.sessions().open(new TestExchange("/"))) {
            scope.setUseCheck(() -> {
                throw new IllegalStateException("the session is being saved");
            });

            assertThatThrownBy(() -> scope.sealed().set("a", "x")).hasMessageContaining("being saved");
            assertThatThrownBy(() -> scope.sealed().names()).hasMessageContaining("being saved");
        }
    }

    @Test
    void typed_attributes_are_sealed_with_their_marks() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                scope.typedAttributes().set("a", "\"x\"".getBytes(StandardCharsets.UTF_8), "typed-json");
                scope.commit();
            }

            try (SessionScope scope = site.sessions().open(new TestExchange("/", Site.cookie(exchange.token())))) {
                TypedAttributes.TypedValue value =
                        Objects.requireNonNull(scope.typedAttributes().get("a"));
                assertThat(value.format()).isEqualTo("typed-json");
                assertThat(value.json()).asString(StandardCharsets.UTF_8).isEqualTo("\"x\"");
            }
        }
    }
}
