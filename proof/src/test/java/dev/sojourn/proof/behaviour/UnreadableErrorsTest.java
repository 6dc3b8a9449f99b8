package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.WebApplication;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * A value whose reading throws an {@code Error} instead of an exception (no memory, no stack, no class) is unreadable: it counts as
 * absent, it stays stored, and the request continues.
 */
@SuppressWarnings("UnnecessaryLambda") // compared by identity
class UnreadableErrorsTest {
    private static final Supplier<Error> NONE = () -> {
        throw new IllegalStateException("no failure is set");
    };

    private static final Map<String, Supplier<Error>> ERRORS = new LinkedHashMap<>();
    private static volatile Supplier<Error> failure = NONE;

    static {
        ERRORS.put("no memory", () -> new OutOfMemoryError("Java heap space"));
        ERRORS.put("no stack", StackOverflowError::new);
        ERRORS.put("no class", () -> new NoClassDefFoundError("com/acme/Gone"));
    }

    @TempDir
    private Path folder;

    /** A value that cannot be read while {@link #failure} is set. */
    @JsonDeserialize(using = Reading.class)
    record Report(String text) implements Serializable {
        @Serial
        private Object readResolve() {
            failIfSet();
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
            failIfSet();
            return new Report(text);
        }
    }

    private static void failIfSet() {
        if (failure != NONE) {
            throw failure.get();
        }
    }

    private static final Key<Report> REPORT = Key.of("report", Report.class);

    @AfterEach
    void clearFailure() {
        failure = NONE;
    }

    private static void assertUnreadable(
            WebApplication application, WebApplication.Handler set, WebApplication.Handler get) {
        ERRORS.forEach((name, error) -> {
            application.request(request -> {
                set.handle(request);
                Sojourn.session(request).set("other", name);
                return "";
            });
            failure = error;
            assertThat(application.request(get)).as(name).isEqualTo("null");
            assertThat(application.request(request -> Sojourn.session(request).get("other", String.class)))
                    .as("the other attribute")
                    .isEqualTo(name);
            failure = NONE;
            assertThat(application.request(get)).as("after " + name).isEqualTo("Report[text=whole]");
        });
    }

    private static void assertUnreadableInSession(WebApplication application) {
        assertUnreadable(
                application,
                request -> {
                    Sojourn.session(request).set(REPORT, new Report("whole"));
                    return "";
                },
                request -> Sojourn.session(request).get(REPORT));
    }

    private static void assertUnreadableInDropIn(WebApplication application) {
        assertUnreadable(
                application,
                request -> {
                    request.getSession().setAttribute("report", new Report("whole"));
                    return "";
                },
                request -> request.getSession().getAttribute("report"));
    }

    private WebApplication application(AttributeFormat format) {
        return new WebApplication(folder, Sessions.create(c -> c.secret(Site.SECRET)), format, "__Host-id");
    }

    @Test
    void a_session_treats_an_error_as_an_unreadable_value() {
        try (WebApplication application = application(AttributeFormat.json())) {
            assertUnreadableInSession(application);
        }
    }

    @Test
    void a_session_shared_with_express_treats_an_error_as_an_unreadable_value() {
        Sessions sessions =
                Sessions.create(Express.compatible(MemoryStore.builder().build(), e -> e.secret(Site.SECRET)));
        try (WebApplication application = new WebApplication(folder, sessions, AttributeFormat.json(), "connect.sid")) {
            assertUnreadableInSession(application);
        }
    }

    @Test
    void the_json_format_of_the_drop_in_treats_an_error_as_an_unreadable_value() {
        try (WebApplication application = application(AttributeFormat.json(Report.class))) {
            assertUnreadableInDropIn(application);
        }
    }

    @Test
    void the_java_serialization_of_the_drop_in_treats_an_error_as_an_unreadable_value() {
        String pattern = Report.class.getName();
        try (WebApplication application = application(AttributeFormat.filteredJavaSerialization(pattern))) {
            assertUnreadableInDropIn(application);
        }
    }

    @Test
    void end_if_skips_a_session_whose_value_throws_an_error() {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET));
        try (WebApplication application = new WebApplication(folder, sessions, AttributeFormat.json(), "__Host-id")) {
            application.request(request -> {
                Sojourn.session(request).login("alice");
                Sojourn.session(request).set(REPORT, new Report("whole"));
                return "";
            });
            ERRORS.values().forEach(error -> {
                failure = error;
                assertThat(application.request(request -> sessions.of("alice").endIf(REPORT, report -> true)))
                        .isEqualTo("0");
            });
            failure = NONE;
            assertThat(sessions.of("alice").endIf(REPORT, report -> true)).isEqualTo(1);
        }
    }
}
