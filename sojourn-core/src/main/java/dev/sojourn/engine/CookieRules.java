package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.engine.EngineFactory.CookieFlag;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The validated attributes of one cookie, and the {@code Set-Cookie} lines made from them. Rejects a cookie that
 * browsers would reject (RFC 6265bis §4.1, §5.7).
 *
 * @param name its name
 * @param path its path
 * @param domain its domain, or null for the host alone
 * @param sameSite when browsers send it
 * @param flags what else it is
 * @param priority its priority, or null
 * @param lifetime how long browsers keep it
 */
record CookieRules(
        String name,
        String path,
        @Nullable String domain,
        SameSite sameSite,
        Set<CookieFlag> flags,
        @Nullable CookiePriority priority,
        CookieLifetime lifetime) {
    /** The size that browsers accept, name and value together. */
    static final int LARGEST = 4096;

    private static final int LONGEST_NAME = 512;
    private static final int LONGEST_ATTRIBUTE = 1024;
    private static final int LONGEST_DOMAIN = 253;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern PATH = Pattern.compile("/([\\x20-\\x3A\\x3C-\\x7E]*[\\x21-\\x3A\\x3C-\\x7E])?");
    private static final Pattern LABEL_DOT_LABEL =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String GONE = "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

    /**
     * Validates the options of an application; {@link EngineFactory#cookieTransport} describes them.
     *
     * @throws IllegalArgumentException if browsers would reject the cookie
     */
    static CookieRules of(
            String baseName,
            @Nullable String name,
            String path,
            @Nullable String domain,
            SameSite sameSite,
            Set<CookieFlag> flags,
            @Nullable CookiePriority priority,
            CookieLifetime lifetime) {
        String chosen = name != null ? name : safestName(baseName, path, domain, flags);
        CookieRules rules = new CookieRules(chosen, path, domain, sameSite, Set.copyOf(flags), priority, lifetime);
        rules.check();
        return rules;
    }

    boolean secure() {
        return flags.contains(CookieFlag.SECURE);
    }

    boolean partitioned() {
        return flags.contains(CookieFlag.PARTITIONED);
    }

    private boolean pathStripped() {
        return flags.contains(CookieFlag.PATH_STRIPPED);
    }

    static String safestName(String baseName, String path, @Nullable String domain, Set<CookieFlag> flags) {
        if (!flags.contains(CookieFlag.SECURE)) {
            return baseName;
        }
        return domain == null && path.equals("/") ? "__Host-" + baseName : "__Secure-" + baseName;
    }

    private void check() {
        require(
                TOKEN.matcher(name).matches() && name.length() <= LONGEST_NAME,
                "a cookie's name must be 1 to 512 letters, digits and !#$%&'*+.^_`|~- (RFC 9110 token)");
        require(
                isPath(path),
                "a cookie's path must begin with a slash, must not end with a space and must not contain a control"
                        + " character or a semicolon");
        require(
                domain == null || isDomain(domain),
                "a cookie's domain must be a lower-case host name of at least two labels, without a leading dot:"
                        + " example.com");
        require(secure() || sameSite != SameSite.NONE, "browsers reject SameSite=None without Secure");
        require(secure() || !partitioned(), "browsers reject Partitioned without Secure");
        checkPrefix();
    }

    /** Browsers compare prefixes without regard to case, servers byte for byte: only the exact spelling is safe. */
    private void checkPrefix() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("__host-")) {
            require(name.startsWith("__Host-"), "the prefix must be spelled __Host-");
            require(
                    secure() && domain == null && path.equals("/"),
                    "browsers reject a __Host- cookie that is not Secure, has a domain, or has a path other than /");
        } else if (lower.startsWith("__secure-")) {
            require(name.startsWith("__Secure-"), "the prefix must be spelled __Secure-");
            require(secure(), "browsers reject a __Secure- cookie that is not Secure");
        } else if (lower.startsWith("__http-")) {
            require(name.startsWith("__Http-"), "the prefix must be spelled __Http-");
            require(secure(), "browsers reject a __Http- cookie that is not Secure");
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** Returns the same cookie with the name for an application below the server's root. */
    CookieRules forApplication(String application) {
        return named(name + ApplicationName.of(application));
    }

    /**
     * Returns the same cookie with another name.
     *
     * @throws IllegalArgumentException if browsers would reject the cookie with this name
     */
    CookieRules named(String otherName) {
        CookieRules named = new CookieRules(otherName, path, domain, sameSite, flags, priority, lifetime);
        named.check();
        return named;
    }

    /** Returns the same cookie in another place of the same partition. */
    CookieRules at(String otherPath, @Nullable String otherDomain) {
        return new CookieRules(name, otherPath, otherDomain, sameSite, flags, null, lifetime);
    }

    /** Returns the same cookie in the other partition: partitioned if this one is not. */
    CookieRules inOtherPartition() {
        Set<CookieFlag> others = EnumSet.noneOf(CookieFlag.class);
        others.addAll(flags);
        if (!others.remove(CookieFlag.PARTITIONED)) {
            others.add(CookieFlag.PARTITIONED);
        }
        return new CookieRules(name, path, domain, sameSite, others, priority, lifetime);
    }

    /** Returns whether browsers accept this as a cookie's path. */
    static boolean isPath(String text) {
        return PATH.matcher(text).matches() && text.length() <= LONGEST_ATTRIBUTE;
    }

    /** Returns whether browsers may accept this as a cookie's domain. */
    static boolean isDomain(String text) {
        return LABEL_DOT_LABEL.matcher(text).matches() && text.length() <= LONGEST_DOMAIN;
    }

    /** Returns the path that the browser requested, for a request that arrived here with this path. */
    String browsersPath(String requestPath) {
        return pathStripped() && !path.equals("/") ? path + requestPath : requestPath;
    }

    /**
     * Returns whether the cookie is limited to the host alone and to all paths, so that a browser keeps one, or one
     * more in a partition.
     */
    boolean hostOnly() {
        return name.startsWith("__Host-");
    }

    /** Returns whether browsers keep the two in the same place, so that with one name each overwrites the other. */
    boolean isInPlaceOf(CookieRules other) {
        return path.equals(other.path) && Objects.equals(domain, other.domain);
    }

    /** Applies the path match of RFC 6265bis §5.1.4. */
    boolean covers(String requestPath) {
        if (pathStripped()) {
            return true;
        }
        if (!requestPath.startsWith(path)) {
            return false;
        }
        return requestPath.length() == path.length() || path.endsWith("/") || requestPath.charAt(path.length()) == '/';
    }

    /** Returns the line that sets the cookie. */
    String setting(String value, @Nullable Duration maxAge, SameSite rule) {
        StringBuilder line = new StringBuilder(name).append('=').append(value);
        where(line);
        if (maxAge != null) {
            line.append("; Max-Age=").append(Math.max(1, maxAge.toSeconds()));
        }
        flags(line, rule);
        return line.toString();
    }

    /**
     * Returns the line that removes the cookie. It repeats all attributes of the line that set it, or browsers keep the
     * cookie.
     */
    String clearing(SameSite rule) {
        StringBuilder line = new StringBuilder(name).append('=');
        where(line);
        line.append(GONE);
        flags(line, rule);
        return line.toString();
    }

    private void where(StringBuilder line) {
        line.append("; Path=").append(path);
        if (domain != null) {
            line.append("; Domain=").append(domain);
        }
    }

    private void flags(StringBuilder line, SameSite rule) {
        if (secure()) {
            line.append("; Secure");
        }
        line.append("; HttpOnly; SameSite=").append(rule.attribute());
        if (partitioned()) {
            line.append("; Partitioned");
        }
        if (priority != null) {
            line.append("; Priority=").append(priority.attribute());
        }
    }
}
