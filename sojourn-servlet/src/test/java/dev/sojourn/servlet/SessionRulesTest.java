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

/** The rules of chapter 7 of the Servlet specification and of the Javadoc of what belongs to it, one by one. */
class SessionRulesTest {
    private static final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private static Site site;
    private Browser browser;

    private record Bound(String name) implements HttpSessionBindingListener, HttpSessionActivationListener {
        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            heard.add("bound " + event.getName() + " " + name);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            heard.add("unbound " + event.getName() + " " + name);
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            heard.add("passivate");
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            heard.add("activate");
        }
    }

    private record Unregistered(String name) {}

    @BeforeAll
    static void start() throws Exception {
        site = new Site(
                "/error",
                new SessionListener() {},
                options -> options.attributes(AttributeFormat.json(Bound.class)),
                new Site.Frame() {});
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void beginAnew() {
        heard.clear();
        site.store.reset();
        browser = site.browser();
    }

    @AfterEach
    void nothingWentWrongInAPage() {
        site.check();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    private Browser.Response ask(Work work) {
        Browser.Response received =
                site.show(browser, (request, response) -> response.getWriter().print(work.of(request, response)));
        site.check();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received;
    }

    private String in(Work work) {
        return ask(work).text();
    }

    private void begin() {
        in((request, response) -> {
            request.getSession().setAttribute("n", 1);
            return "";
        });
        site.store.reset();
    }

    // ---- what the client asked for

    @Test
    void a_client_without_a_session_has_requested_none() {
        in((request, response) -> {
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.isRequestedSessionIdFromCookie()).isFalse();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
            // One that begins now is not one that was asked for.
            assertThat(request.getSession().isNew()).isTrue();
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            return "";
        });
    }

    @Test
    void a_returning_client_has_requested_its_session_with_a_cookie() {
        begin();
        in((request, response) -> {
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
        begin();
        String id = in((request, response) -> request.getSession().getId());
        Browser stranger = site.browser();
        site.at("/page", (request, response) -> {
            assertThat(request.getSession(false)).isNull();
            assertThat(request.getRequestedSessionId()).isNull();
            assertThat(request.isRequestedSessionIdFromURL()).isFalse();
        });
        stranger.get("/page?jsessionid=" + id);
        site.check();
    }

    @Test
    void the_requested_id_stays_when_the_id_changes_or_the_session_ends() {
        begin();
        in((request, response) -> {
            String asked = request.getRequestedSessionId();
            String next = request.changeSessionId();
            assertThat(request.getRequestedSessionId()).isEqualTo(asked).isNotEqualTo(next);
            return "";
        });
        in((request, response) -> {
            String asked = request.getRequestedSessionId();
            request.getSession().invalidate();
            assertThat(request.getRequestedSessionId()).isEqualTo(asked);
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            return "";
        });
    }

    @Test
    void after_the_end_the_id_that_a_client_still_brings_is_not_valid() {
        begin();
        Browser late = browser.copy();
        in((request, response) -> {
            request.getSession().invalidate();
            return "";
        });
        browser = late;
        in((request, response) -> {
            assertThat(request.getRequestedSessionId()).isNotNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            assertThat(request.getSession(false)).isNull();
            return "";
        });
    }

    // ---- beginning

    @Test
    void a_session_is_new_in_the_request_that_begins_it_and_until_the_client_has_joined() {
        in((request, response) -> {
            HttpSession session = request.getSession(true);
            session.setAttribute("n", 1);
            Sojourn.session(request).save();
            assertThat(session.isNew()).isTrue();
            assertThat(request.getSession().isNew()).isTrue();
            return "";
        });
        assertThat(in((request, response) -> request.getSession().isNew())).isEqualTo("false");
    }

    @Test
    void a_session_cannot_begin_once_the_head_has_left() {
        Browser.Response received = ask((request, response) -> {
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
    void one_that_is_there_can_be_had_after_the_head() {
        begin();
        ask((request, response) -> {
            response.flushBuffer();
            assertThat(request.getSession().getAttribute("n")).isEqualTo(1);
            return "";
        });
    }

    // ---- the end

    @Test
    void every_method_of_an_invalidated_session_throws_except_those_that_the_specification_allows() {
        begin();
        in((request, response) -> {
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
    void an_invalidated_sessions_cookie_is_cleared_and_its_values_are_unbound() {
        in((request, response) -> {
            request.getSession().setAttribute("b", new Bound("one"));
            return "";
        });
        heard.clear();
        Browser.Response received = ask((request, response) -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(heard).containsExactly("unbound b one");
        assertThat(received.setCookies()).singleElement().asString().contains("Max-Age=0");
    }

    @Test
    void changing_the_id_of_an_invalidated_session_is_rejected() {
        begin();
        in((request, response) -> {
            request.getSession().invalidate();
            assertThatThrownBy(request::changeSessionId).isInstanceOf(IllegalStateException.class);
            return "";
        });
    }

    // ---- attributes

    @Test
    void a_value_is_notified_before_it_can_be_read_and_a_replaced_one_afterwards() {
        in((request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("b", new Bound("one"));
            session.setAttribute("b", new Bound("two"));
            session.setAttribute("b", null);
            session.removeAttribute("b");
            return "";
        });
        assertThat(heard).containsExactly("bound b one", "bound b two", "unbound b one", "unbound b two");
    }

    @Test
    void the_same_object_under_two_names_is_bound_twice() {
        in((request, response) -> {
            Bound value = new Bound("one");
            request.getSession().setAttribute("a", value);
            request.getSession().setAttribute("b", value);
            request.getSession().removeAttribute("a");
            return "";
        });
        assertThat(heard).containsExactly("bound a one", "bound b one", "unbound a one");
    }

    /** A session is in the store and no node passivates it, so values receive no such events. */
    @Test
    void a_session_that_another_request_reads_is_not_activated() {
        in((request, response) -> {
            request.getSession().setAttribute("b", new Bound("one"));
            return "";
        });
        heard.clear();
        in((request, response) -> request.getSession().getAttribute("b"));
        assertThat(heard).isEmpty();
    }

    @Test
    void a_value_that_cannot_be_stored_is_an_illegal_argument_and_changes_nothing() {
        begin();
        in((request, response) -> {
            HttpSession session = request.getSession();
            assertThatThrownBy(() -> session.setAttribute("n", new Unregistered("x")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(session.getAttribute("n")).isEqualTo(1);
            return "";
        });
        assertThat(in((request, response) -> request.getSession().getAttribute("n")))
                .isEqualTo("1");
    }

    // ---- the url

    @Test
    void no_id_is_put_into_urls() {
        in((request, response) -> {
            request.getSession();
            assertThat(response.encodeURL("/next?a=b")).isEqualTo("/next?a=b");
            assertThat(response.encodeRedirectURL("/next")).isEqualTo("/next");
            return "";
        });
    }

    // ---- over dispatches

    @Test
    void forwards_includes_error_pages_and_wrappers_all_have_the_same_session() {
        site.at("/next", (request, response) -> {
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
        site.check();
        assertThat(included.text()).isEqualTo(ids[0] + " ");
        Browser.Response forwarded = site.show(
                browser,
                (request, response) -> request.getRequestDispatcher("/next")
                        .forward(new HttpServletRequestWrapper(request), response));
        assertThat(forwarded.text()).isEqualTo(ids[0] + " ");
        site.at(
                "/error",
                (request, response) -> response.getWriter()
                        .print(request.getSession(false).getId()
                                + request.getSession().getAttribute("seen")));
        Browser.Response failed = site.show(browser, (request, response) -> response.sendError(404));
        assertThat(failed.text()).isEqualTo(ids[0] + "FORWARD");
    }

    @Test
    void using_all_of_it_costs_one_load() {
        begin();
        in((request, response) -> {
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
