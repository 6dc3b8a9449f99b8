package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.session.SessionDestroyedEvent;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.annotation.SessionScope;

/** Checks session listeners of applications written for container sessions. */
class ListenersTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ListenerApp {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        RecordingListener recordingListener() {
            return new RecordingListener();
        }

        /** A listener that is registered only with the container. */
        @Bean
        ServletListenerRegistrationBean<HttpSessionIdListener> ids(RecordingListener listener) {
            return new ServletListenerRegistrationBean<>((event, former) -> listener.all.add("id"));
        }

        /** Publishes session events as application events, by means of Spring Security. */
        @Bean
        HttpSessionEventPublisher publisher() {
            return new HttpSessionEventPublisher();
        }

        @Bean
        @SessionScope
        Basket basket() {
            return new Basket();
        }

        @Bean
        Shop shop(Basket basket) {
            return new Shop(basket);
        }
    }

    static class RecordingListener implements HttpSessionListener, HttpSessionAttributeListener {
        final Queue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            all.add("created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            all.add("destroyed");
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            all.add("added " + event.getName());
        }

        @EventListener
        void onSessionDestroyed(SessionDestroyedEvent event) {
            all.add("event");
        }
    }

    /** A session-scoped bean. */
    public static class Basket implements Serializable {
        private static final long serialVersionUID = 1L;

        private final ArrayList<String> things = new ArrayList<>();

        public void add(String thing) {
            things.add(thing);
        }

        public String contents() {
            return String.join(" ", things);
        }
    }

    @RestController
    static class Shop {
        private final Basket basket;

        Shop(Basket basket) {
            this.basket = basket;
        }

        @GetMapping("/begin")
        void begin(HttpSession session) {
            session.setAttribute("name", "John");
        }

        @GetMapping("/end")
        void end(HttpSession session, HttpServletRequest request) {
            request.changeSessionId();
            session.invalidate();
        }

        @GetMapping("/tea")
        String tea() {
            basket.add("tea");
            return basket.contents();
        }
    }

    @Test
    void listeners_that_are_beans_or_registered_are_notified_once() {
        try (Application application = Application.start(ListenerApp.class, "sojourn.store=memory")) {
            Browser browser = application.browser();
            browser.get("/begin");
            browser.get("/end");

            // Listeners are notified of ends in the reverse order of their registration by Boot.
            assertThat(application.bean(RecordingListener.class).all)
                    .startsWith("created", "added name", "id")
                    .containsExactlyInAnyOrder("created", "added name", "id", "event", "destroyed");
        }
    }

    @Test
    void a_session_scoped_bean_is_stored_if_its_type_is_listed() {
        try (Application application = Application.start(
                ListenerApp.class, "sojourn.store=memory", "sojourn.attributes.types=" + Basket.class.getName())) {
            Browser browser = application.browser();

            assertThat(browser.get("/tea").text()).isEqualTo("tea");
            assertThat(browser.get("/tea").text()).isEqualTo("tea tea");
            assertThat(application.browser().get("/tea").text()).isEqualTo("tea");
        }
    }

    @Test
    void a_session_scoped_bean_is_stored_if_java_serialization_is_enabled_for_it() {
        try (Application application = Application.start(
                ListenerApp.class,
                "sojourn.store=memory",
                "sojourn.attributes.filtered-java-serialization=dev.sojourn.spring.*")) {
            Browser browser = application.browser();

            assertThat(browser.get("/tea").text()).isEqualTo("tea");
            assertThat(browser.get("/tea").text()).isEqualTo("tea tea");
        }
    }
}
