package dev.sojourn.spring;

import dev.sojourn.Session;
import dev.sojourn.servlet.Sojourn;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Finds the session of the current thread's request, for callbacks of Spring Security that have no request. */
final class CurrentSession {
    private CurrentSession() {}

    static @Nullable Session find() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                ? Sojourn.session(request.getRequest())
                : null;
    }
}
