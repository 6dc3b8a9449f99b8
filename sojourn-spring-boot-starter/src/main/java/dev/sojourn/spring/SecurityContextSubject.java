package dev.sojourn.spring;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** Finds the user that Spring Security signed in to a session: the subject, or null if there is none. */
final class SecurityContextSubject implements SubjectResolver {
    @Override
    public @Nullable String apply(HttpSession session) {
        Authentication user = user(session);
        return user == null ? null : user.getName();
    }

    /** Returns the user who is signed in to a session; null if there is none. */
    static @Nullable Authentication user(HttpSession session) {
        Object stored = session.getAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY);
        Authentication authentication = stored instanceof SecurityContext context ? context.getAuthentication() : null;
        return authentication == null
                        || !authentication.isAuthenticated()
                        || authentication instanceof AnonymousAuthenticationToken
                ? null
                : authentication;
    }
}
