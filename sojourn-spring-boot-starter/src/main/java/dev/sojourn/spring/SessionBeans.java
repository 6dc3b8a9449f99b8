package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.web.context.WebApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Gives beans of the session back what Spring injects into them. A service is no value and does not go into the store, so the field
 * that holds it is {@code transient}; in the next request the bean is a new object, and Spring fills its injection points again. Its
 * other fields are as they were stored.
 */
final class SessionBeans implements AttributeFormat {
    private final AttributeFormat format;
    private final ConfigurableListableBeanFactory beans;
    /** Asked for once: scopes are known when the application has started. */
    private volatile @Nullable Set<Class<?>> known;

    SessionBeans(AttributeFormat format, ConfigurableListableBeanFactory beans) {
        this.format = format;
        this.beans = beans;
    }

    @Override
    public String name() {
        return format.name();
    }

    @Override
    public JsonNode write(String name, Object value) {
        return format.write(name, value);
    }

    @Override
    public Object read(JsonNode stored) {
        Object value = format.read(stored);
        if (types().contains(value.getClass())) {
            beans.autowireBean(value);
        }
        return value;
    }

    private Set<Class<?>> types() {
        Set<Class<?>> types = known;
        if (types == null) {
            types = new HashSet<>();
            for (String name : beans.getBeanDefinitionNames()) {
                String scope = beans.getMergedBeanDefinition(name).getScope();
                Class<?> type = WebApplicationContext.SCOPE_SESSION.equals(scope) ? beans.getType(name, false) : null;
                if (type != null) {
                    types.add(type);
                }
            }
            known = types;
        }
        return types;
    }
}
