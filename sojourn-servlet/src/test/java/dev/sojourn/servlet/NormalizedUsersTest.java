package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks that user names are normalized, for example to lower case. */
class NormalizedUsersTest {
    private static Site site;

    @BeforeAll
    static void start() throws Exception {
        site = Site.configured(
                c -> c.normalizeSubjects(name -> name.toLowerCase(Locale.ROOT)),
                filter -> filter.subjectOf(session -> (String) session.getAttribute("user")));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @AfterEach
    void openBrowser() {
        site.throwProblem();
        site.sessions.of("alice").endAll();
    }

    private static String subject(Browser browser) {
        return site.show(
                        browser,
                        (request, response) -> response.getWriter()
                                .print(
                                        request.getSession(false) == null
                                                ? "no session"
                                                : Sojourn.session(request).subject()))
                .text();
    }

    @Test
    void a_login_in_capitals_belongs_to_the_normalized_user_and_end_all_ends_it() {
        Browser browser = site.browser();
        site.show(browser, (request, response) -> {
            request.getSession().setAttribute("cart", "a book");
            Sojourn.session(request).login("ALICE");
        });

        assertThat(subject(browser)).isEqualTo("alice");
        assertThat(site.sessions.of("alice").list()).hasSize(1);
        assertThat(site.sessions.of("Alice").list()).hasSize(1);
        site.sessions.of("aLICE").endAll();
        assertThat(subject(browser)).isEqualTo("no session");
    }

    @Test
    void a_user_named_in_capitals_by_an_attribute_is_signed_in_once_and_keeps_the_session() {
        Browser browser = site.browser();
        site.show(browser, (request, response) -> request.getSession().setAttribute("user", "ALICE"));
        String cookie = browser.cookie();

        assertThat(subject(browser)).isEqualTo("alice");
        assertThat(browser.cookie()).isEqualTo(cookie);
        assertThat(site.sessions.of("alice").list()).hasSize(1);
        site.sessions.of("alice").endAll();
        assertThat(subject(browser)).isEqualTo("no session");
    }

    @Test
    void names_that_differ_only_in_case_are_one_user() {
        Browser browser = site.browser();
        site.show(browser, (request, response) -> {
            request.getSession().setAttribute("cart", "a book");
            Sojourn.session(request).login("ALICE");
        });

        String cart = site.show(browser, (request, response) -> {
                    Sojourn.session(request).login("alice");
                    response.getWriter().print(request.getSession().getAttribute("cart"));
                })
                .text();

        assertThat(cart).isEqualTo("a book");
        assertThat(site.sessions.of("alice").list()).hasSize(1);
    }
}
