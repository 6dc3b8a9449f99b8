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

/** Checks creation time, last access and expiry of sessions (Jakarta Servlet, chapters 7.5 and 7.6). */
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

    private String inRequest(Work work) {
        Browser.Response received =
                site.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        site.throwProblem();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received.text();
    }

    private static String times(HttpSession session) {
        return session.getCreationTime() + " " + session.getLastAccessedTime();
    }

    @Test
    void the_times_of_a_new_session_do_not_change_within_its_request_and_its_creation_time_is_stored()
            throws Exception {
        start(c -> {});
        String created = inRequest(request -> {
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

        assertThat(inRequest(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    /** The creation time is the time of getSession(), even if it is read later. */
    @Test
    void a_session_is_created_when_requested_not_when_stored() throws Exception {
        start(c -> {});
        long before = site.clock.instant().toEpochMilli();
        String created = inRequest(request -> {
            HttpSession session = request.getSession();
            site.clock.advance(Duration.ofSeconds(7));
            return session.getCreationTime();
        });

        assertThat(created).isEqualTo(String.valueOf(before));
        assertThat(inRequest(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    @Test
    void the_last_access_is_the_time_of_the_previous_request_whatever_this_request_does() throws Exception {
        start(c -> c.touchInterval(Duration.ZERO));
        inRequest(request -> request.getSession().getId());
        for (int i = 0; i < 3; i++) {
            long before = site.clock.instant().toEpochMilli();
            site.clock.advance(Duration.ofMinutes(1));
            assertThat(inRequest(request -> {
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
        String created = inRequest(request -> request.getSession().getCreationTime());
        site.clock.advance(Duration.ofMinutes(1));
        inRequest(HttpServletRequest::changeSessionId);

        assertThat(inRequest(request -> request.getSession().getCreationTime())).isEqualTo(created);
    }

    @Test
    void an_invalidated_session_returns_no_times() throws Exception {
        start(c -> {});
        inRequest(request -> {
            HttpSession session = request.getSession();
            session.invalidate();
            assertThatThrownBy(session::getCreationTime).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(session::getLastAccessedTime).isInstanceOf(IllegalStateException.class);
            return "";
        });
    }

    @Test
    void a_session_that_starts_after_invalidate_has_new_times() throws Exception {
        start(c -> {});
        String first = inRequest(request -> request.getSession().getCreationTime());
        site.clock.advance(Duration.ofMinutes(1));
        String second = inRequest(request -> {
            request.getSession().invalidate();
            HttpSession next = request.getSession();
            site.clock.advance(Duration.ofSeconds(7));
            assertThat(next.getLastAccessedTime()).isEqualTo(next.getCreationTime());
            return next.getCreationTime();
        });

        assertThat(second).isNotEqualTo(first);
        assertThat(inRequest(request -> request.getSession().getCreationTime())).isEqualTo(second);
    }

    // ---- expiry

    @Test
    void a_session_expires_after_its_stored_interval() throws Exception {
        start(c -> {});
        inRequest(request -> {
            request.getSession().setMaxInactiveInterval(120);
            assertThat(request.getSession().getMaxInactiveInterval()).isEqualTo(120);
            return "";
        });
        site.clock.advance(Duration.ofSeconds(100));
        assertThat(inRequest(request -> request.getSession(false).getMaxInactiveInterval()))
                .isEqualTo("120");
        site.clock.advance(Duration.ofSeconds(119));
        assertThat(inRequest(request -> request.getSession(false) != null)).isEqualTo("true");
        site.clock.advance(Duration.ofSeconds(121));
        assertThat(inRequest(request -> request.getSession(false))).isEqualTo("null");
    }

    @Test
    void an_interval_of_zero_or_less_means_no_idle_timeout() throws Exception {
        for (int seconds : new int[] {0, -1, Integer.MIN_VALUE}) {
            start(c -> c.absoluteTimeout(Duration.ofDays(365)));
            inRequest(request -> {
                request.getSession().setMaxInactiveInterval(seconds);
                assertThat(request.getSession().getMaxInactiveInterval()).isLessThanOrEqualTo(0);
                return "";
            });
            site.clock.advance(Duration.ofDays(300));
            assertThat(inRequest(request -> request.getSession(false) != null)).isEqualTo("true");
            site.close();
        }
        start(c -> {});
    }

    @Test
    void the_default_interval_is_the_configured_idle_timeout() throws Exception {
        start(c -> c.idleTimeout(Duration.ofMinutes(20)));
        assertThat(inRequest(request -> request.getSession().getMaxInactiveInterval()))
                .isEqualTo("1200");
    }

    // ---- what counts as an access

    @Test
    void requests_that_do_not_use_the_session_keep_it_alive_with_touch_on_every_request() throws Exception {
        start(c -> c.touchOnEveryRequest().idleTimeout(Duration.ofSeconds(2)).touchInterval(Duration.ZERO));
        inRequest(request -> request.getSession().getId());
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofMillis(1_500));
            inRequest(request -> "untouched");
        }

        assertThat(inRequest(request -> request.getSession(false) != null)).isEqualTo("true");
    }

    @Test
    void requests_that_do_not_use_the_session_cost_one_read_per_touch_interval_with_touch_on_every_request()
            throws Exception {
        start(c -> c.touchOnEveryRequest());
        inRequest(request -> request.getSession().getId());
        site.clock.advance(Duration.ofMinutes(2));
        site.store.reset();
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofSeconds(3));
            inRequest(request -> "untouched");
        }

        assertThat(site.store.calls()).containsExactly(Call.LOAD, Call.TOUCH);
    }

    @Test
    void requests_that_do_not_use_the_session_cost_nothing_and_are_no_access_by_default() throws Exception {
        start(c -> {});
        inRequest(request -> request.getSession().getId());
        site.store.reset();
        for (int i = 0; i < 12; i++) {
            site.clock.advance(Duration.ofMinutes(5));
            inRequest(request -> "untouched");
        }

        assertThat(site.store.calls()).isEmpty();
        assertThat(inRequest(request -> request.getSession(false))).isEqualTo("null");
    }
}
