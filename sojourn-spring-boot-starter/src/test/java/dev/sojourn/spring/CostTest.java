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

/** Checks the number of store calls per request. */
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

    /** A bean that listens to the events of all requests. */
    static class EventListenerBean {
        final BlockingQueue<String> sessions = new LinkedBlockingQueue<>();

        @EventListener
        void onRequestHandled(ServletRequestHandledEvent event) {
            sessions.add(String.valueOf(event.getSessionId()));
        }
    }

    @RestController
    static class Texts {
        @GetMapping("/public")
        String publicText() {
            return "public";
        }

        @GetMapping("/private")
        String privateText() {
            return "private";
        }

        @GetMapping("/write")
        RedirectView write(@RequestParam(defaultValue = "Written.") String text, RedirectAttributes next) {
            next.addFlashAttribute("flash", text);
            return new RedirectView("/flash");
        }

        @GetMapping("/forward")
        InternalResourceView forward(HttpServletRequest request, HttpServletResponse response) {
            FlashMap map = RequestContextUtils.getOutputFlashMap(request);
            map.put("flash", "Forwarded.");
            // A flash map's target is the path of the client's request, not of the forward.
            RequestContextUtils.saveOutputFlashMap("/forward", request, response);
            return new InternalResourceView("/flash");
        }

        @GetMapping("/flash")
        String flashText(Model model) {
            return "flash: " + model.getAttribute("flash");
        }
    }

    private static List<Call> callsFor(Browser browser, String path) {
        STORE.reset();
        assertThat(browser.get(path).status()).isLessThan(400);
        return STORE.calls();
    }

    @Test
    void a_request_without_a_cookie_costs_nothing_and_its_response_does_not_vary() {
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
    void a_public_page_costs_nothing_for_a_signed_in_user_and_does_not_vary() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(callsFor(browser, "/public")).isEmpty();
        assertThat(browser.get("/public").response().headers().allValues("Vary"))
                .doesNotContain("Cookie");
    }

    // ---- flash attributes

    @Test
    void flash_attributes_are_read_only_for_clients_that_have_some() {
        Browser browser = application.browser();
        browser.get("/write");
        assertThat(browser.get("/flash").text()).isEqualTo("flash: Written.");
        assertThat(browser.get("/flash").text()).isEqualTo("flash: null");
        assertThat(callsFor(browser, "/public")).containsExactly(Call.LOAD);

        browser.removeCookie(CookieFlashMapManager.COOKIE);

        assertThat(callsFor(browser, "/flash")).isEmpty();
    }

    @Test
    void flash_attributes_of_two_tabs_are_both_delivered() {
        Browser browser = application.browser();
        browser.get("/write?text=one");
        browser.removeCookie(CookieFlashMapManager.COOKIE);
        browser.get("/write?text=two");

        assertThat(List.of(
                        browser.get("/flash").text(),
                        browser.get("/flash").text(),
                        browser.get("/flash").text()))
                .containsExactlyInAnyOrder("flash: one", "flash: two", "flash: null");
    }

    @Test
    void the_flash_cookie_has_the_lifetime_of_flash_attributes_and_the_scope_of_the_session_cookie() {
        assertThat(flashCookie(application.browser()).split("; "))
                .contains("Path=/", "Max-Age=180", "Secure", "HttpOnly", "SameSite=Lax");
        try (Application embedded = Application.start(
                Site.class,
                Application.over(STORE),
                "sojourn.cookie.path=/write",
                "sojourn.cookie.domain=example.org",
                "sojourn.cookie.same-site=none",
                "sojourn.cookie.partitioned=true")) {
            assertThat(flashCookie(embedded.browser()).split("; "))
                    .contains("Path=/write", "Domain=example.org", "SameSite=None", "Secure", "Partitioned");
        }
    }

    private static String flashCookie(Browser browser) {
        return browser.get("/write").response().headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(CookieFlashMapManager.COOKIE))
                .findFirst()
                .orElse("");
    }

    @Test
    void a_flash_attribute_of_the_same_request_is_found_after_a_forward() {
        assertThat(application.browser().get("/forward").text()).isEqualTo("flash: Forwarded.");
    }

    // ---- the event at the end of a request

    @Test
    void the_event_of_a_request_contains_its_session() throws InterruptedException {
        try (Application listeningApplication = Application.start(Site.class, beans -> {
            Application.over(STORE).accept(beans);
            beans.registerBean(EventListenerBean.class);
        })) {
            Browser browser = listeningApplication.browser();
            browser.signIn("alice", "wonderland");
            BlockingQueue<String> sessions = listeningApplication.bean(EventListenerBean.class).sessions;
            STORE.reset();

            browser.get("/public");

            assertThat(sessions.poll(60, TimeUnit.SECONDS)).hasSize(22);
            assertThat(STORE.calls()).containsExactly(Call.LOAD);
        }
    }
}
