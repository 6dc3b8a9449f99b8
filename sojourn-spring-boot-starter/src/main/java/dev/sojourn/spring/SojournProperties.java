package dev.sojourn.spring;

import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.WhenStoreUnavailable;
import dev.sojourn.WhenUnreadable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties. What is not set is left to the library, whose defaults are in its README.
 *
 * @param secret The secrets that sign tokens, the newest first. Each has at least 32 bytes; make one with "openssl rand
 *     -base64 32" and hand it over as SOJOURN_SECRET in the environment.
 * @param store Where sessions are kept. Default: Redis if sojourn.redis.uri is set, SQLite if sojourn.sqlite.file is, the
 *     application's DataSource if sojourn-jdbc is on the class path, and otherwise the memory of this process.
 * @param idleTimeout How long a session lives without being used; 0 for ever. Default 30 minutes.
 * @param absoluteTimeout How long a session lives at most, from its beginning or the last login; 0 for ever. Default 12
 *     hours.
 * @param touchInterval How long a session that is only read goes without a store call that restarts its idle timeout.
 *     Default 1 minute, or a quarter of the idle timeout if that is less.
 * @param maxSessionSize How large a session's record may be. Default 64KB.
 * @param maxAttributes How many attributes a session may have. Default 1000.
 * @param maxWaitingSaves How many requests of one session wait in this process to save it; further ones are answered 503.
 *     Default 256.
 * @param maxHungStoreCalls How many calls may wait for a store that answers nothing; further ones are answered 503. Less
 *     than half of the threads that serve requests. Default 32.
 * @param saveUninitialized Whether every request without a session stores one, robots included.
 * @param resave Whether every existing session is written with every request.
 * @param rolling Whether every request sends the cookie and restarts the idle timeout.
 * @param touchOnEveryRequest Whether a request that does not use its session restarts the idle timeout too.
 * @param exclusive Paths whose requests, and those below, have their session to themselves.
 * @param exclusiveLease How long a request may have its session to itself. Default 30 seconds.
 * @param exclusiveWait How long a request waits for one that has the session to itself; then it is answered 503. Default 10
 *     seconds.
 * @param maxWaitingExclusive How many requests of one session wait in this process to have it to themselves; further ones
 *     are answered 503. Default 32.
 * @param trustedProxies Addresses or networks whose X-Forwarded-Proto or Forwarded is believed.
 * @param whenUnreadable What happens when an attribute cannot be read as the type asked for. Default ignore-attribute.
 * @param whenStoreUnavailable What reading sees while the store does not answer. Default fail, which is 503.
 * @param cookie the cookie
 * @param attributes how attributes of HttpSession are kept
 * @param redis the Redis
 * @param jdbc the table
 * @param sqlite the file
 */
@ConfigurationProperties("sojourn")
record SojournProperties(
        @DefaultValue List<String> secret,
        @Nullable StoreKind store,
        @Nullable Duration idleTimeout,
        @Nullable Duration absoluteTimeout,
        @Nullable Duration touchInterval,
        @Nullable DataSize maxSessionSize,
        @Nullable Integer maxAttributes,
        @Nullable Integer maxWaitingSaves,
        @Nullable Integer maxHungStoreCalls,
        @DefaultValue("false") boolean saveUninitialized,
        @DefaultValue("false") boolean resave,
        @DefaultValue("false") boolean rolling,
        @DefaultValue("false") boolean touchOnEveryRequest,
        @DefaultValue List<String> exclusive,
        @Nullable Duration exclusiveLease,
        @Nullable Duration exclusiveWait,
        @Nullable Integer maxWaitingExclusive,
        @DefaultValue List<String> trustedProxies,
        @Nullable WhenUnreadable whenUnreadable,
        @Nullable WhenStoreUnavailable whenStoreUnavailable,
        @DefaultValue Cookie cookie,
        @DefaultValue Attributes attributes,
        @DefaultValue Redis redis,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Sqlite sqlite) {

    /**
     * The cookie. HttpOnly is always on.
     *
     * @param name Its name. Default "__Host-id".
     * @param path Below which path browsers send it. Default "/".
     * @param publicPath In place of the path: the prefix under which a proxy publishes the application and which the proxy
     *     strips from requests.
     * @param domain The domain whose hosts all get it. Default: only the host that set it.
     * @param sameSite When browsers send it with requests from other sites. Default lax.
     * @param partitioned Whether there is one for each site that embeds this one (CHIPS).
     * @param priority Which cookies Chromium drops first. Default: not sent.
     * @param lifetime How long browsers keep it: "browser-session", "session" (as long as the session) or a duration.
     *     Default browser-session.
     * @param insecureHttp Whether it goes over plain http too, where everybody on the way can read it. Not needed for
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

        /** Returns the name, or the one that the library gives a cookie like this. */
        String nameOrDefault() {
            if (name != null) {
                return name;
            }
            boolean wholeHost = domain == null && publicPath == null && (path == null || path.equals("/"));
            return insecureHttp ? "id" : wholeHost ? "__Host-id" : "__Secure-id";
        }
    }

    /**
     * How attributes of the drop-in HttpSession are kept.
     *
     * @param types The application's classes that sessions hold, those inside of others and its own UserDetails too. Kept
     *     as JSON of their fields.
     * @param filteredJavaSerialization Patterns of classes to keep by Java serialization in place of JSON, such as
     *     "com.acme.shop.*". Nothing else is read back.
     * @param trustTypesInData Whether JSON that only looks like a typed value is read as one, as records of earlier versions
     *     need it. Lets clients choose types where the application puts their JSON into attributes. Default false.
     */
    record Attributes(
            @DefaultValue List<Class<?>> types,
            @DefaultValue List<String> filteredJavaSerialization,
            @DefaultValue("false") boolean trustTypesInData) {}

    /**
     * Sessions in Redis or Valkey; needs sojourn-redis.
     *
     * @param uri Where it is: redis://, rediss:// or redis-sentinel://.
     * @param keyPrefix What its keys begin with. Default "sojourn:".
     */
    record Redis(@Nullable String uri, @Nullable String keyPrefix) {}

    /**
     * Sessions in the application's own database; needs sojourn-jdbc.
     *
     * @param createTable Whether a missing table is made at start.
     * @param table The table's name. Default "sojourn_session".
     */
    record Jdbc(
            @DefaultValue("false") boolean createTable,
            @Nullable String table) {}

    /**
     * Sessions in one file; needs sojourn-jdbc, sqlite-jdbc and HikariCP.
     *
     * @param file The file, made if it is missing.
     */
    record Sqlite(@Nullable Path file) {}
}
