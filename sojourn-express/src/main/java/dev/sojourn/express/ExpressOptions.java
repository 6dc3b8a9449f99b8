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
 * The options that the Express application passes to {@code session({...})} and to its store. They must be the same here, or
 * each application sets cookies that the other does not expect.
 *
 * <p>Not thread-safe. Use it only within the lambda that receives it.
 */
public final class ExpressOptions {
    private static final Duration MIN_TTL = Duration.ofSeconds(1);
    private static final Duration MAX_TTL = Duration.ofDays(3_650);

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
     * Sets the secrets of the Express application. The first signs, all verify. A token that was signed with another than the
     * first is signed again at its next use. No default.
     *
     * @param first at least 32 random bytes
     * @param older older secrets that are still accepted, of the same quality
     * @return this
     */
    public ExpressOptions secret(@Nullable String first, String... older) {
        secrets.clear();
        secrets.add(first == null ? "" : first);
        secrets.addAll(List.of(older));
        return this;
    }

    /**
     * Sets secrets that are bytes instead of text, like a {@code Buffer} in Express. They come before the text secrets.
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
     * Sets secrets of the Express application that Sojourn would refuse because they are short, repetitive or known from
     * tutorials. Someone who guesses one can sign any id, and with an id from a copy of the store impersonate any user. They are
     * accepted with a warning in the log, until the Express application has a good secret: put that in front of them with
     * {@link #secret}, in both applications. Together with {@code secret} they only verify; alone, the first of them signs, too.
     * Default: none.
     *
     * @param first a secret, not empty
     * @param others further secrets, not empty
     * @return this
     */
    public ExpressOptions existingWeakSecret(String first, String... others) {
        weakSecrets.clear();
        weakSecrets.add(first);
        weakSecrets.addAll(List.of(others));
        return this;
    }

    /**
     * Sets the cookie's name: {@code name} in Express. Default: {@code connect.sid}.
     *
     * @param name the name
     * @return this
     */
    public ExpressOptions name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets the cookie's path: {@code cookie.path}. Default: {@code /}.
     *
     * @param path a path that begins with a slash
     * @return this
     */
    public ExpressOptions path(String path) {
        this.path = Objects.requireNonNull(path, "path");
        return this;
    }

    /**
     * Sets the cookie's domain: {@code cookie.domain}. Default: none.
     *
     * @param domain a host name without a leading dot
     * @return this
     */
    public ExpressOptions domain(String domain) {
        this.domain = Objects.requireNonNull(domain, "domain");
        return this;
    }

    /**
     * Sets when browsers send the cookie: {@code cookie.sameSite}. Default: {@link SameSite#LAX}. Express sends none by default,
     * which browsers treat nearly the same.
     *
     * @param rule the rule
     * @return this
     */
    public ExpressOptions sameSite(SameSite rule) {
        this.sameSite = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Partitions the cookie by embedding site: {@code cookie.partitioned}. Default: off.
     *
     * @return this
     */
    public ExpressOptions partitioned() {
        this.partitioned = true;
        return this;
    }

    /**
     * Sets which cookies Chromium drops first: {@code cookie.priority}. Default: not sent.
     *
     * @param priority the priority
     * @return this
     */
    public ExpressOptions priority(CookiePriority priority) {
        this.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * Omits {@code Secure} from the cookie, which is the default of Express, but not of Sojourn: everyone on the network path can
     * read the cookie. Not needed for {@code http://localhost}.
     *
     * @return this
     */
    public ExpressOptions insecureHttp() {
        this.secure = false;
        return this;
    }

    /**
     * Sets how long an unused session and its cookie live: {@code cookie.maxAge}. Default: a cookie that ends with the browser,
     * and the idle timeout of {@link #ttl}.
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
     * Sets the idle timeout of a session whose cookie ends with the browser: the {@code ttl} of connect-redis and
     * connect-pg-simple. Default, there and here: one day.
     *
     * @param ttl 1 second to 3,650 days
     * @return this
     */
    public ExpressOptions ttl(Duration ttl) {
        if (ttl.compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl is 1 second to 3650 days, not " + ttl);
        }
        this.ttl = ttl;
        return this;
    }

    /**
     * Sets the attribute by which the Express application knows who is signed in. Only {@code login(subject)} changes it here. If
     * it is a text or a whole number, it is the session's subject. Default: {@code user}.
     *
     * @param name the attribute's name
     * @return this
     */
    public ExpressOptions userAttribute(String name) {
        this.userField = new UserField(Objects.requireNonNull(name, "name"), null);
        return this;
    }

    /**
     * Sets the attribute and member by which the Express application knows who is signed in, if the attribute is an object:
     * {@code "passport", "user"} for Passport, {@code "user", "id"} for an application that keeps its user's record.
     * {@code login(subject)} sets an object with this member alone (or the value of {@link #userValue}), unless the current object
     * already names the user.
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
     * Sets the value of the user's attribute after {@code login(subject)}, if the Express application reads more from it than the
     * user's name: {@code id -> Map.of("id", Integer.valueOf(id), "name", users.nameOf(id))}. Default: the subject as a text, or an
     * object with the subject in its one member.
     *
     * @param value returns the value for a subject, not null, to be written as JSON. The attribute, or its member, must name the
     *     same subject, or saving the login throws an {@link IllegalStateException}. Called once for each login, by the thread that
     *     calls {@code login}, which gets its exceptions
     * @return this
     */
    public ExpressOptions userValue(Function<String, ?> value) {
        this.userValue = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Declares that no attribute names the user, for an Express application that stores it elsewhere or not at all. Then only
     * sessions that were signed in with {@code login(subject)} have a subject, and Express does not see it.
     *
     * @return this
     */
    public ExpressOptions noUserAttribute() {
        this.userField = null;
        return this;
    }

    /**
     * Sets the clock, for the record format and for the sessions. Default: the system's clock.
     *
     * @param clock the clock
     * @return this
     */
    public ExpressOptions clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    // ---- values of the options

    List<byte[]> secrets() {
        List<byte[]> all = new ArrayList<>(binarySecrets);
        if ((weakSecrets.isEmpty() && binarySecrets.isEmpty()) || !secrets.isEmpty()) {
            all.addAll(check(secrets));
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
                            "session tokens signed with a weak secret are accepted (existingWeakSecret): someone who guesses it"
                                    + " can sign any id. Put a good secret in front of it, here and in the Express application");
        }
        return all;
    }

    private static List<byte[]> check(List<String> secrets) {
        try {
            return SecretRules.validate(secrets);
        } catch (IllegalArgumentException e) {
            // A new secret on one side only would sign everybody out on that side.
            throw new IllegalArgumentException(
                    e.getMessage()
                            + ". It has to be the same as in the Express application. If Express's current secret is"
                            + " refused here, pass it to e.existingWeakSecret(...)",
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

    /** Returns the idle timeout of a session whose cookie ends with the browser. */
    Duration ttl() {
        return ttl;
    }

    /** Returns the idle timeout of a new session. */
    Duration idle() {
        return maxAge == null ? ttl : maxAge;
    }

    @Nullable
    UserField userField() {
        return userField;
    }

    /** Returns the value of the user's attribute after a login. */
    Object userValueFor(String subject) {
        if (userValue != null) {
            return Objects.requireNonNull(userValue.apply(subject), "userValue returned null for a user");
        }
        return userField == null ? subject : userField.valueFor(subject);
    }

    Clock clock() {
        return clock;
    }

    /** Returns a new session's cookie without its times, with its attributes in the order in which Express writes them. */
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
