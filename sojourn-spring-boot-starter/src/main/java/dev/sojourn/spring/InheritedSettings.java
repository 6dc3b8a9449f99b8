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
 * Honours what {@code server.servlet.session.*} and {@code spring.session.timeout} say of sessions where there is a property of
 * ours for the same. They are a property source behind all others, so a property of ours wins, and what is found shows in
 * {@code /actuator/env} with where it came from.
 */
final class InheritedSettings implements EnvironmentPostProcessor, Ordered {
    private static final String SOURCE = "what sojourn takes from server.servlet.session and spring.session";
    private static final String SERVLET = "server.servlet.session.";
    private static final String COOKIE = SERVLET + "cookie.";

    /** How the value of each property is found. */
    private static final Map<String, Function<Binder, Optional<String>>> FOUND = new LinkedHashMap<>();

    static {
        FOUND.put("sojourn.idle-timeout", InheritedSettings::idleTimeout);
        FOUND.put("sojourn.cookie.name", binder -> text(binder, COOKIE + "name"));
        FOUND.put("sojourn.cookie.path", binder -> text(binder, COOKIE + "path"));
        FOUND.put("sojourn.cookie.domain", binder -> text(binder, COOKIE + "domain"));
        FOUND.put("sojourn.cookie.partitioned", binder -> text(binder, COOKIE + "partitioned"));
        FOUND.put("sojourn.cookie.same-site", InheritedSettings::sameSite);
        FOUND.put("sojourn.cookie.lifetime", InheritedSettings::lifetime);
    }

    private static Optional<String> text(Binder binder, String property) {
        return Optional.ofNullable(binder.bind(property, String.class).orElse(null))
                .filter(value -> !value.isBlank());
    }

    /** As Spring Boot reads them: a number alone means seconds. */
    private static Optional<Duration> seconds(Binder binder, String property) {
        return text(binder, property)
                .map(value -> DurationStyle.detectAndParse(value, java.time.temporal.ChronoUnit.SECONDS));
    }

    /** To Spring Boot zero and less mean that a session never waits too long. */
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

    /** Less than a second means to Spring Boot that the cookie goes with the browser's session. */
    private static Optional<String> lifetime(Binder binder) {
        return seconds(binder, COOKIE + "max-age")
                .map(age -> age.toSeconds() > 0 ? age.toSeconds() + "s" : "browser-session");
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Binder binder = Binder.get(environment);
        Map<String, Object> found = new LinkedHashMap<>();
        FOUND.forEach((property, value) -> {
            // Spring Boot puts an application's default properties behind all others, this source too.
            if (text(binder, property).isEmpty()) {
                value.apply(binder).ifPresent(text -> found.put(property, text));
            }
        });
        if (!found.isEmpty()) {
            environment.getPropertySources().addLast(new MapPropertySource(SOURCE, found));
        }
    }

    /** Once all others have added what they know. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
