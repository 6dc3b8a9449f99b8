package dev.sojourn.servlet;

import dev.sojourn.SignIn;
import dev.sojourn.SourceByRequest;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.EventListener;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of a filter.
 *
 * @param sessions the application's sessions
 * @param format the format of the drop-in session's attributes
 * @param trustsTypesInData whether data that looks like a typed value is read as one
 * @param listeners the listeners that the application passed to the filter
 * @param subjectOf returns the subject of a drop-in session, or null
 * @param signInOf returns how the subject signed in, or null
 * @param errorResponses chooses the error response for a failure, given the default one
 * @param isProtectedElsewhere whether another protection examines requests of other sites
 * @param containerSettings the container's session settings
 */
record FilterSettings(
        SessionSource sessions,
        AttributeFormat format,
        boolean trustsTypesInData,
        List<EventListener> listeners,
        Function<HttpSession, @Nullable String> subjectOf,
        Function<HttpSession, @Nullable SignIn> signInOf,
        BiFunction<Throwable, ErrorResponse, ErrorResponse> errorResponses,
        Predicate<HttpServletRequest> isProtectedElsewhere,
        ContainerSettings containerSettings) {

    /** Returns the source of a request's session, of one kind. */
    SessionSource sourceOf(Exchange exchange) {
        SessionSource source = sessions;
        while (source instanceof SourceByRequest several) {
            source = several.choose(exchange);
        }
        return source;
    }
}
