package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a session began, when it was last used, and when it ends (Jakarta Servlet, chapters 7.5 and 7.6). */
class SessionTimesTest {
    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Site site;

    @SuppressWarnings("NullAway.Init")
    private Browser browser;

    @AfterEach
    void stop() {
        site.close();
    }

    private void start(Consumer<Sessions.Config> options) throws Exception {
        site = Site.configured(options);
        browser = site.browser();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request) throws IOException;
    }

    private String in(Work work) {
        Browser.Response received =
                site.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        site.check();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received.text();
    }

    private static String times(HttpSession session) {
        return session.getCreationTime() + " " + session.getLastAccessedTime();
    }

    @Test
    void the_times_of_a_session_that_begins_stand_still_and_its_creation_time_is_the_one_that_is_stored()
            throws Exception {
        start(c -> {});
        String created = in(request -> {
            HttpSession session = request.getSession();
            String first = times(session);
            site.clock.advance(Duration.ofSeconds(7));
            session.setAttribute("n", 1);
            assertThat(session.getAttribute("n")).isEqualTo(1);
            assertThat(times(session)).isEqualTo(first);
            Sojourn.session(request).save();
            site.clock.advance(Duration.ofSeconds(7));
            session.removeAttribute("n");
            assertThat(times(request.getSession())).isEqualTo(first);
            assertThat(session.getLastAccessedTime()).isEqualTo(session.getCreationTime());
            return session.getCreationTime();
        });
        site.clock.advance(Duration.ofSeconds(7));

        assertThat(in(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    /** Asked for only after a while, it is that of getSession(). */
    @Test
    void a_session_is_created_when_requested_not_when_stored() throws Exception {
        start(c -> {});
        long before = site.clock.instant().toEpochMilli();
        String created = in(request -> {
            HttpSession session = request.getSession();
            site.clock.advance(Duration.ofSeconds(7));
            return session.getCreationTime();
        });

        assertThat(created).isEqualTo(String.valueOf(before));
        assertThat(in(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    @Test
    void the_last_access_is_that_of_the_request_before_whatever_this_one_does() throws Exception {
        start(c -> c.touchInterval(Duration.ZERO));
        in(request -> request.getSession().getId());
        for (int i = 0; i < 3; i++) {
            long before = site.clock.instant().toEpochMilli();
            site.clock.advance(Duration.ofMinutes(1));
            assertThat(in(request -> {
                        HttpSession session = request.getSession(false);
                        long last = session.getLastAccessedTime();
                        session.setAttribute("n", last);
                        Sojourn.session(request).save();
                        request.changeSessionId();
                        assertThat(session.getLastAccessedTime()).isEqualTo(last);
                        return last;
                    }))
                    .isEqualTo(String.valueOf(before));
        }
    }

    @Test
    void a_new_id_keeps_the_creation_time() throws Exception {
        start(c -> {});
        String created = in(request -> request.getSession().getCreationTime());
        site.clock.advance(Duration.ofMinutes(1));
        in(HttpServletRequest::changeSessionId);

        assertThat(in(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    @Test
    void an_invalidated_session_returns_no_times() throws Exception {
        start(c -> {});
        in(request -> {
            HttpSession session = request.getSession();
            session.invalidate();
            assertThatThrownBy(session::getCreationTime).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(session::getLastAccessedTime).isInstanceOf(IllegalStateException.class);
            return "";
        });
    }

    @Test
    void a_session_that_begins_after_an_invalidated_one_has_times_of_its_own() throws Exception {
        start(c -> {});
        String first = in(request -> request.getSession().getCreationTime());
        site.clock.advance(Duration.ofMinutes(1));
        String second = in(request -> {
            request.getSession().invalidate();
            HttpSession next = request.getSession();
            site.clock.advance(Duration.ofSeconds(7));
            assertThat(next.getLastAccessedTime()).isEqualTo(next.getCreationTime());
            return next.getCreationTime();
        });

        assertThat(second).isNotEqualTo(first);
        assertThat(in(request -> request.getSession().getCreationTime())).isEqualTo(second);
    }

    // ---- the end by idling

    @Test
    void a_session_expires_after_its_own_interval_which_is_stored() throws Exception {
        start(c -> {});
        in(request -> {
            request.getSession().setMaxInactiveInterval(120);
            assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(120);
            return "";
        });
        site.clock.advance(Duration.ofSeconds(100));
        assertThat(in(request -> request.getSession(false).getMaxInactiveInterval()))
                .isEqualTo("120");
        site.clock.advance(Duration.ofSeconds(119));
        assertThat(in(request -> request.getSession(false) != null)).isEqualTo("true");
        site.clock.advance(Duration.ofSeconds(121));
        assertThat(in(request -> request.getSession(false))).isEqualTo("null");
    }

    @Test
    void zero_and_less_mean_no_idle_timeout() throws Exception {
        for (int seconds : new int[] {0, -1, Integer.MIN_VALUE}) {
            start(c -> c.absoluteTimeout(Duration.ofDays(365)));
            in(request -> {
                request.getSession().setMaxInactiveInterval(seconds);
                assertThat(request.getSession().getMaxInactiveInterval()).isLessThanOrEqualTo(0);
                return "";
            });
            site.clock.advance(Duration.ofDays(300));
            assertThat(in(request -> request.getSession(false) != null)).isEqualTo("true");
            site.close();
        }
        start(c -> {});
    }

    @Test
    void the_default_interval_is_the_configured_idle_timeout() throws Exception {
        start(c -> c.idleTimeout(Duration.ofMinutes(20)));
        assertThat(in(request -> request.getSession().getMaxInactiveInterval())).isEqualTo("1200");
    }

    // ---- what counts as an access

    @Test
    void with_every_request_counting_twelve_that_do_not_ask_for_a_session_keep_it_alive() throws Exception {
        start(c -> c.touchOnEveryRequest().idleTimeout(Duration.ofSeconds(2)).touchInterval(Duration.ZERO));
        in(request -> request.getSession().getId());
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofMillis(1_500));
            in(request -> "untouched");
        }

        assertThat(in(request -> request.getSession(false) != null)).isEqualTo("true");
    }

    @Test
    void such_requests_cost_one_read_per_touch_interval() throws Exception {
        start(c -> c.touchOnEveryRequest());
        in(request -> request.getSession().getId());
        site.clock.advance(Duration.ofMinutes(2));
        site.store.reset();
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofSeconds(3));
            in(request -> "untouched");
        }

        assertThat(site.store.calls()).containsExactly(Call.LOAD, Call.TOUCH);
    }

    @Test
    void by_default_they_cost_nothing_and_are_no_access() throws Exception {
        start(c -> {});
        in(request -> request.getSession().getId());
        site.store.reset();
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofMinutes(5));
            in(request -> "untouched");
        }

        assertThat(site.store.calls()).isEmpty();
        assertThat(in(request -> request.getSession(false))).isEqualTo("null");
    }
}
