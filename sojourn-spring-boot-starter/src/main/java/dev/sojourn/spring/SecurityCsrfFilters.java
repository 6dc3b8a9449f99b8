package dev.sojourn.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;

/**
 * Whether Spring Security examines a request for CSRF: the first filter chain that matches it has a {@link CsrfFilter}. Which
 * requests that filter lets pass is the application's decision. Thread-safe.
 */
final class SecurityCsrfFilters implements CsrfProtection {
    private final ObjectProvider<SecurityFilterChain> chains;
    /** The chains, in their order; null until the first request. */
    private volatile @Nullable List<SecurityFilterChain> ordered;

    SecurityCsrfFilters(ObjectProvider<SecurityFilterChain> chains) {
        this.chains = chains;
    }

    @Override
    public boolean test(HttpServletRequest request) {
        List<SecurityFilterChain> all = ordered;
        if (all == null) {
            all = chains.orderedStream().toList();
            ordered = all;
        }
        for (SecurityFilterChain chain : all) {
            if (chain.matches(request)) {
                return chain.getFilters().stream().anyMatch(CsrfFilter.class::isInstance);
            }
        }
        return false;
    }
}
