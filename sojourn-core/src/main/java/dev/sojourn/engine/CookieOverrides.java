package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.SessionCookie;
import dev.sojourn.spi.SessionSettings;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The cookie settings of one session, on top of the configured ones. */
final class CookieOverrides implements SessionCookie {
    private final ScopeSettings configured;
    private final Supplier<SessionSettings> own;
    private final Consumer<UnaryOperator<SessionSettings>> change;

    CookieOverrides(
            ScopeSettings configured, Supplier<SessionSettings> own, Consumer<UnaryOperator<SessionSettings>> change) {
        this.configured = configured;
        this.own = own;
        this.change = change;
    }

    @Override
    public CookieLifetime lifetime() {
        return configured.cookieLifetime(own.get());
    }

    @Override
    public void lifetime(CookieLifetime lifetime) {
        Objects.requireNonNull(lifetime, "lifetime");
        change.accept(now -> now.withCookieLifetime(lifetime));
    }

    @Override
    public SameSite sameSite() {
        SameSite rule = own.get().sameSite();
        return rule != null ? rule : configured.cookieSameSite();
    }

    @Override
    public void sameSite(SameSite rule) {
        Objects.requireNonNull(rule, "rule");
        configured.checkSameSite(rule);
        change.accept(now -> now.withSameSite(rule));
    }
}
