package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Tells, at most once an hour, that a token came which is one by its form and which no secret here signed. One may be anybody's
 * attempt; where users are signed out by them, it is another application's, or a secret is missing.
 */
final class TokenWarning {
    private static final long PAUSE = Duration.ofHours(1).toMillis();

    private final Clock clock;
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

    TokenWarning(Clock clock) {
        this.clock = clock;
    }

    /** Looks at the tokens of a request, none of which this server issued. */
    void met(Exchange exchange, List<TokenRoute> ways) {
        long now = clock.millis();
        long until = quietUntil.get();
        if (now < until || ways.stream().noneMatch(way -> way.brings(exchange, TokenWarning::isStrange))) {
            return;
        }
        if (quietUntil.compareAndSet(until, now + PAUSE)) {
            String names = String.join(
                    ", ", ways.stream().flatMap(TokenWarning::cookieNames).toList());
            EventBuffer.logger()
                    .log(
                            Level.WARNING,
                            "a session token came that none of the secrets here signed, so its client counts as signed"
                                    + " out. If another application on this host has the same cookie name, which two ports"
                                    + " of localhost share, each takes the other's cookie away: give each a name of its"
                                    + " own, c.cookie(k -> k.name(\"__Host-shop\")), with Spring"
                                    + " sojourn.cookie.name=__Host-shop. If the secret was changed, name the former one"
                                    + " too: c.secret(newOne, formerOne), with Spring sojourn.secret=newOne,formerOne."
                                    + (names.isEmpty() ? "" : " The cookie's name here: " + names + ".")
                                    + " This is told at most once an hour");
        }
    }

    private static boolean isStrange(TokenRoute way, String token) {
        return way.format().isWellFormed(token);
    }

    private static Stream<String> cookieNames(TokenRoute way) {
        return way.cookies().map(CookieRules::name);
    }
}
