package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.annotation.SessionScope;

/** Checks session-scoped beans with injected dependencies. */
class SessionBeansTest {
    /** A service, which is never stored. */
    static class Prices {
        int of(int product) {
            return product * 10;
        }
    }

    /** A session-scoped bean with a service. */
    static class Basket {
        private final Map<Integer, Integer> counts = new HashMap<>();

        @Autowired
        private transient @Nullable Prices prices;

        void add(int product) {
            counts.merge(product, 1, Integer::sum);
        }

        String summary() {
            int sum = prices == null
                    ? -1
                    : counts.entrySet().stream()
                            .mapToInt(each -> prices.of(each.getKey()) * each.getValue())
                            .sum();
            return counts + " for " + sum;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        Prices prices() {
            return new Prices();
        }

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        @SessionScope
        Basket basket() {
            return new Basket();
        }
    }

    @RestController
    static class Page {
        private final Basket basket;

        Page(Basket basket) {
            this.basket = basket;
        }

        @GetMapping("/add")
        String add() {
            basket.add(7);
            return basket.summary();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Shop.class, Page.class})
    static class BasketApp {}

    @Test
    void a_service_is_injected_into_a_session_scoped_bean_in_every_request() {
        try (Application application = Application.start(
                BasketApp.class, "sojourn.attributes.types=" + Basket.class.getName(), "sojourn.store=memory")) {
            Browser browser = application.browser();
            assertThat(browser.get("/add").text()).isEqualTo("{7=1} for 70");
            assertThat(browser.get("/add").text()).isEqualTo("{7=2} for 140");
            assertThat(browser.get("/add").text()).isEqualTo("{7=3} for 210");
        }
    }
}
