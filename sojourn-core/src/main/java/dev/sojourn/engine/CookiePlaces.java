package dev.sojourn.engine;

import dev.sojourn.SameSite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The places in which a browser may keep a cookie of our name besides the configured one. Browsers identify a cookie by
 * name, domain, path and partition (RFC 6265bis §5.7, CHIPS), and a request shows only the name. But the domain of a
 * cookie in a request is the host or a parent of it, its path is a prefix of the request's, and its partition is the
 * present one or none: a response can remove all of them without touching the configured place.
 *
 * <p>Servers limit the size of a response's head, so the lines are limited too: the configured path first, then the
 * others in random order, so that the rest is removed with one of the next requests.
 */
final class CookiePlaces {
    private static final int MOST_BYTES = 3_000;
    private static final int MOST_DOMAINS = 4;

    private final CookieRules cookie;
    private final SameSite sameSite;
    private final List<String> lines = new ArrayList<>();
    private int bytes;

    private CookiePlaces(CookieRules cookie, SameSite sameSite) {
        this.cookie = cookie;
        this.sameSite = sameSite;
    }

    /**
     * Returns the line that removes the cookie of the same place with the other partition; empty if there cannot be
     * one.
     */
    static List<String> clearingTwin(CookieRules cookie, SameSite sameSite) {
        CookiePlaces places = new CookiePlaces(cookie, sameSite);
        if (cookie.secure()) {
            places.clear(cookie.at(cookie.path(), cookie.domain()).inOtherPartition());
        }
        return places.lines;
    }

    /**
     * Returns the lines that remove every other cookie of this name that a browser can have sent with a request.
     *
     * @param host the host to which the browser sent the request
     * @param path the path that the browser requested
     */
    static List<String> clearingOthers(CookieRules cookie, SameSite sameSite, Optional<String> host, String path) {
        if (cookie.hostOnly()) {
            return clearingTwin(cookie, sameSite);
        }
        CookiePlaces places = new CookiePlaces(cookie, sameSite);
        for (String each : paths(cookie, path)) {
            for (String domain : domains(cookie, host)) {
                CookieRules place = cookie.at(each, domain.isEmpty() ? null : domain);
                places.clear(place);
                if (cookie.secure()) {
                    places.clear(place.inOtherPartition());
                }
            }
        }
        return places.lines;
    }

    private void clear(CookieRules place) {
        if (place.equals(cookie.at(cookie.path(), cookie.domain()))) {
            return;
        }
        String line = place.clearing(sameSite);
        if (bytes + line.length() <= MOST_BYTES) {
            bytes += line.length();
            lines.add(line);
        }
    }

    /**
     * Returns the configured path first, then the prefixes of the request's, each with and without a trailing slash.
     */
    private static List<String> paths(CookieRules cookie, String path) {
        Set<String> paths = new HashSet<>();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            paths.add(path.substring(0, slash));
            paths.add(path.substring(0, slash + 1));
        }
        paths.add(path);
        paths.remove(cookie.path());
        paths.removeIf(each -> !CookieRules.isPath(each));
        List<String> shuffled = new ArrayList<>(paths);
        Collections.shuffle(shuffled, ThreadLocalRandom.current());
        shuffled.add(0, cookie.path());
        return shuffled;
    }

    /** Returns the configured domain first; an empty one means the host alone. */
    private static Set<String> domains(CookieRules cookie, Optional<String> host) {
        Set<String> domains = new LinkedHashSet<>();
        domains.add(cookie.domain() == null ? "" : cookie.domain());
        domains.add("");
        for (String name = host.orElse(""); CookieRules.isDomain(name) && domains.size() < MOST_DOMAINS; ) {
            domains.add(name);
            name = name.substring(name.indexOf('.') + 1);
        }
        return domains;
    }
}
