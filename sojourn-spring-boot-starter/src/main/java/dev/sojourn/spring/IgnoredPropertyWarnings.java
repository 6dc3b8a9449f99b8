package dev.sojourn.spring;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Warns once, at start-up, about properties of the container's sessions and of Spring Session that have no effect, and names
 * the property to set instead. Properties that {@link InheritedProperties} applies are not among them.
 */
final class IgnoredPropertyWarnings implements SmartInitializingSingleton {
    private static final String SERVLET = "server.servlet.session.";
    private static final String SPRING = "spring.session.";

    /** Sojourn's properties by the name of the Spring Session property. */
    private static final Map<String, String> REPLACEMENTS = Map.of(
            "store-type", "sojourn.store",
            "redis.namespace", "sojourn.redis.key-prefix",
            "data.redis.namespace", "sojourn.redis.key-prefix",
            "jdbc.table-name", "sojourn.jdbc.table",
            "jdbc.initialize-schema", "sojourn.jdbc.create-table-if-missing");

    private final ConfigurableEnvironment environment;
    private final ObjectProvider<SessionStore> store;

    IgnoredPropertyWarnings(ConfigurableEnvironment environment, ObjectProvider<SessionStore> store) {
        this.environment = environment;
        this.store = store;
    }

    @Override
    public void afterSingletonsInstantiated() {
        System.Logger log = System.getLogger("dev.sojourn.spring");
        warnings().forEach(each -> log.log(Level.WARNING, each));
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (is("cookie.secure", "false")) {
            warnings.add(SERVLET
                    + "cookie.secure=false has no effect: the session cookie is Secure, which browsers accept over plain"
                    + " http from localhost only. If there is no TLS at all, set sojourn.cookie.insecure-http=true");
        }
        if (is("cookie.http-only", "false")) {
            warnings.add(SERVLET + "cookie.http-only=false has no effect: the session cookie is always HttpOnly");
        }
        if (is("cookie.same-site", "omitted")) {
            warnings.add(SERVLET + "cookie.same-site=omitted has no effect: SameSite is always sent."
                    + " Set sojourn.cookie.same-site to lax, strict or none");
        }
        String modes = value("tracking-modes");
        if (modes != null && !modes.equals("cookie")) {
            warnings.add(SERVLET
                    + "tracking-modes has no effect: a token never travels in a URL. For clients without cookies set"
                    + " config.transport(Transports.cookie(), Transports.bearer()) in a SessionsCustomizer bean");
        }
        if (is("persistent", "true") && !isSetByDevTools(SERVLET + "persistent") && isInMemory()) {
            warnings.add(SERVLET + "persistent=true has no effect: sessions are in memory and end with the process."
                    + " Set sojourn.sqlite.file or another store");
        }
        springSessionProperties()
                .forEach((name, value) ->
                        warnings.add(SPRING + name + " has no effect: it is a property of" + " Spring Session"
                                + (REPLACEMENTS.containsKey(name) ? "; set " + REPLACEMENTS.get(name) : "")));
        return warnings;
    }

    private @Nullable String value(String name) {
        return Binder.get(environment)
                .bind(SERVLET + name, String.class)
                .map(value -> value.toLowerCase(Locale.ROOT))
                .orElse(null);
    }

    private boolean is(String name, String value) {
        return value.equals(value(name));
    }

    private boolean isInMemory() {
        return store.getIfUnique() instanceof MemoryStore;
    }

    /**
     * Returns whether DevTools set the property, which it does for every application. {@link DevToolsStore} keeps sessions over
     * restarts.
     */
    private boolean isSetByDevTools(String name) {
        for (PropertySource<?> each : environment.getPropertySources()) {
            if (each.getName().equals("configurationProperties")) {
                continue;
            }
            if (each.containsProperty(name)) {
                return each.getName().equals("devtools");
            }
        }
        return false;
    }

    private Map<String, Object> springSessionProperties() {
        Map<String, Object> flat = new TreeMap<>();
        Binder.get(environment)
                .bind("spring.session", Bindable.mapOf(String.class, Object.class))
                .ifBound(found -> flatten("", found, flat));
        flat.remove("timeout");
        return flat;
    }

    private static void flatten(String prefix, Map<?, ?> from, Map<String, Object> to) {
        from.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + name + ".", inner, to);
            } else {
                to.put(prefix + name, value);
            }
        });
    }
}
