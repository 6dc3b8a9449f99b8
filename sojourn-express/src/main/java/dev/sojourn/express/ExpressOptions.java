package dev.sojourn.express;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookieOptions;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.spi.SecretRules;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the Express application says in {@code session({...})} and to its store, said once more here. The two have to say the
 * same, or each sets cookies that the other does not expect.
 *
 * <p>Not thread-safe; used within the lambda that it is given to.
 */
public final class ExpressOptions {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final List<String> secrets = new ArrayList<>();
    private final List<byte[]> binarySecrets = new ArrayList<>();
    private final List<String> weakSecrets = new ArrayList<>();
    private String name = "connect.sid";
    private String path = "/";
    private @Nullable String domain;
    private SameSite sameSite = SameSite.LAX;
    private boolean partitioned;
    private boolean secure = true;
    private @Nullable CookiePriority priority;
    private @Nullable Duration maxAge;
    private Duration ttl = Duration.ofDays(1);
    private @Nullable UserField userField = new UserField("user", null);
    private @Nullable Function<String, ?> userValue;
    private Clock clock = Clock.systemUTC();

    ExpressOptions() {}

    /**
     * The secrets of the Express application: the first signs, all verify. A token that another than the first signed is
     * signed anew at its next use. No default.
     *
     * @param first at least 32 bytes of randomness
     * @param older former secrets that are still accepted, of the same quality
     * @return this
     */
    public ExpressOptions secret(@Nullable String first, String... older) {
        secrets.clear();
        secrets.add(first == null ? "" : first);
        secrets.addAll(List.of(older));
        return this;
    }

    /**
     * Secrets that are bytes and no text, as a {@code Buffer} in Express. They go before those that are texts.
     *
     * @param secrets the first signs, all verify; each at least 32 random bytes
     * @return this
     * @throws IllegalArgumentException if one is shorter
     */
    public ExpressOptions secretBytes(List<byte[]> secrets) {
        for (byte[] each : secrets) {
            if (each.length < 32) {
                throw new IllegalArgumentException("a secret has at least 32 bytes, not " + each.length);
            }
        }
        binarySecrets.clear();
        secrets.forEach(each -> binarySecrets.add(each.clone()));
        return this;
    }

    /**
     * Secrets of the Express application that this library would refuse, because they are short, repeat themselves or stand
     * in tutorials. Whoever guesses one can sign any id, and with an id from a copy of the store be any user. Taken with a
     * warning in the log, until the Express application has a good one: put that in front by {@link #secret} on both
     * sides. With {@code secret} they verify only; alone the first of them signs too. Default: none.
     *
     * @param first not empty
     * @param others not empty
     * @return this
     */
    public ExpressOptions existingWeakSecret(String first, String... others) {
        weakSecrets.clear();
        weakSecrets.add(first);
        weakSecrets.addAll(List.of(others));
        return this;
    }

    /**
     * The cookie's name: {@code name} in Express. Default {@code connect.sid}.
     *
     * @param name the name
     * @return this
     */
    public ExpressOptions name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * The cookie's path: {@code cookie.path}. Default {@code /}.
     *
     * @param path begins with a slash
     * @return this
     */
    public ExpressOptions path(String path) {
        this.path = Objects.requireNonNull(path, "path");
        return this;
    }

    /**
     * The cookie's domain: {@code cookie.domain}. Default: none.
     *
     * @param domain a host name without a leading dot
     * @return this
     */
    public ExpressOptions domain(String domain) {
        this.domain = Objects.requireNonNull(domain, "domain");
        return this;
    }

    /**
     * When browsers send the cookie: {@code cookie.sameSite}. Default {@link SameSite#LAX}; Express has none, which browsers
     * take for nearly the same.
     *
     * @param rule the rule
     * @return this
     */
    public ExpressOptions sameSite(SameSite rule) {
        this.sameSite = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * A cookie for each embedding site: {@code cookie.partitioned}. Default: off.
     *
     * @return this
     */
    public ExpressOptions partitioned() {
        this.partitioned = true;
        return this;
    }

    /**
     * Which cookies Chromium drops first: {@code cookie.priority}. Default: not sent.
     *
     * @param priority the priority
     * @return this
     */
    public ExpressOptions priority(CookiePriority priority) {
        this.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * A cookie without {@code Secure}, which is Express's own default and not this library's: everybody on the way can read
     * it. Not needed for {@code http://localhost}.
     *
     * @return this
     */
    public ExpressOptions insecureHttp() {
        this.secure = false;
        return this;
    }

    /**
     * How long a session and its cookie live without being used: {@code cookie.maxAge}. Default: a cookie that ends with the
     * browser, and a session of {@link #ttl}.
     *
     * @param maxAge 1 second to 400 days
     * @return this
     */
    public ExpressOptions maxAge(Duration maxAge) {
        CookieLifetime.of(maxAge);
        this.maxAge = maxAge;
        return this;
    }

    /**
     * How long a session whose cookie ends with the browser lives without being used: the {@code ttl} of connect-redis and
     * connect-pg-simple. Default, there and here, one day.
     *
     * @param ttl 1 second to 3,650 days
     * @return this
     */
    public ExpressOptions ttl(Duration ttl) {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("ttl lies between 1 second and 3650 days, not " + ttl);
        }
        this.ttl = ttl;
        return this;
    }

    /**
     * The attribute that says, to the Express application, who is signed in. {@code login(subject)} sets it, nothing else
     * changes it here, and where it is a text or a whole number, the session belongs to that user. Default {@code user}.
     *
     * @param name the attribute's name
     * @return this
     */
    public ExpressOptions userAttribute(String name) {
        this.userField = new UserField(Objects.requireNonNull(name, "name"), null);
        return this;
    }

    /**
     * The same where the attribute is an object, and one of its members says who is signed in: {@code "passport", "user"} for
     * Passport, {@code "user", "id"} for an application that keeps its user's record. {@code login(subject)} sets an object of
     * this member alone (or what {@link #userValue} gives), unless the one that is there names the user already.
     *
     * @param name the attribute's name
     * @param member the member's name
     * @return this
     */
    public ExpressOptions userAttribute(String name, String member) {
        this.userField = new UserField(Objects.requireNonNull(name, "name"), Objects.requireNonNull(member, "member"));
        return this;
    }

    /**
     * What {@code login(subject)} sets the user's attribute to, where the Express application reads more of it than who it is:
     * {@code id -> Map.of("id", Integer.valueOf(id), "name", users.nameOf(id))}. Default: the subject as a text, or an object
     * with that in its one member.
     *
     * @param value gives the value for a subject, not null, to be written as JSON; the attribute, or its member, names the
     *     same subject, or the login is refused with an {@link IllegalStateException} when it is saved. Asked once for each login,
     *     by the thread that calls {@code login}; what it throws goes to that caller
     * @return this
     */
    public ExpressOptions userValue(Function<String, ?> value) {
        this.userValue = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * No attribute says who is signed in: for an Express application that keeps that elsewhere, or not at all. Then only
     * sessions that were signed in by {@code login(subject)} have a subject, and Express does not see it.
     *
     * @return this
     */
    public ExpressOptions noUserAttribute() {
        this.userField = null;
        return this;
    }

    /**
     * What time it is, here and for the sessions. Default: the system's clock.
     *
     * @param clock the clock
     * @return this
     */
    public ExpressOptions clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    // ---- what comes of it

    List<byte[]> secrets() {
        List<byte[]> all = new ArrayList<>(binarySecrets);
        if ((weakSecrets.isEmpty() && binarySecrets.isEmpty()) || !secrets.isEmpty()) {
            all.addAll(checked(secrets));
        }
        for (String weak : weakSecrets) {
            if (weak.isEmpty()) {
                throw new IllegalArgumentException("a secret is not empty");
            }
            all.add(weak.getBytes(StandardCharsets.UTF_8));
        }
        if (!weakSecrets.isEmpty()) {
            System.getLogger("dev.sojourn")
                    .log(
                            Level.WARNING,
                            "session tokens are accepted that a weak secret signed (existingWeakSecret): whoever guesses it"
                                    + " can sign any id. Put a good one in front of it, here and in the Express application");
        }
        return all;
    }

    private static List<byte[]> checked(List<String> secrets) {
        try {
            return SecretRules.checked(secrets);
        } catch (IllegalArgumentException e) {
            // A new secret on one side only would sign everybody out on that side.
            throw new IllegalArgumentException(
                    e.getMessage()
                            + ". It has to be the same as in the Express application; the one that stands there now, if it is"
                            + " refused here, goes into e.existingWeakSecret(...)",
                    e);
        }
    }

    void configure(CookieOptions cookie) {
        cookie.name(name).path(path).sameSite(sameSite);
        if (domain != null) {
            cookie.domain(domain);
        }
        if (partitioned) {
            cookie.partitioned();
        }
        if (!secure) {
            cookie.insecureHttp();
        }
        if (priority != null) {
            cookie.priority(priority);
        }
        cookie.lifetime(lifetime());
    }

    CookieLifetime lifetime() {
        return maxAge == null ? CookieLifetime.browserSession() : CookieLifetime.of(maxAge);
    }

    SameSite sameSite() {
        return sameSite;
    }

    @Nullable
    Duration maxAge() {
        return maxAge;
    }

    /** How long a session lives whose cookie ends with the browser. */
    Duration ttl() {
        return ttl;
    }

    /** How long a new session lives without being used. */
    Duration idle() {
        return maxAge == null ? ttl : maxAge;
    }

    @Nullable
    UserField userField() {
        return userField;
    }

    /** What a login sets the user's attribute to. */
    Object userValueFor(String subject) {
        if (userValue != null) {
            return Objects.requireNonNull(userValue.apply(subject), "userValue gave null for a user");
        }
        return userField == null ? subject : userField.valueFor(subject);
    }

    Clock clock() {
        return clock;
    }

    /** The attributes of a new session's cookie, but for its times, in the order in which Express writes them. */
    StoredCookie newCookie() {
        StoredCookie cookie = StoredCookie.EMPTY.withTimes(null, null);
        if (partitioned) {
            cookie = cookie.with("partitioned", "true");
        }
        if (priority != null) {
            cookie = cookie.with("priority", text(priority.name()));
        }
        if (secure) {
            cookie = cookie.with("secure", "true");
        }
        cookie = cookie.with("httpOnly", "true");
        if (domain != null) {
            cookie = cookie.with("domain", '"' + domain + '"');
        }
        return cookie.with("path", Json.quoted(path)).with("sameSite", text(sameSite.name()));
    }

    private static String text(String constant) {
        return '"' + constant.toLowerCase(Locale.ROOT) + '"';
    }
}
