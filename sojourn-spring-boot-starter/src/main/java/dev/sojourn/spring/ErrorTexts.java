package dev.sojourn.spring;

import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.spi.ErrorResponse;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Chooses the text of error responses whose remedy is a property. The text contains what to do only where Spring Boot's error
 * page shows messages, as under DevTools. The messages contain names of attributes, types and properties, and no value.
 */
final class ErrorTexts implements BiFunction<Throwable, ErrorResponse, ErrorResponse> {
    private static final String PROPERTY = "spring.web.error.include-message";
    /** The name up to Spring Boot 3; Spring Boot 4 ignores it, but it expresses the same choice. */
    private static final String FORMER_PROPERTY = "server.error.include-message";

    private static final int DEEPEST = 16;

    private final boolean showsMessages;

    private ErrorTexts(boolean showsMessages) {
        this.showsMessages = showsMessages;
    }

    /** Returns the texts for an application, which reveal as much as its error page. */
    static ErrorTexts in(Environment environment) {
        return new ErrorTexts(List.of(PROPERTY, FORMER_PROPERTY).stream()
                .anyMatch(name -> "always".equalsIgnoreCase(environment.getProperty(name))));
    }

    @Override
    public ErrorResponse apply(Throwable problem, ErrorResponse response) {
        UnstorableValueException unstorable = find(UnstorableValueException.class, problem);
        if (unstorable != null) {
            return of(unstorable);
        }
        SessionUndeliverableException undeliverable = find(SessionUndeliverableException.class, problem);
        return undeliverable != null && showsMessages
                ? new ErrorResponse(
                        response.status(), response.text() + "\n" + explain(undeliverable), response.headers())
                : response;
    }

    /** Returns the response to a request whose value cannot be stored. */
    ErrorResponse of(UnstorableValueException problem) {
        return new ErrorResponse(
                500,
                "Internal Server Error: a value cannot be stored in the session."
                        + (showsMessages ? "\n\n" + explain(problem) : " The server's log contains the remedy.\n"),
                Map.of("Cache-Control", "no-store", "Content-Type", "text/plain; charset=utf-8"));
    }

    private static String explain(Exception problem) {
        return problem.getMessage() + "\n\nThis page shows the reason because " + PROPERTY
                + "=always, which DevTools sets.\n";
    }

    /** Returns the exception of this type that is the problem or caused it, or null if there is none. */
    static <T extends Throwable> @Nullable T find(Class<T> type, Throwable problem) {
        Throwable at = problem;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
