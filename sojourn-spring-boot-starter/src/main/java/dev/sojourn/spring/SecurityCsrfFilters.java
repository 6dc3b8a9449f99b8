package dev.sojourn.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.debug.DebugFilter;

/**
 * Whether Spring Security examines a request for CSRF: the first filter chain that matches it has a {@link CsrfFilter}. Which
 * requests that filter lets pass is the application's decision. Thread-safe.
 */
final class SecurityCsrfFilters implements CsrfProtection {
    private final ObjectProvider<SecurityFilterChain> chains;
    private final ObjectProvider<Filter> security;
    /** The chains, in their order; null until the first request. */
    private volatile @Nullable List<SecurityFilterChain> ordered;

    /**
     * Creates the rule.
     *
     * @param chains the chains that are beans, for a security filter of another class
     * @param security Spring Security's filter
     */
    SecurityCsrfFilters(ObjectProvider<SecurityFilterChain> chains, ObjectProvider<Filter> security) {
        this.chains = chains;
        this.security = security;
    }

    @Override
    public boolean test(HttpServletRequest request) {
        List<SecurityFilterChain> all = ordered;
        if (all == null) {
            all = chains();
            ordered = all;
        }
        for (SecurityFilterChain chain : all) {
            if (chain.matches(request)) {
                return chain.getFilters().stream().anyMatch(CsrfFilter.class::isInstance);
            }
        }
        return false;
    }

    /** Returns all chains: those of paths that a {@code WebSecurityCustomizer} ignores are no beans. */
    private List<SecurityFilterChain> chains() {
        Filter filter = security.getIfAvailable();
        if (filter instanceof DebugFilter debug) {
            filter = debug.getFilterChainProxy();
        }
        return filter instanceof FilterChainProxy proxy
                ? proxy.getFilterChains()
                : chains.orderedStream().toList();
    }
}
