package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.ServletRequestHandledEvent;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.servlet.view.InternalResourceView;
import org.springframework.web.servlet.view.RedirectView;

/** Counts store calls. */
class CostTest {
    private static final FaultyStore STORE = new FaultyStore();
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Site.class, Application.over(STORE));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(FormLogin.class)
    static class Site {
        @Bean
        Texts texts() {
            return new Texts();
        }
    }

    /** An application that counts its requests, or logs them. */
    static class Hearing {
        final BlockingQueue<String> sessions = new LinkedBlockingQueue<>();

        @EventListener
        void handled(ServletRequestHandledEvent event) {
            sessions.add(String.valueOf(event.getSessionId()));
        }
    }

    @RestController
    static class Texts {
        @GetMapping("/public")
        String everybodys() {
            return "for everybody";
        }

        @GetMapping("/private")
        String somebodys() {
            return "for users";
        }

        @GetMapping("/write")
        RedirectView write(@RequestParam(defaultValue = "Written.") String text, RedirectAttributes next) {
            next.addFlashAttribute("said", text);
            return new RedirectView("/said");
        }

        @GetMapping("/forward")
        InternalResourceView forward(HttpServletRequest request, HttpServletResponse response) {
            FlashMap map = RequestContextUtils.getOutputFlashMap(request);
            map.put("said", "Forwarded.");
            // A flash map's target is the path of the client's request, not of the forward.
            RequestContextUtils.saveOutputFlashMap("/forward", request, response);
            return new InternalResourceView("/said");
        }

        @GetMapping("/said")
        String said(Model model) {
            return "said: " + model.getAttribute("said");
        }
    }

    private static List<Call> callsFor(Browser browser, String path) {
        STORE.reset();
        assertThat(browser.get(path).status()).isLessThan(400);
        return STORE.calls();
    }

    @Test
    void a_request_without_a_cookie_costs_nothing_and_its_answer_does_not_vary() {
        assertThat(callsFor(application.browser(), "/public")).isEmpty();
        assertThat(application.browser().get("/public").response().headers().allValues("Vary"))
                .doesNotContain("Cookie");
    }

    @Test
    void a_page_for_users_costs_one_read() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(callsFor(browser, "/private")).containsExactly(Call.LOAD);
    }

    @Test
    void a_page_for_everybody_costs_nothing_for_who_is_signed_in_and_does_not_vary() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(callsFor(browser, "/public")).isEmpty();
        assertThat(browser.get("/public").response().headers().allValues("Vary"))
                .doesNotContain("Cookie");
    }

    // ---- attributes of a redirect

    @Test
    void attributes_of_a_redirect_are_looked_for_only_by_who_was_given_some() {
        Browser browser = application.browser();
        browser.get("/write");
        assertThat(browser.get("/said").text()).isEqualTo("said: Written.");
        assertThat(browser.get("/said").text()).isEqualTo("said: null");
        assertThat(callsFor(browser, "/public")).containsExactly(Call.LOAD);

        browser.forget(CookieFlashMapManager.COOKIE);

        assertThat(callsFor(browser, "/said")).isEmpty();
    }

    @Test
    void those_of_two_tabs_do_not_lose_each_other() {
        Browser browser = application.browser();
        browser.get("/write?text=one");
        browser.forget(CookieFlashMapManager.COOKIE);
        browser.get("/write?text=two");

        assertThat(List.of(
                        browser.get("/said").text(),
                        browser.get("/said").text(),
                        browser.get("/said").text()))
                .containsExactlyInAnyOrder("said: one", "said: two", "said: null");
    }

    @Test
    void they_are_announced_for_as_long_as_they_are_kept_and_wherever_the_session_goes() {
        assertThat(announcement(application.browser()).split("; "))
                .contains("Path=/", "Max-Age=180", "Secure", "HttpOnly", "SameSite=Lax");
        try (Application embedded = Application.start(
                Site.class,
                Application.over(STORE),
                "sojourn.cookie.path=/write",
                "sojourn.cookie.domain=example.org",
                "sojourn.cookie.same-site=none",
                "sojourn.cookie.partitioned=true")) {
            assertThat(announcement(embedded.browser()).split("; "))
                    .contains("Path=/write", "Domain=example.org", "SameSite=None", "Secure", "Partitioned");
        }
    }

    private static String announcement(Browser browser) {
        return browser.get("/write").response().headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(CookieFlashMapManager.COOKIE))
                .findFirst()
                .orElse("");
    }

    @Test
    void what_was_kept_in_this_very_request_is_found_after_a_forward() {
        assertThat(application.browser().get("/forward").text()).isEqualTo("said: Forwarded.");
    }

    // ---- the event at the end of a request

    @Test
    void who_hears_of_every_request_hears_its_session() throws InterruptedException {
        try (Application heard = Application.start(Site.class, beans -> {
            Application.over(STORE).accept(beans);
            beans.registerBean(Hearing.class);
        })) {
            Browser browser = heard.browser();
            browser.signIn("alice", "wonderland");
            BlockingQueue<String> sessions = heard.bean(Hearing.class).sessions;
            STORE.reset();

            browser.get("/public");

            assertThat(sessions.poll(60, TimeUnit.SECONDS)).hasSize(22);
            assertThat(STORE.calls()).containsExactly(Call.LOAD);
        }
    }
}
