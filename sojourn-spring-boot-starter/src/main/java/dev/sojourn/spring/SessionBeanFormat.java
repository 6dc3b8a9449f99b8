package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.web.context.WebApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * An attribute format that injects dependencies into session-scoped beans when they are read. A service is not stored, so the
 * field that holds it is {@code transient}. In the next request the bean is a new object. Its other fields are read from the
 * store, and Spring fills its injection points again.
 */
final class SessionBeanFormat implements AttributeFormat {
    private final AttributeFormat format;
    private final ConfigurableListableBeanFactory beans;
    /** The types of session-scoped beans; null until the first read, because scopes are complete only after the start. */
    private volatile @Nullable Set<Class<?>> beanTypes;

    SessionBeanFormat(AttributeFormat format, ConfigurableListableBeanFactory beans) {
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
        Set<Class<?>> types = beanTypes;
        if (types == null) {
            types = new HashSet<>();
            for (String name : beans.getBeanDefinitionNames()) {
                String scope = beans.getMergedBeanDefinition(name).getScope();
                Class<?> type = WebApplicationContext.SCOPE_SESSION.equals(scope) ? beans.getType(name, false) : null;
                if (type != null) {
                    types.add(type);
                }
            }
            beanTypes = types;
        }
        return types;
    }
}
