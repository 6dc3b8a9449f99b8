package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Requests that do not keep a session alive: the option {@code quiet} and the method of the same name. */
class QuietTest {
    /** Every option that makes requests touch their session. */
    private static final Map<String, Consumer<Sessions.Config>> OPTIONS = Map.of(
            "none", c -> {},
            "rolling", Sessions.Config::rolling,
            "resave", Sessions.Config::resave,
            "touchOnEveryRequest", Sessions.Config::touchOnEveryRequest,
            "saveUninitialized", Sessions.Config::saveUninitialized,
            "rolling and saveUninitialized", c -> c.rolling().saveUninitialized(),
            "exclusive", Sessions.Config::exclusive,
            "touchInterval", c -> c.touchInterval(Duration.ZERO));

    static final List<String> OPTION_NAMES = List.copyOf(OPTIONS.keySet());

    private static Consumer<Sessions.Config> quiet(String option) {
        return c -> {
            Objects.requireNonNull(OPTIONS.get(option)).accept(c);
            c.quiet("/poll");
        };
    }

    private static Site addPages(Site site) {
        site.addPage("/poll", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        site.addPage("/poll/unused", (session, exchange) -> "ok");
        site.addPage("/poll/change", (session, exchange) -> {
            session.set("b", Site.query(exchange));
            return "ok";
        });
        site.addPage("/poll/count", (session, exchange) -> String.valueOf(session.update("n", Integer.class, n -> 1)));
        site.addPage("/poll/touch", (session, exchange) -> {
            session.touch();
            return "ok";
        });
        site.addPage("/poll/exclusive", (session, exchange) -> {
            session.exclusive();
            return "ok";
        });
        site.addPage("/by-hand", (session, exchange) -> {
            session.quiet();
            return "ok";
        });
        return site;
    }

    @ParameterizedTest
    @FieldSource("OPTION_NAMES")
    void a_session_that_only_quiet_requests_use_ends_with_its_idle_timeout(String option) {
        try (Site site = addPages(new Site(quiet(option)))) {
            String token = site.startSession("x");
            int i = 0;
            for (String path : List.of(
                    "/poll",
                    "/poll/unused",
                    "/poll/change?" + i++,
                    "/poll/count",
                    "/poll/exclusive",
                    "/POLL/%2e/change?" + i++)) {
                site.clock().advance(Duration.ofMinutes(4));
                assertThat(site.getAs(token, path).status()).as(path).isIn(200, 404);
            }
            site.clock().advance(Duration.ofMinutes(5));
            assertThat(site.getAs(token, "/poll").body()).isEqualTo("x");

            site.clock().advance(Duration.ofMinutes(1));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @ParameterizedTest
    @FieldSource("OPTION_NAMES")
    void other_requests_and_an_explicit_touch_keep_it_alive(String option) {
        for (String path : List.of("/read", "/poll/touch")) {
            try (Site site = addPages(new Site(quiet(option)))) {
                String token = site.startSession("x");
                site.clock().advance(Duration.ofMinutes(29));
                site.getAs(token, "/poll");
                site.getAs(token, path);
                site.clock().advance(Duration.ofMinutes(29));

                assertThat(site.getAs(token, "/read").body()).as(path).isEqualTo("x");
            }
        }
    }

    @Test
    void a_handler_can_be_quiet_by_itself_and_a_later_touch_outweighs_that() {
        try (Site site = addPages(new Site())) {
            site.addPage("/both", (session, exchange) -> {
                session.quiet();
                session.touch();
                return "ok";
            });
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(20));
            site.getAs(token, "/by-hand");
            assertThat(site.store().calls()).containsExactly("load");

            site.getAs(token, "/both");
            site.clock().advance(Duration.ofMinutes(29));
            site.getAs(token, "/by-hand");
            assertThat(site.getAs(token, "/by-hand").status()).isEqualTo(200);
            site.clock().advance(Duration.ofMinutes(1));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void quiet_requests_cost_what_they_cost_without_the_touch() {
        try (Site site = addPages(new Site(c -> c.rolling().quiet("/poll")))) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(5));
            site.getAs(token, "/poll/unused");
            assertThat(site.store().calls()).isEmpty();

            RawResponse read = site.getAs(token, "/poll");
            assertThat(site.store().calls()).containsExactly("load");
            assertThat(read.cookies()).isEmpty();

            site.store().clearCalls();
            site.getAs(token, "/poll/change?1");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
        }
    }

    @Test
    void a_session_without_an_idle_timeout_keeps_its_last_access() {
        try (Site site = addPages(new Site(c -> c.idleTimeout(Duration.ZERO).quiet("/poll")))) {
            site.addPage("/poll/last", (session, exchange) -> String.valueOf(session.lastAccessedAt()));
            String token = site.startSession("x");
            String before = site.getAs(token, "/poll/last").body();
            site.clock().advance(Duration.ofMinutes(10));
            site.getAs(token, "/poll/change?1");

            assertThat(site.getAs(token, "/poll/last").body()).isEqualTo(before);
        }
    }

    @Test
    void a_sealed_session_is_not_extended_by_quiet_requests_either() {
        try (SealedSite site = new SealedSite(c -> c.quiet("/poll"))) {
            site.addPage("/poll", (session, exchange) -> String.valueOf(session.subject()));
            site.addPage("/poll/change", (session, exchange) -> {
                session.set("b", 1);
                return "ok";
            });
            String cookie = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(20));
            assertThat(site.getAs(cookie, "/poll").cookies()).isEmpty();
            String changed = site.getAs(cookie, "/poll/change").token();
            site.clock().advance(Duration.ofMinutes(10));

            assertThat(Stream.of(cookie, changed)
                            .map(each -> site.getAs(each, "/subject").body()))
                    .containsOnly("null");
        }
    }
}
