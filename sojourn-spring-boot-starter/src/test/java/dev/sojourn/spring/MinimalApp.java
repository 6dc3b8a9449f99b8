package dev.sojourn.spring;

import dev.sojourn.Session;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A program with only Spring MVC. Prints the response that a client received, for {@link OptionalDependenciesTest}. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class MinimalApp {
    @RestController
    static class Counter {
        @GetMapping("/")
        String count(Session session) {
            return "visit " + session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
        }
    }

    public static void main(String[] arguments) {
        try (Application application = Application.start(MinimalApp.class, arguments)) {
            Browser browser = application.browser();
            System.out.println(browser.get("/").text() + ", " + browser.get("/").text());
        }
    }
}
