package dev.sojourn.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Applies {@code server.servlet.session.*} and {@code spring.session.timeout} where a property of Sojourn has the same meaning.
 * The inherited values are the last property source, so that Sojourn's properties take precedence, and {@code /actuator/env}
 * shows where the values come from.
 */
final class InheritedProperties implements EnvironmentPostProcessor, Ordered {
    private static final String SOURCE = "sojourn properties inherited from server.servlet.session and spring.session";
    private static final String SERVLET = "server.servlet.session.";
    private static final String COOKIE = SERVLET + "cookie.";

    /** Finds the inherited value of each Sojourn property. */
    private static final Map<String, Function<Binder, Optional<String>>> SOURCES = new LinkedHashMap<>();

    static {
        SOURCES.put("sojourn.idle-timeout", InheritedProperties::idleTimeout);
        SOURCES.put("sojourn.cookie.name", binder -> text(binder, COOKIE + "name"));
        SOURCES.put("sojourn.cookie.path", binder -> text(binder, COOKIE + "path"));
        SOURCES.put("sojourn.cookie.domain", binder -> text(binder, COOKIE + "domain"));
        SOURCES.put("sojourn.cookie.partitioned", binder -> text(binder, COOKIE + "partitioned"));
        SOURCES.put("sojourn.cookie.same-site", InheritedProperties::sameSite);
        SOURCES.put("sojourn.cookie.lifetime", InheritedProperties::lifetime);
    }

    private static Optional<String> text(Binder binder, String property) {
        return Optional.ofNullable(binder.bind(property, String.class).orElse(null))
                .filter(value -> !value.isBlank());
    }

    /** Returns a duration as Spring Boot reads it: a number without a unit means seconds. */
    private static Optional<Duration> seconds(Binder binder, String property) {
        return text(binder, property)
                .map(value -> DurationStyle.detectAndParse(value, java.time.temporal.ChronoUnit.SECONDS));
    }

    /** Returns the idle timeout. To Spring Boot, zero and negative values mean that a session never expires. */
    private static Optional<String> idleTimeout(Binder binder) {
        return seconds(binder, "spring.session.timeout")
                .or(() -> seconds(binder, SERVLET + "timeout"))
                .map(timeout -> Math.max(0, timeout.toSeconds()) + "s");
    }

    private static Optional<String> sameSite(Binder binder) {
        return text(binder, COOKIE + "same-site")
                .map(rule -> rule.toLowerCase(Locale.ROOT))
                .filter(rule -> !rule.equals("omitted"));
    }

    /**
     * Returns the cookie's lifetime. To Spring Boot, less than a second means that the cookie ends with the browser session.
     */
    private static Optional<String> lifetime(Binder binder) {
        return seconds(binder, COOKIE + "max-age")
                .map(age -> age.toSeconds() > 0 ? age.toSeconds() + "s" : "browser-session");
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Binder binder = Binder.get(environment);
        Map<String, Object> found = new LinkedHashMap<>();
        SOURCES.forEach((property, value) -> {
            // Spring Boot moves an application's default properties to the end, after this source.
            if (text(binder, property).isEmpty()) {
                value.apply(binder).ifPresent(text -> found.put(property, text));
            }
        });
        if (!found.isEmpty()) {
            environment.getPropertySources().addLast(new MapPropertySource(SOURCE, found));
        }
    }

    /** Runs last, after all other sources are added. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
