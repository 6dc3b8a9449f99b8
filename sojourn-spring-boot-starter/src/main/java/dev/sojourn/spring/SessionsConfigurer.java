package dev.sojourn.spring;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookieOptions;
import dev.sojourn.CsrfOptions;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.spi.SecretRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Applies the properties to the configuration of {@link Sessions}. */
final class SessionsConfigurer {
    private final SojournProperties properties;

    SessionsConfigurer(SojournProperties properties) {
        this.properties = properties;
    }

    /** Sets every option that has a property. */
    void applyTo(Sessions.Config config) {
        setAll(properties.secret(), config::secret);
        set(properties.idleTimeout(), config::idleTimeout);
        set(properties.absoluteTimeout(), config::absoluteTimeout);
        set(properties.touchInterval(), config::touchInterval);
        set(properties.renewTokenEvery(), config::renewTokenEvery);
        set(properties.renewalGrace(), config::renewalGrace);
        setAll(properties.readEncryptedRecords(), config::readEncryptedRecords);
        setAll(properties.encryptRecords(), config::encryptRecords);
        set(properties.maxSessionSize(), (DataSize size) -> config.maxSessionBytes(Math.toIntExact(size.toBytes())));
        set(properties.maxAttributes(), config::maxAttributes);
        set(properties.maxWaitingSaves(), config::maxWaitingSaves);
        set(properties.maxHungStoreCalls(), config::maxHungStoreCalls);
        set(properties.deviceAddress(), config::deviceAddress);
        set(
                properties.maxSessionsPerUser(),
                (Integer max) -> config.maxSessionsPerUser(max, properties.onSessionLimit()));
        set(properties.exclusiveLease(), config::exclusiveLease);
        set(properties.exclusiveWait(), config::exclusiveWait);
        set(properties.maxWaitingExclusive(), config::maxWaitingExclusive);
        set(properties.whenUnreadable(), config::whenUnreadable);
        set(properties.whenStoreUnavailable(), config::whenStoreUnavailable);
        applyIf(properties.saveUninitialized(), config::saveUninitialized);
        applyIf(properties.resave(), config::resave);
        applyIf(properties.rolling(), config::rolling);
        applyIf(properties.touchOnEveryRequest(), config::touchOnEveryRequest);
        config.quiet(properties.quiet().toArray(String[]::new));
        config.requireSignIn(properties.requireSignIn().toArray(String[]::new));
        set(properties.rememberMe(), (Duration lifetime) -> config.rememberMe(r -> r.lifetime(lifetime)));
        config.clearSiteData(properties.clearSiteData().toArray(String[]::new));
        applyIf(
                !properties.exclusive().isEmpty(),
                () -> config.exclusive(properties.exclusive().toArray(String[]::new)));
        config.trustedProxies(properties.trustedProxies().toArray(String[]::new));
        config.csrf(this::applyTo);
        config.cookie(this::applyTo);
    }

    private void applyTo(CsrfOptions options) {
        SojournProperties.Csrf csrf = properties.csrf();
        options.trustedOrigin(csrf.trustedOrigin().toArray(String[]::new))
                .ownOrigin(csrf.ownOrigin().toArray(String[]::new))
                .exempt(csrf.exempt().toArray(String[]::new))
                .requireToken(csrf.requireToken().toArray(String[]::new))
                .checkWithoutCookie(csrf.checkWithoutCookie().toArray(String[]::new));
        applyIf(csrf.reportOnly(), options::reportOnly);
        applyIf(csrf.off(), options::off);
    }

    private void applyTo(CookieOptions options) {
        SojournProperties.Cookie cookie = properties.cookie();
        set(cookie.name(), options::name);
        set(cookie.path(), options::path);
        set(cookie.publicPath(), options::publicPath);
        set(cookie.domain(), options::domain);
        set(cookie.sameSite(), options::sameSite);
        set(cookie.priority(), options::priority);
        set(cookie.lifetime(), (String text) -> options.lifetime(lifetime(text)));
        applyIf(cookie.partitioned(), options::partitioned);
        applyIf(cookie.insecureHttp(), options::insecureHttp);
    }

    /** Returns the failure of the application's start, with an action for the properties that caused the problem. */
    UnusableConfigurationException explain(IllegalArgumentException problem) {
        String action = "Change the option that is named, in sojourn.idle-timeout, sojourn.absolute-timeout,"
                + " sojourn.touch-interval, sojourn.renew*, sojourn.*encrypt*, sojourn.max-*, sojourn.exclusive*, sojourn.quiet, sojourn.require-sign-in,"
                + " sojourn.remember-me, sojourn.clear-site-data, sojourn.csrf.* or sojourn.trusted-proxies,"
                + " or in a SessionsCustomizer bean.";
        if (properties.secret().isEmpty() || isRefused(() -> SecretRules.validate(properties.secret()))) {
            action =
                    "Set sojourn.secret, or SOJOURN_SECRET in the environment, to the output of `openssl rand -base64 32`.";
        } else if (isRefused(() -> Transports.cookie(this::applyTo))) {
            action =
                    "Change the properties that begin with sojourn.cookie, or those of server.servlet.session.cookie that"
                            + " they inherit, so that browsers accept the cookie.";
        }
        return new UnusableConfigurationException(String.valueOf(problem.getMessage()), action, problem);
    }

    private static boolean isRefused(Supplier<?> option) {
        try {
            Objects.requireNonNull(option.get());
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static CookieLifetime lifetime(String text) {
        return switch (text) {
            case "browser-session" -> CookieLifetime.browserSession();
            case "session" -> CookieLifetime.session();
            default -> CookieLifetime.of(DurationStyle.detectAndParse(text));
        };
    }

    private static <T> void set(@Nullable T value, Consumer<T> option) {
        if (value != null) {
            option.accept(value);
        }
    }

    /** Passes secrets to an option that takes the first one and the others. */
    private static void setAll(List<String> secrets, BiConsumer<String, String[]> option) {
        if (!secrets.isEmpty()) {
            option.accept(secrets.get(0), secrets.subList(1, secrets.size()).toArray(String[]::new));
        }
    }

    private static void applyIf(boolean condition, Runnable option) {
        if (condition) {
            option.run();
        }
    }
}
