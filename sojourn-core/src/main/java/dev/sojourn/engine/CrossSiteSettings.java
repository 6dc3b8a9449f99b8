package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How requests of other sites are recognized and treated, complete and checked. Immutable. */
public final class CrossSiteSettings {
    final Set<WebOrigin> trustedOrigins;
    /** Empty if each request names its own. */
    final Set<WebOrigin> ownOrigins;

    final ExemptPaths exempt;
    final PathRules requireToken;
    final PathRules checkWithoutCookie;
    final boolean reportOnly;
    final boolean off;

    private CrossSiteSettings(Builder from) {
        this.ownOrigins = origins("c.csrf(k -> k.ownOrigin(...))", from.ownOrigins);
        Set<WebOrigin> trusted = origins("c.csrf(k -> k.trustedOrigin(...))", from.trustedOrigins);
        trusted.addAll(ownOrigins);
        this.trustedOrigins = Set.copyOf(trusted);
        this.exempt = ExemptPaths.of("an exempt", from.exempt);
        this.requireToken = PathRules.of("a requireToken", from.requireToken);
        this.checkWithoutCookie = PathRules.of("a checkWithoutCookie", from.checkWithoutCookie);
        this.reportOnly = from.reportOnly;
        this.off = from.off;
        check(from, exempt);
    }

    private static Set<WebOrigin> origins(String option, List<String> texts) {
        return texts.stream().map(text -> WebOrigin.configured(option, text)).collect(Collectors.toSet());
    }

    private static void check(Builder from, ExemptPaths exempt) {
        boolean others = from.reportOnly
                || !from.trustedOrigins.isEmpty()
                || !from.ownOrigins.isEmpty()
                || !from.exempt.isEmpty()
                || !from.requireToken.isEmpty()
                || !from.checkWithoutCookie.isEmpty();
        if (from.off && others) {
            throw new IllegalArgumentException(
                    "c.csrf(k -> k.off()) contradicts the other options of csrf, which have no"
                            + " effect then: leave it away, or leave them away (with Spring, sojourn.csrf.off)");
        }
        Stream.concat(from.requireToken.stream(), from.checkWithoutCookie.stream())
                .filter(path -> exempt.cover(path, ""))
                .findFirst()
                .ifPresent(path -> {
                    throw new IllegalArgumentException("the path " + path
                            + " is, or is below, one that is exempt from the check for requests of other sites, and is to be"
                            + " checked: leave one of the options away");
                });
    }

    /** Collects the options. Its fields are the configuration's defaults. */
    public static final class Builder {
        /** See {@code CsrfOptions.trustedOrigin}. */
        public final List<String> trustedOrigins = new ArrayList<>();
        /** See {@code CsrfOptions.ownOrigin}. */
        public final List<String> ownOrigins = new ArrayList<>();
        /** See {@code CsrfOptions.exempt}. */
        public final List<String> exempt = new ArrayList<>();
        /** See {@code CsrfOptions.requireToken}. */
        public final List<String> requireToken = new ArrayList<>();
        /** See {@code CsrfOptions.checkWithoutCookie}. */
        public final List<String> checkWithoutCookie = new ArrayList<>();
        /** See {@code CsrfOptions.reportOnly}. */
        public boolean reportOnly;
        /** See {@code CsrfOptions.off}. */
        public boolean off;

        /** The defaults. */
        public Builder() {}

        CrossSiteSettings build() {
            return new CrossSiteSettings(this);
        }
    }
}
