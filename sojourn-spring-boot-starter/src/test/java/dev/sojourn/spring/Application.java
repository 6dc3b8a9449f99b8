package dev.sojourn.spring;

import dev.sojourn.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A running Spring Boot application with an embedded Tomcat on a free port of 127.0.0.1. */
final class Application implements AutoCloseable {
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    private final ConfigurableApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Application start(Class<?> source, String... properties) {
        return start(source, beans -> {}, properties);
    }

    /** Starts an application with additional beans. */
    static Application start(Class<?> source, Consumer<GenericApplicationContext> beans, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "logging.level.root=error",
                "spring.jmx.enabled=false"));
        if (List.of(properties).stream().noneMatch(each -> each.startsWith("sojourn.secret="))) {
            all.add("sojourn.secret=" + SECRET);
        }
        all.addAll(List.of(properties));
        return new Application(new SpringApplicationBuilder(source)
                .web(WebApplicationType.SERVLET)
                .initializers((GenericApplicationContext context) -> beans.accept(context))
                .properties(all.toArray(String[]::new))
                .run());
    }

    /** Returns a registration of a store that Spring does not close when the application stops. */
    static Consumer<GenericApplicationContext> over(SessionStore store) {
        return beans ->
                beans.registerBean(SessionStore.class, () -> store, definition -> definition.setDestroyMethodName(""));
    }

    int port() {
        return Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    Browser browser() {
        return new Browser(port());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        context.close();
    }
}
