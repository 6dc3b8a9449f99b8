package dev.sojourn.spring;

import dev.sojourn.CookiePriority;
import dev.sojourn.DeviceAddress;
import dev.sojourn.OnLimit;
import dev.sojourn.SameSite;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.UnreadablePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties of Sojourn. A property that is not set has the library's default.
 *
 * @param secret The secrets that sign tokens, the newest first. Each has at least 32 bytes. Create one with "openssl rand
 *     -base64 32" and set it as SOJOURN_SECRET in the environment.
 * @param store Where sessions are stored. Default: Redis if sojourn.redis.uri is set, SQLite if sojourn.sqlite.file is set, the
 *     application's DataSource if sojourn-jdbc is on the class path, and otherwise the memory of this process.
 * @param idleTimeout How long a session lasts without use; 0 means forever. Default 30 minutes.
 * @param absoluteTimeout How long a session lasts from its start or the last login; 0 means forever. Default 12 hours.
 * @param touchInterval How often a session that is only read restarts its idle timeout, which costs a store call. Default 1
 *     minute, or a quarter of the idle timeout if that is less.
 * @param renewTokenEvery How old a session's token gets before it is replaced; a copy of the former one then ends the session.
 *     Default: off.
 * @param renewalGrace How long a token is accepted after it was replaced. Default 1 minute.
 * @param encryptRecords The secrets that encrypt what is stored, the newest first. Each has at least 32 bytes and is not a secret
 *     of the tokens. Default: nothing is encrypted.
 * @param readEncryptedRecords The secrets that decrypt what is stored, while nothing is encrypted: before and after
 *     encrypt-records is used.
 * @param maxSessionSize The greatest size of a session's record. Default 64KB.
 * @param maxAttributes The greatest number of attributes of a session. Default 1000.
 * @param maxWaitingSaves How many requests of one session may wait in this process to save it. Further requests get a 503.
 *     Default 256.
 * @param maxHungStoreCalls How many calls may wait for a store that does not respond. Further requests get a 503. Set it to
 *     less than half of the threads that serve requests. Default 32.
 * @param deviceAddress How much of the client's IP address a session keeps from its sign-in: whole, shortened or none. Default
 *     shortened.
 * @param maxSessionsPerUser How many sessions a user may have at the same time. Default: no limit.
 * @param onSessionLimit What a login does whose user has as many: end-oldest ends the session that signed in first,
 *     refuse-login and ask answer 409. Default end-oldest.
 * @param saveUninitialized Whether every request without a session stores one, including those of robots.
 * @param resave Whether every request writes its session, even if it is unchanged.
 * @param rolling Whether every request sends the cookie and restarts the idle timeout.
 * @param touchOnEveryRequest Whether a request that does not use its session restarts the idle timeout too.
 * @param quiet Paths whose requests do not restart the idle timeout, including all paths below them: those that a page polls.
 * @param requireSignIn Paths that only signed-in users may request, including all paths below them. Other requests get a 401.
 * @param rememberMe How long a browser is remembered after session.remember(): a cookie then signs its user in again. Default:
 *     off.
 * @param clearSiteData What browsers forget of this site when a session is destroyed: cache, storage, cookies or *. Default:
 *     nothing.
 * @param exclusive Paths whose requests use their session exclusively, including all paths below them.
 * @param exclusiveLease How long a request may use its session exclusively. Default 30 seconds.
 * @param exclusiveWait How long a request waits for the lease of a session that another request uses exclusively. Then it gets a
 *     503. Default 10 seconds.
 * @param maxWaitingExclusive How many requests of one session may wait in this process for its lease. Further requests get a
 *     503. Default 32.
 * @param trustedProxies Addresses or networks of proxies whose X-Forwarded-Proto or Forwarded header is trusted.
 * @param whenUnreadable What happens if an attribute cannot be read as the requested type. Default ignore-attribute.
 * @param whenStoreUnavailable What a read returns while the store is unavailable. Default fail, which is a 503.
 * @param csrf the protection against requests of other sites (CSRF)
 * @param cookie the session cookie
 * @param attributes how attributes of HttpSession are stored
 * @param redis the Redis store
 * @param jdbc the JDBC store
 * @param sqlite the SQLite store
 */
@ConfigurationProperties("sojourn")
record SojournProperties(
        @DefaultValue List<String> secret,
        @Nullable StoreKind store,
        @Nullable Duration idleTimeout,
        @Nullable Duration absoluteTimeout,
        @Nullable Duration touchInterval,
        @Nullable Duration renewTokenEvery,
        @Nullable Duration renewalGrace,
        @DefaultValue List<String> encryptRecords,
        @DefaultValue List<String> readEncryptedRecords,
        @Nullable DataSize maxSessionSize,
        @Nullable Integer maxAttributes,
        @Nullable Integer maxWaitingSaves,
        @Nullable Integer maxHungStoreCalls,
        @Nullable DeviceAddress deviceAddress,
        @Nullable Integer maxSessionsPerUser,
        @DefaultValue("end-oldest") OnLimit onSessionLimit,
        @DefaultValue("false") boolean saveUninitialized,
        @DefaultValue("false") boolean resave,
        @DefaultValue("false") boolean rolling,
        @DefaultValue("false") boolean touchOnEveryRequest,
        @DefaultValue List<String> quiet,
        @DefaultValue List<String> requireSignIn,
        @Nullable Duration rememberMe,
        @DefaultValue List<String> clearSiteData,
        @DefaultValue List<String> exclusive,
        @Nullable Duration exclusiveLease,
        @Nullable Duration exclusiveWait,
        @Nullable Integer maxWaitingExclusive,
        @DefaultValue List<String> trustedProxies,
        @Nullable UnreadablePolicy whenUnreadable,
        @Nullable StoreUnavailablePolicy whenStoreUnavailable,
        @DefaultValue Csrf csrf,
        @DefaultValue Cookie cookie,
        @DefaultValue Attributes attributes,
        @DefaultValue Redis redis,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Sqlite sqlite) {

    /**
     * The protection against cross-site request forgery (CSRF). It leaves a request alone if Spring Security's CsrfFilter is in
     * the filter chain for that request.
     *
     * @param trustedOrigin Origins of other sites whose pages may send requests with the session cookie, such as
     *     "https://app.example.com".
     * @param ownOrigin Origins under which browsers reach this application. Default: the scheme and host of each request, as
     *     trusted proxies report them.
     * @param exempt Paths that are not checked, including all paths below them, such as those to which another site posts
     *     through the browser.
     * @param requireToken Paths that also need a CSRF token of the session, including all paths below them.
     * @param checkWithoutCookie Paths at which requests without the session cookie are checked too, such as a login.
     * @param reportOnly Whether such requests are only logged and reported to the listener, and served.
     * @param off Whether requests of other sites are served.
     */
    record Csrf(
            @DefaultValue List<String> trustedOrigin,
            @DefaultValue List<String> ownOrigin,
            @DefaultValue List<String> exempt,
            @DefaultValue List<String> requireToken,
            @DefaultValue List<String> checkWithoutCookie,
            @DefaultValue("false") boolean reportOnly,
            @DefaultValue("false") boolean off) {}

    /**
     * The session cookie. It is always HttpOnly.
     *
     * @param name Its name. Default "__Host-id".
     * @param path The path below which browsers send it. Default "/".
     * @param publicPath Instead of the path: the prefix under which a proxy publishes the application and which the proxy
     *     strips from requests.
     * @param domain The domain whose hosts all receive it. Default: only the host that set it.
     * @param sameSite When browsers send it with requests from other sites. Default lax.
     * @param partitioned Whether each site that embeds this one has a separate cookie (CHIPS).
     * @param priority How long Chromium keeps it when it has too many cookies. Default: not sent.
     * @param lifetime How long browsers keep it: "browser-session", "session" (as long as the session) or a duration.
     *     Default browser-session.
     * @param insecureHttp Whether it is sent over plain http too, where anyone on the network can read it. Not needed for
     *     http://localhost.
     */
    record Cookie(
            @Nullable String name,
            @Nullable String path,
            @Nullable String publicPath,
            @Nullable String domain,
            @Nullable SameSite sameSite,
            @DefaultValue("false") boolean partitioned,
            @Nullable CookiePriority priority,
            @Nullable String lifetime,
            @DefaultValue("false") boolean insecureHttp) {

        /** Returns the name, or the default name of a cookie with these settings. */
        String nameOrDefault() {
            if (name != null) {
                return name;
            }
            boolean wholeHost = domain == null && publicPath == null && (path == null || path.equals("/"));
            return insecureHttp ? "id" : wholeHost ? "__Host-id" : "__Secure-id";
        }
    }

    /**
     * How attributes of the drop-in HttpSession are stored.
     *
     * @param types The application's classes that sessions contain, including nested classes and its own UserDetails.
     *     Their fields are stored as JSON.
     * @param filteredJavaSerialization Patterns of classes to store by Java serialization instead of JSON, such as
     *     "com.acme.shop.*". No other classes are read back.
     * @param trustTypesInData Whether JSON that only looks like a typed value is read as one, which records of earlier versions
     *     need. Lets clients choose types if the application puts their JSON into attributes. Default false.
     */
    record Attributes(
            @DefaultValue List<Class<?>> types,
            @DefaultValue List<String> filteredJavaSerialization,
            @DefaultValue("false") boolean trustTypesInData) {}

    /**
     * The Redis or Valkey store; needs sojourn-redis.
     *
     * @param uri The URI of the server: redis://, redis-sentinel:// or redis-cluster://, with TLS rediss:// and so on.
     * @param keyPrefix The prefix of all keys. Default "sojourn:".
     */
    record Redis(@Nullable String uri, @Nullable String keyPrefix) {}

    /**
     * The store in the application's own database; needs sojourn-jdbc.
     *
     * @param createTableIfMissing Whether a missing table is created at start-up.
     * @param table The table's name. Default "sojourn_session".
     */
    record Jdbc(
            @DefaultValue("false") boolean createTableIfMissing,
            @Nullable String table) {}

    /**
     * The store in one SQLite file; needs sojourn-jdbc, sqlite-jdbc and HikariCP.
     *
     * @param file The file, created if it is missing.
     */
    record Sqlite(@Nullable Path file) {}
}
