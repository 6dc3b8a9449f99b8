package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * Logs, at most once an hour, that a well-formed token arrived that no configured secret signed. A single one may be
 * anyone's attempt; if users are signed out, the token belongs to another application, or a secret is missing.
 */
final class TokenWarning {
    private final OncePerHour permit;

    TokenWarning(Clock clock) {
        this.permit = new OncePerHour(clock);
    }

    /** Checks the tokens of a request, none of which this server issued. */
    void check(Exchange exchange, List<TokenRoute> routes) {
        if (permit.isQuiet() || routes.stream().noneMatch(route -> route.hasToken(exchange, TokenWarning::isStrange))) {
            return;
        }
        if (permit.claim()) {
            String names = String.join(
                    ", ", routes.stream().flatMap(TokenWarning::cookieNames).toList());
            EventBuffer.logger()
                    .log(
                            Level.WARNING,
                            "a session token arrived that none of the configured secrets signed, so its client counts as"
                                    + " signed out. If another application on this host uses the same cookie name (two ports"
                                    + " of localhost share cookies), each replaces the other's cookie: give each a different"
                                    + " name, c.cookie(k -> k.name(\"__Host-shop\")), with Spring"
                                    + " sojourn.cookie.name=__Host-shop. If the secret was changed, list the former one"
                                    + " too: c.secret(newOne, formerOne), with Spring sojourn.secret=newOne,formerOne."
                                    + (names.isEmpty() ? "" : " The cookie's name here: " + names + ".")
                                    + " This is logged at most once an hour");
        }
    }

    private static boolean isStrange(TokenRoute route, String token) {
        return route.format().isWellFormed(token);
    }

    private static Stream<String> cookieNames(TokenRoute route) {
        return route.cookies().map(CookieRules::name);
    }
}
