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
 * Says once, at start-up, which settings of the container's sessions and of Spring Session do nothing here, and which property
 * to set in their place. What {@link InheritedSettings} honours is not among them.
 */
final class IgnoredSettings implements SmartInitializingSingleton {
    private static final String SERVLET = "server.servlet.session.";
    private static final String SPRING = "spring.session.";

    /** What takes the place of Spring Session's properties. */
    private static final Map<String, String> IN_PLACE = Map.of(
            "store-type", "sojourn.store",
            "redis.namespace", "sojourn.redis.key-prefix",
            "data.redis.namespace", "sojourn.redis.key-prefix",
            "jdbc.table-name", "sojourn.jdbc.table",
            "jdbc.initialize-schema", "sojourn.jdbc.create-table");

    private final ConfigurableEnvironment environment;
    private final ObjectProvider<SessionStore> store;

    IgnoredSettings(ConfigurableEnvironment environment, ObjectProvider<SessionStore> store) {
        this.environment = environment;
        this.store = store;
    }

    @Override
    public void afterSingletonsInstantiated() {
        System.Logger log = System.getLogger("dev.sojourn.spring");
        found().forEach(each -> log.log(Level.WARNING, each));
    }

    private List<String> found() {
        List<String> found = new ArrayList<>();
        if (is("cookie.secure", "false")) {
            found.add(SERVLET
                    + "cookie.secure=false does nothing: the session's cookie is Secure, which browsers accept over plain"
                    + " http from localhost only. If there is no TLS at all, set sojourn.cookie.insecure-http=true");
        }
        if (is("cookie.http-only", "false")) {
            found.add(SERVLET + "cookie.http-only=false does nothing: the session's cookie is always HttpOnly");
        }
        if (is("cookie.same-site", "omitted")) {
            found.add(SERVLET + "cookie.same-site=omitted does nothing: the rule is always sent."
                    + " Set sojourn.cookie.same-site to lax, strict or none");
        }
        String modes = value("tracking-modes");
        if (modes != null && !modes.equals("cookie")) {
            found.add(SERVLET
                    + "tracking-modes does nothing: a token never travels in a URL. For clients without cookies set"
                    + " config.transport(Transports.cookie(), Transports.bearer()) in a SessionsCustomizer bean");
        }
        if (is("persistent", "true") && !isOfDevTools(SERVLET + "persistent") && isInMemory()) {
            found.add(SERVLET + "persistent=true does nothing: sessions are in memory and end with the process."
                    + " Set sojourn.sqlite.file or another store");
        }
        ofSpringSession()
                .forEach((name, value) -> found.add(SPRING + name + " does nothing: it is a property of"
                        + " Spring Session" + (IN_PLACE.containsKey(name) ? "; set " + IN_PLACE.get(name) : "")));
        return found;
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

    /** DevTools sets it for every application; sessions in memory live through its restarts by {@link DevToolsStore}. */
    private boolean isOfDevTools(String name) {
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

    private Map<String, Object> ofSpringSession() {
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
