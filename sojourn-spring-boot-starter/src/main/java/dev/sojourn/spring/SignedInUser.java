package dev.sojourn.spring;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** A session belongs to the user whom Spring Security has signed in to it. */
final class SignedInUser implements SubjectSource {
    @Override
    public @Nullable String apply(HttpSession session) {
        Object kept = session.getAttribute(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY);
        Authentication who = kept instanceof SecurityContext context ? context.getAuthentication() : null;
        if (who == null || !who.isAuthenticated() || who instanceof AnonymousAuthenticationToken) {
            return null;
        }
        return who.getName();
    }
}
