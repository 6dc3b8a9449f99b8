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

/** Checks that an attribute whose reading throws an error (no memory, stack overflow, missing class) reads as absent, and the
 * request continues. */
@SuppressWarnings("UnnecessaryLambda") // compared by identity
class UnreadableErrorsTest {
    private static final Supplier<Error> NONE = () -> {
        throw new IllegalStateException("no failure is set");
    };

    private static volatile Supplier<Error> failure = NONE;

    /** A value whose reading throws the error of {@link #failure}. */
    @JsonDeserialize(using = ReportDeserializer.class)
    record Report(String text) implements Serializable {
        @Serial
        private Object readResolve() {
            throwFailure();
            return this;
        }
    }

    static final class ReportDeserializer extends StdDeserializer<Report> {
        ReportDeserializer() {
            super(Report.class);
        }

        @Override
        public Report deserialize(JsonParser parser, DeserializationContext context) {
            String text = context.readTree(parser).get("text").stringValue();
            throwFailure();
            return new Report(text);
        }
    }

    private static void throwFailure() {
        if (failure != NONE) {
            throw failure.get();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class PermitAll {
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
            session.setAttribute("other", "here");
            return "";
        }

        @GetMapping("/get")
        String get(HttpSession session) {
            return session.getAttribute("report") + " " + session.getAttribute("other");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({PermitAll.class, Page.class})
    static class UnreadableErrorsApp {}

    @AfterEach
    void resetFailure() {
        failure = NONE;
    }

    private static void assertReadsAsAbsent(String format) {
        try (Application application = Application.start(
                UnreadableErrorsApp.class,
                "sojourn.store=memory",
                "sojourn.attributes." + format + "=" + Report.class.getName())) {
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
    void a_listed_type_that_cannot_be_read_is_absent() {
        assertReadsAsAbsent("types");
    }

    @Test
    void a_serialized_value_that_cannot_be_read_is_absent() {
        assertReadsAsAbsent("filtered-java-serialization");
    }
}
