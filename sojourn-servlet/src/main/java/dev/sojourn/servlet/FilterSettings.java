package dev.sojourn.servlet;

import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import jakarta.servlet.http.HttpSession;
import java.util.EventListener;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a filter was built with.
 *
 * @param sessions the application's sessions
 * @param format how attributes of the drop-in session are kept
 * @param trustsTypesInData whether what only looks like a typed value is read as one
 * @param named the listeners that the application named to the filter
 * @param subjectOf says whom a drop-in session belongs to
 * @param errorResponses chooses the error response for a failure, given the default one
 * @param containers what the container says of sessions
 */
record FilterSettings(
        Sessions sessions,
        AttributeFormat format,
        boolean trustsTypesInData,
        List<EventListener> named,
        Function<HttpSession, @Nullable String> subjectOf,
        BiFunction<Throwable, ErrorResponse, ErrorResponse> errorResponses,
        ContainerSettings containers) {}
