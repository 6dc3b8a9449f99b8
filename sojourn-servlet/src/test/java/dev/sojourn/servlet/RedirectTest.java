package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.Cookie;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Checks that a redirect is sent when its dispatch ends, while the handler sees a committed response immediately, as specified.
 */
class RedirectTest {
    private static Site site;
    private Browser browser;

    @BeforeAll
    static void start() throws Exception {
        site = new Site(null);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void reset() {
        site.store.reset();
        browser = site.browser();
        site.setPage("/read", (request, response) -> {
            Integer n = Sojourn.session(request).get("n", Integer.class);
            response.getWriter().print(Sojourn.session(request).subject() + " " + n);
        });
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
    }

    private String readStored() {
        return browser.get("/read").text();
    }

    private void startSession() {
        site.show(browser, (request, response) -> Sojourn.session(request).set("n", 0));
        site.store.reset();
    }

    @Test
    void the_redirect_contains_the_cookie_of_a_login_after_it() {
        Browser.Response received = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");
            Sojourn.session(request).login("alice");
        });

        assertThat(received.status()).isEqualTo(302);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("alice null");
    }

    @Test
    void changes_before_and_after_a_redirect_are_saved_with_one_write() {
        startSession();

        Browser.Response received = site.show(browser, (request, response) -> {
            Sojourn.session(request).set("n", 1);
            response.sendRedirect("/read");
            Sojourn.session(request).set("n", 2);
        });

        assertThat(received.status()).isEqualTo(302);
        assertThat(site.store.calls()).containsExactly(Call.LOAD, Call.COMPARE_AND_SET);
        assertThat(readStored()).isEqualTo("null 2");
    }

    @Test
    void a_change_after_a_redirect_that_cannot_be_saved_replaces_the_redirect() {
        startSession();

        Browser.Response received = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");
            Sojourn.session(request).set("n", 1);
            site.store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
        });

        assertThat(received.status()).isEqualTo(503);
        assertThat(readStored()).isEqualTo("null 0");
    }

    @Test
    void the_handler_sees_a_committed_response_and_its_further_output_is_ignored() {
        Browser.Response received = site.show(browser, (request, response) -> {
            response.getWriter().print("before");
            response.sendRedirect("/read");

            assertThat(response.isCommitted()).isTrue();
            assertThat(response.getStatus()).isEqualTo(302);
            assertThat(response.getHeader("Location")).endsWith("/read");
            response.getWriter().print("after");
            response.getWriter().close();
            response.setStatus(200);
            response.setContentType("text/html");
            response.setContentLength(100);
            response.setContentLengthLong(100);
            response.setCharacterEncoding("UTF-16");
            response.setLocale(Locale.FRENCH);
            response.addCookie(new Cookie("late", "1"));
            response.setHeader("Set-Cookie", "late=2");
            response.addHeader("Set-Cookie", "late=3");
            response.setIntHeader("Content-Length", 100);
            response.addIntHeader("Content-Length", 100);
            response.setDateHeader("Set-Cookie", 1);
            response.addDateHeader("Set-Cookie", 1);
        });

        assertThat(received.status()).isEqualTo(302);
        assertThat(received.text()).isEmpty();
        assertThat(received.setCookies()).isEmpty();
        assertThat(received.contentLength()).isIn("", "0");
    }

    @Test
    void calls_that_are_not_allowed_after_commit_throw() {
        Browser.Response received = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");

            assertThatThrownBy(() -> response.sendRedirect("/other")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> response.sendError(404)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> response.sendError(404, "none")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(response::reset).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(response::resetBuffer).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> response.setBufferSize(100_000)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> request.getRequestDispatcher("/read").forward(request, response))
                    .isInstanceOf(IllegalStateException.class);
        });

        assertThat(received.status()).isEqualTo(302);
    }

    @Test
    void an_include_after_a_redirect_does_not_run() {
        site.setPage("/part", (request, response) -> Sojourn.session(request).set("n", 1));

        Browser.Response received = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");
            request.getRequestDispatcher("/part").include(request, response);
        });

        assertThat(received.status()).isEqualTo(302);
        assertThat(readStored()).isEqualTo("null null");
    }

    @Test
    void a_redirect_within_an_include_is_handled_by_the_container() {
        site.setPage("/part", (request, response) -> response.sendRedirect("/read"));

        Browser.Response received = site.show(browser, (request, response) -> {
            request.getRequestDispatcher("/part").include(request, response);
            if (!response.isCommitted()) {
                Sojourn.session(request).set("n", 1);
                response.getWriter().print("whole");
            }
        });

        assertThat(received.status()).isIn(200, 302);
        assertThat(received.text()).isEqualTo(received.status() == 200 ? "whole" : "");
    }

    @Test
    void a_flush_does_not_send_the_redirect_before_the_changes_that_follow_are_saved() {
        Browser.Response received = site.show(browser, (request, response) -> {
            Sojourn.session(request).set("n", 1);
            response.sendRedirect("/read");
            response.flushBuffer();
            response.getWriter().flush();
            assertThat(site.store.calls()).isEmpty();
            Sojourn.session(request).login("alice");
        });

        assertThat(received.status()).isEqualTo(302);
        assertThat(received.setCookies()).hasSize(1);
        assertThat(readStored()).isEqualTo("alice 1");
    }

    @Test
    void a_redirect_from_a_forward_has_the_cookie() {
        site.setPage("/target", (request, response) -> {
            response.sendRedirect("/read");
            Sojourn.session(request).login("alice");
        });
        Site.Page byTheRequest =
                (request, response) -> request.getRequestDispatcher("/target").forward(request, response);
        Site.Page byTheContext = (request, response) ->
                request.getServletContext().getRequestDispatcher("/target").forward(request, response);

        assertThat(site.show(browser, byTheRequest).status()).isEqualTo(302);
        assertThat(readStored()).isEqualTo("alice null");

        browser = site.browser();
        assertThat(site.show(browser, byTheContext).status()).isEqualTo(302);
        assertThat(readStored()).isEqualTo("alice null");
    }

    @Test
    void changes_of_a_handler_that_fails_after_its_redirect_are_saved() {
        startSession();

        Browser.Response received = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");
            Sojourn.session(request).set("n", 1);
            throw new IllegalArgumentException("after the redirect");
        });

        // Tomcat sends an error; the other containers send the redirect.
        assertThat(received.status()).isIn(302, 500);
        assertThat(readStored()).isEqualTo("null 1");
    }

    @Test
    void a_redirect_of_an_asynchronous_request_has_the_cookie() {
        Browser.Response before = site.show(browser, (request, response) -> {
            response.sendRedirect("/read");
            AsyncContext context = request.startAsync();
            Sojourn.session(request).login("alice");
            context.complete();
        });
        assertThat(before.status()).isEqualTo(302);
        assertThat(readStored()).isEqualTo("alice null");

        browser = site.browser();
        Browser.Response after = site.show(browser, (request, response) -> {
            AsyncContext context = request.startAsync();
            Sojourn.session(request).login("bob");
            response.sendRedirect("/read");
            context.complete();
        });
        assertThat(after.status()).isEqualTo(302);
        assertThat(readStored()).isEqualTo("bob null");
    }
}
