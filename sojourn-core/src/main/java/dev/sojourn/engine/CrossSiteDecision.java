package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request show about the page that made a browser send it. Scripts cannot set or remove these
 * headers. A pure function of the headers: {@code CrossSiteDecisionTest} has its table.
 */
enum CrossSiteDecision {
    /** A page of this application or of a trusted origin, the user, or a program that no page can make send anything. */
    ALLOWED,
    /** The browser says that a page of another site or of another origin sent it. */
    OTHER_SITE,
    /** {@code Origin} names another origin. */
    OTHER_ORIGIN,
    /** {@code Origin} is {@code null}: the browser does not say which page it was. */
    HIDDEN_ORIGIN,
    /** {@code Referer} names another origin. */
    OTHER_REFERER,
    /** A browser sent it, and says nothing about a page. */
    NO_EVIDENCE;

    /** The user agents of browsers begin like this, also of those that are too old for the other headers. */
    private static final List<String> BROWSERS = List.of("Mozilla/", "Opera/");

    /**
     * The headers that count, with one value for each line.
     *
     * @param fetchSite {@code Sec-Fetch-Site}
     * @param origin {@code Origin}
     * @param referer {@code Referer}
     * @param userAgent {@code User-Agent}
     */
    record Evidence(List<String> fetchSite, List<String> origin, List<String> referer, List<String> userAgent) {
        static Evidence of(Exchange exchange) {
            return new Evidence(
                    exchange.requestHeaders("Sec-Fetch-Site"),
                    exchange.requestHeaders("Origin"),
                    exchange.requestHeaders("Referer"),
                    exchange.requestHeaders("User-Agent"));
        }

        private boolean isOfBrowser() {
            return userAgent.stream().anyMatch(line -> BROWSERS.stream().anyMatch(line::startsWith));
        }
    }

    /**
     * Decides by the first header that says something.
     *
     * @param evidence the headers
     * @param own whether an origin is the application's own
     * @param trusted the origins whose pages may send requests
     */
    static CrossSiteDecision of(Evidence evidence, Predicate<WebOrigin> own, Set<WebOrigin> trusted) {
        switch (single(evidence.fetchSite())) {
            case "same-origin", "none" -> {
                return ALLOWED;
            }
            case "same-site", "cross-site" -> {
                WebOrigin origin = WebOrigin.of(single(evidence.origin()));
                return origin != null && trusted.contains(origin) ? ALLOWED : OTHER_SITE;
            }
            default -> {
                // Absent, repeated, or a value of a later specification.
            }
        }
        if (!evidence.origin().isEmpty()) {
            String text = single(evidence.origin());
            return isKnown(WebOrigin.of(text), own, trusted)
                    ? ALLOWED
                    : text.equals("null") ? HIDDEN_ORIGIN : OTHER_ORIGIN;
        }
        if (!evidence.referer().isEmpty()) {
            return isKnown(WebOrigin.ofUrl(single(evidence.referer())), own, trusted) ? ALLOWED : OTHER_REFERER;
        }
        return evidence.isOfBrowser() ? NO_EVIDENCE : ALLOWED;
    }

    private static boolean isKnown(@Nullable WebOrigin origin, Predicate<WebOrigin> own, Set<WebOrigin> trusted) {
        return origin != null && (trusted.contains(origin) || own.test(origin));
    }

    /** Returns the only line of a header; empty if there is none, or several. */
    private static String single(List<String> lines) {
        return lines.size() == 1 ? lines.get(0).trim() : "";
    }

    /** Whether a token can show what the headers do not. */
    boolean isOpen() {
        return this == HIDDEN_ORIGIN || this == NO_EVIDENCE;
    }
}
