package dev.sojourn.spring;

import dev.sojourn.Session;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A program that has Spring MVC and nothing else. Prints what a client received, for {@link BareTest}. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Bare {
    @RestController
    static class Counter {
        @GetMapping("/")
        String count(Session session) {
            return "visit " + session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
        }
    }

    public static void main(String[] arguments) {
        try (Application application = Application.start(Bare.class, arguments)) {
            Browser browser = application.browser();
            System.out.println(browser.get("/").text() + ", " + browser.get("/").text());
        }
    }
}
