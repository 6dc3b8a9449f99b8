package dev.sojourn.springboot3;

import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.springboot3.page.Counter;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Runs the program of the page on a free port, with a store that records all writes. */
final class Application implements AutoCloseable {
    private final ServletWebServerApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = (ServletWebServerApplicationContext) context;
    }

    static Application start(Class<?>... more) {
        SpringApplication application = new SpringApplication(Counter.class, StoreConfiguration.class);
        for (Class<?> each : more) {
            application.addPrimarySources(List.of(each));
        }
        application.setDefaultProperties(Map.of(
                "server.port", 0,
                "SOJOURN_SECRET", "the secret of this test, which is long enough",
                "spring.main.banner-mode", "off",
                "logging.level.root", "warn",
                "spring.security.user.name", "alice",
                "spring.security.user.password", "wonderland",
                "spring.security.user.roles", "USER"));
        return new Application(application.run());
    }

    int port() {
        return context.getWebServer().getPort();
    }

    RecordingStore store() {
        return context.getBean(RecordingStore.class);
    }

    void endAll(String user) {
        context.getBean(Sessions.class).of(user).endAll();
    }

    /** Returns the number of sessions that Tomcat itself has created. */
    long containerSessionCount() {
        Manager manager = ((Context) ((TomcatWebServer) context.getWebServer())
                        .getTomcat()
                        .getHost()
                        .findChildren()[0])
                .getManager();
        return manager.getSessionCounter();
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration
    static class StoreConfiguration {
        @Bean
        @Primary
        SessionStore recordingStore() {
            return new RecordingStore();
        }
    }
}
