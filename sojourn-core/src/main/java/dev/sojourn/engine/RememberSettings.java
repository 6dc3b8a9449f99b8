package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What remember-me needs, complete and checked. A remembered browser is a record next to those of sessions, with a user, without
 * attributes, and with the generation of the token in the browser's cookie. Thread-safe.
 */
final class RememberSettings {
    private static final String PURPOSE = "sojourn remember token 1";
    private static final Duration LONGEST_LOST = Duration.ofDays(30);

    final CookieTransport cookie;
    final Duration lostResponses;
    final Clock clock;
    private final Duration lifetime;
    private final RefreshTokenFormat tokens;

    RememberSettings(RememberRules from, EngineSettings engine, List<String> secrets) {
        this.cookie = cookie(from, engine);
        this.lifetime = from.lifetime();
        this.lostResponses = from.lostResponses();
        this.clock = engine.clock;
        checkTimes(engine.deadlines);
        if (!engine.recordFormat.canRemember()) {
            throw new IllegalArgumentException(
                    "this record format has no room for remembered browsers: leave rememberMe()"
                            + " away, or use the default format");
        }
        if (engine.store.userIndex().isEmpty()) {
            throw new IllegalArgumentException(
                    "rememberMe() needs a store with a userIndex(), because a logout, or a token"
                            + " that was copied, ends all sessions of the browser");
        }
        this.tokens = new RefreshTokenFormat(secrets, PURPOSE);
    }

    private static CookieTransport cookie(RememberRules from, EngineSettings engine) {
        List<CookieTransport> cookies = engine.transports.stream()
                .filter(transport -> transport instanceof CookieTransport)
                .map(transport -> (CookieTransport) transport)
                .toList();
        if (cookies.isEmpty()) {
            throw new IllegalArgumentException(
                    "rememberMe() is for browsers: it needs sessions in a cookie, so name one in"
                            + " c.transport(...), or leave rememberMe() away");
        }
        CookieTransport cookie = cookies.get(0).companion("remember", from.cookieName());
        String name = cookie.rules().name();
        if (cookies.stream().anyMatch(each -> each.rules().name().equals(name))) {
            throw new IllegalArgumentException(
                    "the remember-me cookie cannot have the name of the session cookie, " + name);
        }
        return cookie;
    }

    private void checkTimes(Deadlines deadlines) {
        Duration timeout = deadlines.idleTimeout().isZero() ? deadlines.absoluteTimeout() : deadlines.idleTimeout();
        if (lifetime.compareTo(timeout) <= 0 || lifetime.compareTo(CookieLifetime.LONGEST) > 0) {
            throw new IllegalArgumentException("the lifetime of remember-me is longer than a session lives unused, "
                    + timeout + ", and at most 400 days, not " + lifetime);
        }
        boolean inBounds = lostResponses.compareTo(Rotation.GRACE) > 0 && lostResponses.compareTo(LONGEST_LOST) <= 0;
        if (!lostResponses.isZero() && !inBounds) {
            throw new IllegalArgumentException(
                    "lostAnswers of remember-me is more than 30 seconds, for which any response may"
                            + " be lost, and at most 30 days, or Duration.ZERO for none, not " + lostResponses);
        }
    }

    /** Returns the cookie, with its name at the root. */
    CookieRules rules() {
        return cookie.rules();
    }

    // ---- records

    /**
     * Returns the record of the browser of a session whose user has signed in, to be remembered from now on. It names the
     * session until the session names it.
     */
    SessionRecord browserOf(RecordSnapshot snapshot) {
        SessionRecord session = snapshot.record();
        SessionRecord browser = SessionRecord.live(clock.instant(), session.subject())
                .withFormerPublicIds(List.of(SessionIds.publicId(snapshot.key())))
                .withSettings(SessionSettings.AS_CONFIGURED
                        .withIdleTimeout(Duration.ZERO)
                        .withAbsoluteTimeout(lifetime))
                .withGeneration(Generation.first(clock.instant()))
                .withRemember(Remember.BROWSER);
        return withFacts(session, browser);
    }

    /** Returns the record of a session that a remembered browser begins. */
    SessionRecord sessionOf(RecordSnapshot browser) {
        SessionRecord session = SessionRecord.live(
                        clock.instant(), browser.record().subject())
                .withRemember(Remember.remembered(browser.key()));
        return withFacts(browser.record(), session);
    }

    /** Returns a record with what another one contains of its user's sign-in; both take one place under a limit of sessions. */
    private static SessionRecord withFacts(SessionRecord from, SessionRecord to) {
        SignInFacts facts = from.signIn() == null ? SignInFacts.NONE : from.signIn();
        SessionRecord known = to.withSignIn(facts.withAt(from.signedInAt()).withElevations(Map.of()))
                .withDevice(from.device());
        return Permit.carry(from, known);
    }

    static boolean isBrowser(SessionRecord record) {
        return Remember.BROWSER.equals(record.remember());
    }

    // ---- tokens

    Optional<RefreshToken> read(Exchange exchange, String token) {
        return tokensIn(exchange).read(token);
    }

    String write(Exchange exchange, String id, RecordSnapshot browser) {
        Generation generation = browser.record().generation();
        if (generation == null) {
            throw new IllegalStateException("a remembered browser has a generation; this is a bug in Sojourn");
        }
        return tokensIn(exchange).write(id, generation.number());
    }

    /** A cookie that belongs to one application of a server has tokens that do, too. */
    private RefreshTokenFormat tokensIn(Exchange exchange) {
        return cookie.isNamedByApplication() ? tokens.forApplication(exchange.applicationPath()) : tokens;
    }

    /** Returns how long the cookie of a browser is kept. */
    Duration timeLeft(RecordSnapshot browser) {
        return Duration.between(clock.instant(), browser.stored().expiresAt());
    }

    /** Returns the store key of the browser that a session belongs to; null if it belongs to none. */
    static @Nullable StoreKey browserKey(@Nullable SessionRecord record) {
        Remember remember = record == null ? null : record.remember();
        return remember == null ? null : remember.browser();
    }
}
