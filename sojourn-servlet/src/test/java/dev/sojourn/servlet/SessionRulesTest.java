package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionListener;
import dev.sojourn.testing.FaultyStore.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the rules of chapter 7 of the Servlet specification and of the related Javadoc, one by one. */
class SessionRulesTest {
    private static final Queue<String> events = new ConcurrentLinkedQueue<>();
    private static Site site;
    private Browser browser;

    private record BoundValue(String name) implements HttpSessionBindingListener, HttpSessionActivationListener {
        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            events.add("bound " + event.getName() + " " + name);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            events.add("unbound " + event.getName() + " " + name);
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            events.add("passivate");
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            events.add("activate");
        }
    }

    private record Unregistered(String name) {}

    @BeforeAll
    static void start() throws Exception {
        site = new Site(
                "/error",
                new SessionListener() {},
                options -> options.attributes(AttributeFormat.json(BoundValue.class)),
                new Site.Surroundings() {});
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void reset() {
        events.clear();
        site.store.reset();
        browser = site.browser();
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    private Browser.Response send(Work work) {
        Browser.Response received =
                site.show(browser, (request, response) -> response.getWriter().print(work.of(request, response)));
        site.throwProblem();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received;
    }

    private String inRequest(Work work) {
        return send(work).text();
    }

    private void startSession() {
        inRequest((request, response) -> {
            request.getSession().setAttribute("n", 1);
            return "";
        });
        site.store.reset();
    }

    // ---- the requested session

    @Test
    void a_client_without_a_session_has_no_requested_session() {
        inRequest((request, response) -> {
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            // A session that starts in this request is not the requested one.
            assertThat(request.getSession().isNew()).isTrue();
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            return "";
        });
    }

    @Test
    void a_returning_client_requests_its_session_with_a_cookie() {
        startSession();
        inRequest((request, response) -> {
            assertThat(request.isRequestedSessionIdValid()).isTrue();
            assertThat(request.isRequestedSessionIdFromCookie()).isTrue();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            assertThat(request.getRequestedSessionId())
                    .isEqualTo(request.getSession().getId());
            assertThat(request.getSession().isNew()).isFalse();
            return "";
        });
    }

    @Test
    void an_id_in_the_url_is_ignored() {
        startSession();
        String id = inRequest((request, response) -> request.getSession().getId());
        Browser stranger = site.browser();
        site.setPage("/page", (request, response) -> {
            assertThat(request.getSession(false)).isNull();
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
        });
        stranger.get("/page?jsessionid=" + id);
        site.throwProblem();
    }

    @Test
    void the_requested_id_does_not_change_when_the_id_changes_or_the_session_ends() {
        startSession();
        inRequest((request, response) -> {
            String requested = request.getRequestedSessionId();
            String next = request.changeSessionId();
            assertThat(request.getRequestedSessionId()).isEqualTo(requested).isNotEqualTo(next);
            return "";
        });
        inRequest((request, response) -> {
            String requested = request.getRequestedSessionId();
            request.getSession().invalidate();
            assertThat(request.getRequestedSessionId()).isEqualTo(requested);
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            return "";
        });
    }

    @Test
    void the_requested_id_of_an_ended_session_is_not_valid() {
        startSession();
        Browser late = browser.copy();
        inRequest((request, response) -> {
            request.getSession().invalidate();
            return "";
        });
        browser = late;
        inRequest((request, response) -> {
            assertThat(request.getRequestedSessionId()).isNotNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.getSession(false)).isNull();
            return "";
        });
    }

    // ---- the start

    @Test
    void a_session_is_new_during_the_whole_request_that_starts_it_and_not_afterwards() {
        inRequest((request, response) -> {
            HttpSession session = request.getSession(true);
            session.setAttribute("n", 1);
            Sojourn.session(request).save();
            assertThat(session.isNew()).isTrue();
            assertThat(request.getSession().isNew()).isTrue();
            return "";
        });
        assertThat(inRequest((request, response) -> request.getSession().isNew()))
                .isEqualTo("false");
    }

    @Test
    void a_session_cannot_start_after_the_head_was_sent() {
        Browser.Response received = send((request, response) -> {
            response.getWriter().print("first");
            response.flushBuffer();
            assertThatThrownBy(request::getSession).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> request.getSession(true)).isInstanceOf(IllegalStateException.class);
            assertThat(request.getSession(false)).isNull();
            return "";
        });
        assertThat(received.setCookies()).isEmpty();
        assertThat(site.store.calls()).isEmpty();
    }

    @Test
    void an_existing_session_is_available_after_the_head_was_sent() {
        startSession();
        send((request, response) -> {
            response.flushBuffer();
            assertThat(request.getSession().getAttribute("n")).isEqualTo(1);
            return "";
        });
    }

    // ---- the end

    @Test
    void methods_of_an_invalidated_session_throw_except_those_that_the_specification_allows() {
        startSession();
        inRequest((request, response) -> {
            HttpSession session = request.getSession();
            String id = session.getId();
            session.invalidate();
            Consumer<Runnable> refused =
                    call -> assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
            refused.accept(session::getCreationTime);
            refused.accept(session::getLastAccessedTime);
            refused.accept(session::isNew);
            refused.accept(session::invalidate);
            refused.accept(session::getAttributeNames);
            refused.accept(() -> session.getAttribute("n"));
            refused.accept(() -> session.setAttribute("n", 2));
            refused.accept(() -> session.setAttribute("n", null));
            refused.accept(() -> session.removeAttribute("n"));
            assertThat(session.getId()).isEqualTo(id);
            assertThat(session.getServletContext()).isSameAs(request.getServletContext());
            return "";
        });
    }

    @Test
    void invalidate_clears_the_cookie_and_unbinds_the_values() {
        inRequest((request, response) -> {
            request.getSession().setAttribute("b", new BoundValue("one"));
            return "";
        });
        events.clear();
        Browser.Response received = send((request, response) -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(events).containsExactly("unbound b one");
        assertThat(received.setCookies()).singleElement().asString().contains("Max-Age=0");
    }

    @Test
    void changing_the_id_of_an_invalidated_session_is_rejected() {
        startSession();
        inRequest((request, response) -> {
            request.getSession().invalidate();
            assertThatThrownBy(request::changeSessionId).isInstanceOf(IllegalStateException.class);
            return "";
        });
    }

    // ---- attributes

    @Test
    void a_value_is_notified_before_it_is_bound_and_the_replaced_value_afterwards() {
        inRequest((request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("b", new BoundValue("one"));
            session.setAttribute("b", new BoundValue("two"));
            session.setAttribute("b", null);
            session.removeAttribute("b");
            return "";
        });
        assertThat(events).containsExactly("bound b one", "bound b two", "unbound b one", "unbound b two");
    }

    @Test
    void the_same_object_under_two_names_is_bound_twice() {
        inRequest((request, response) -> {
            BoundValue value = new BoundValue("one");
            request.getSession().setAttribute("a", value);
            request.getSession().setAttribute("b", value);
            request.getSession().removeAttribute("a");
            return "";
        });
        assertThat(events).containsExactly("bound a one", "bound b one", "unbound a one");
    }

    /** Sessions are in the store and no node passivates them, so values receive no such events. */
    @Test
    void a_session_that_another_request_reads_is_not_activated() {
        inRequest((request, response) -> {
            request.getSession().setAttribute("b", new BoundValue("one"));
            return "";
        });
        events.clear();
        inRequest((request, response) -> request.getSession().getAttribute("b"));
        assertThat(events).isEmpty();
    }

    @Test
    void setting_a_value_that_cannot_be_stored_throws_and_changes_nothing() {
        startSession();
        inRequest((request, response) -> {
            HttpSession session = request.getSession();
            assertThatThrownBy(() -> session.setAttribute("n", new Unregistered("x")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(session.getAttribute("n")).isEqualTo(1);
            return "";
        });
        assertThat(inRequest((request, response) -> request.getSession().getAttribute("n")))
                .isEqualTo("1");
    }

    // ---- URLs

    @Test
    void urls_contain_no_id() {
        inRequest((request, response) -> {
            request.getSession();
            assertThat(response.encodeURL("/next?a=b")).isEqualTo("/next?a=b");
            assertThat(response.encodeRedirectURL("/next")).isEqualTo("/next");
            return "";
        });
    }

    // ---- dispatches

    @Test
    void forwards_includes_error_pages_and_wrappers_all_have_the_same_session() {
        site.setPage("/next", (request, response) -> {
            HttpSession session = request.getSession(false);
            session.setAttribute("seen", request.getDispatcherType().name());
            response.getWriter().print(session.getId() + " ");
        });
        String[] ids = new String[1];
        Browser.Response included = site.show(browser, (request, response) -> {
            ids[0] = request.getSession().getId();
            request.getRequestDispatcher("/next").include(new HttpServletRequestWrapper(request), response);
            assertThat(request.getSession().getAttribute("seen")).isEqualTo("INCLUDE");
        });
        site.throwProblem();
        assertThat(included.text()).isEqualTo(ids[0] + " ");
        Browser.Response forwarded = site.show(
                browser,
                (request, response) -> request.getRequestDispatcher("/next")
                        .forward(new HttpServletRequestWrapper(request), response));
        assertThat(forwarded.text()).isEqualTo(ids[0] + " ");
        site.setPage(
                "/error",
                (request, response) -> response.getWriter()
                        .print(request.getSession(false).getId()
                                + request.getSession().getAttribute("seen")));
        Browser.Response failed = site.show(browser, (request, response) -> response.sendError(404));
        assertThat(failed.text()).isEqualTo(ids[0] + "FORWARD");
    }

    @Test
    void using_the_whole_api_costs_one_load() {
        startSession();
        inRequest((request, response) -> {
            request.isRequestedSessionIdValid();
            request.getRequestedSessionId();
            HttpSession session = request.getSession();
            session.getCreationTime();
            session.getLastAccessedTime();
            session.getMaxInactiveInterval();
            session.isNew();
            session.getAttributeNames();
            return "";
        });
        assertThat(site.store.calls()).containsExactly(Call.LOAD);
    }
}
