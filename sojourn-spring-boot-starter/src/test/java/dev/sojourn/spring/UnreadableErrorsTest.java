package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/** An attribute whose reading fails with an error (no memory, no stack, no class) reads as absent, and the request continues. */
@SuppressWarnings("UnnecessaryLambda") // compared by identity
class UnreadableErrorsTest {
    private static final Supplier<Error> NONE = () -> {
        throw new IllegalStateException("nothing is to fail");
    };

    private static volatile Supplier<Error> failure = NONE;

    /** A value whose reading throws the error of {@link #failure}. */
    @JsonDeserialize(using = Reading.class)
    record Report(String text) implements Serializable {
        @Serial
        private Object readResolve() {
            failIfToldTo();
            return this;
        }
    }

    static final class Reading extends StdDeserializer<Report> {
        Reading() {
            super(Report.class);
        }

        @Override
        public Report deserialize(JsonParser parser, DeserializationContext context) {
            String text = context.readTree(parser).get("text").stringValue();
            failIfToldTo();
            return new Report(text);
        }
    }

    private static void failIfToldTo() {
        if (failure != NONE) {
            throw failure.get();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Open {
        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @RestController
    static class Page {
        @GetMapping("/set")
        String set(HttpSession session) {
            session.setAttribute("report", new Report("whole"));
            session.setAttribute("beside", "here");
            return "";
        }

        @GetMapping("/get")
        String get(HttpSession session) {
            return session.getAttribute("report") + " " + session.getAttribute("beside");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Open.class, Page.class})
    static class All {}

    @AfterEach
    void nothingFails() {
        failure = NONE;
    }

    private static void isUnreadableAndNothingWorse(String format) {
        try (Application application = Application.start(
                All.class, "sojourn.store=memory", "sojourn.attributes." + format + "=" + Report.class.getName())) {
            Browser browser = application.browser();
            browser.get("/set");
            for (Supplier<Error> error : List.<Supplier<Error>>of(
                    () -> new OutOfMemoryError("Java heap space"),
                    StackOverflowError::new,
                    () -> new NoClassDefFoundError("com/acme/Gone"))) {
                failure = error;
                assertThat(browser.get("/get").text()).isEqualTo("null here");
                failure = NONE;
                assertThat(browser.get("/get").text()).isEqualTo("Report[text=whole] here");
            }
        }
    }

    @Test
    void of_a_type_that_is_listed() {
        isUnreadableAndNothingWorse("types");
    }

    @Test
    void of_java_serialization() {
        isUnreadableAndNothingWorse("filtered-java-serialization");
    }
}
