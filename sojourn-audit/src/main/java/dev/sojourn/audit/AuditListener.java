package dev.sojourn.audit;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.spi.LogText;
import java.time.Clock;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A listener that writes an audit log of sessions and sign-ins to the SLF4J logger {@value #LOGGER}, as key-value pairs of
 * SLF4J 2. The key {@code event} has a name of the OWASP Logging Vocabulary; the other keys are {@code user}, {@code
 * session} (the public id), {@code reason}, {@code scope}, {@code by}, {@code address}, {@code method}, {@code path},
 * {@code origin} and {@code repeated}, each only if it is known.
 *
 * <p>Contains no id, no token and no attribute. Texts from outside are on one line, without control characters, and at most
 * 200 characters long. Events that a client can cause at any rate, refused tokens and requests of other sites, are written
 * once in a minute for each reason, with the number of those left out in {@code repeated}.
 *
 * <p>Thread-safe. Blocks as long as the logger does; a listener is called after the response is ready.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html">OWASP Logging
 *     Vocabulary</a>
 */
public final class AuditListener implements SessionListener {
    /** The name of the logger. */
    public static final String LOGGER = "dev.sojourn.audit";

    private static final Logger AUDIT = LoggerFactory.getLogger(LOGGER);

    private final UnaryOperator<String> users;
    private final Throttle throttle;

    private AuditListener(UnaryOperator<String> users, Throttle throttle) {
        this.users = users;
        this.throttle = throttle;
    }

    /**
     * Creates a listener that writes users by the name that they signed in with.
     *
     * @return the listener
     */
    public static AuditListener create() {
        return create(Clock.systemUTC());
    }

    static AuditListener create(Clock clock) {
        return new AuditListener(LogText::text, new Throttle(clock));
    }

    /**
     * Returns a listener that writes a keyed hash instead of each user's name: the first 128 bits of HMAC-SHA-256 in base64url.
     * Entries of one user can still be found, by everybody who has the key.
     *
     * @param key at least 32 characters, the same on every node; random, because names can be guessed
     * @return the listener
     * @throws IllegalArgumentException if the key is shorter
     */
    public AuditListener hashUsers(String key) {
        return new AuditListener(new UserHash(key), throttle);
    }

    // ---- sessions

    @Override
    public void onCreated(SessionInfo session) {
        of(Level.INFO, "session_created", session).log("a session was created");
    }

    @Override
    public void onIdChanged(SessionInfo session, String formerPublicId) {
        of(Level.INFO, "session_renewed", session)
                .addKeyValue("former", formerPublicId)
                .log("a session got a new id");
    }

    @Override
    public void onDestroyed(SessionInfo session, DestroyReason reason) {
        of(Level.INFO, "session_expired", session)
                .addKeyValue("reason", name(reason))
                .log("a session was ended");
    }

    @Override
    public void onExpired(SessionInfo session, Timeout cause) {
        of(Level.INFO, "session_expired", session)
                .addKeyValue("reason", name(cause))
                .log("a session passed its timeout");
    }

    @Override
    public void onSuperseded(SessionInfo session) {
        of(Level.WARN, "session_use_after_expire", session).log("a request had the id of a session that has a new one");
    }

    // ---- sign-in

    @Override
    public void onSignedIn(SessionInfo session) {
        of(Level.INFO, "authn_login_success", session).log("a user signed in");
    }

    @Override
    public void onRemembered(SessionInfo session) {
        of(Level.INFO, "authn_login_success", session)
                .addKeyValue("reason", "remembered")
                .log("a remembered browser signed its user in");
    }

    @Override
    public void onElevated(SessionInfo session, String scope) {
        of(Level.WARN, "authz_change", session)
                .addKeyValue("scope", LogText.text(scope))
                .log("a user confirmed what needs more than a sign-in");
    }

    @Override
    public void onActingAs(SessionInfo session, String by) {
        of(Level.WARN, "authz_admin", session)
                .addKeyValue("by", users.apply(by))
                .log("a user acts as another one");
    }

    // ---- attacks

    @Override
    public void onTokenReused(SessionInfo session) {
        of(Level.ERROR, "authn_token_reuse", session).log("a token was used after it had been replaced");
    }

    /** Writes nothing of an access token that has expired, as every one does. */
    @Override
    public void onTokenRefused(String remoteAddress, TokenRefusal reason) {
        if (reason == TokenRefusal.EXPIRED) {
            return;
        }
        String event = reason == TokenRefusal.REVOKED ? "session_use_after_expire" : "input_validation_fail";
        throttle.admit("token " + reason)
                .ifPresent(leftOut -> of(Level.WARN, event, null)
                        .addKeyValue("reason", "token_" + name(reason))
                        .addKeyValue("address", LogText.text(remoteAddress))
                        .addKeyValue("repeated", leftOut)
                        .log("a token was refused"));
    }

    @Override
    public void onCrossSiteRequest(CrossSiteRequest request) {
        throttle.admit("request " + request.reason() + " " + request.outcome())
                .ifPresent(leftOut -> of(Level.WARN, "malicious_cors", null)
                        .addKeyValue("reason", name(request.reason()))
                        .addKeyValue("outcome", name(request.outcome()))
                        .addKeyValue("address", LogText.text(request.remoteAddress()))
                        .addKeyValue("method", LogText.text(request.method()))
                        .addKeyValue("path", LogText.text(request.path()))
                        .addKeyValue("origin", LogText.text(request.origin()))
                        .addKeyValue("repeated", leftOut)
                        .log("a page of another site may have sent a request"));
    }

    // ---- entries

    private LoggingEventBuilder of(Level level, String event, @Nullable SessionInfo session) {
        LoggingEventBuilder entry = AUDIT.atLevel(level).addKeyValue("event", event);
        if (session == null) {
            return entry;
        }
        String user = session.subject();
        return (user == null ? entry : entry.addKeyValue("user", users.apply(user)))
                .addKeyValue("session", session.publicId());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Omits the key of hashed users. */
    @Override
    public String toString() {
        return "AuditListener";
    }
}
