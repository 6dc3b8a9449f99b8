package dev.sojourn.benchmarks.lab;

import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** The lab on Spring Boot, with Spring MVC on embedded Tomcat. */
final class SpringLab implements LabAdapter {
    /**
     * Strong references: otherwise the loggers may be garbage collected, and their levels with them. Both log every
     * step of the start.
     */
    private static final Logger SPRING = Logger.getLogger("org.springframework");

    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    @Override
    public String name() {
        return "spring";
    }

    @Override
    public LabServer start(int port, LabContent content) {
        SPRING.setLevel(Level.WARNING);
        TOMCAT.setLevel(Level.WARNING);
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        ExecutorService threads = LabThreads.newExecutor();
        return new RunningServer(
                (ServletWebServerApplicationContext) new SpringApplicationBuilder(Site.class)
                        .logStartupInfo(false)
                        .registerShutdownHook(false)
                        .initializers((GenericApplicationContext context) -> {
                            register(content.sessions().getClass(), content.sessions(), context);
                            context.registerBean(LabContent.class, () -> content);
                            context.registerBean(
                                    ExecutorService.class,
                                    () -> threads,
                                    definition -> definition.setDestroyMethodName(""));
                        })
                        .run(
                                "--server.port=" + port,
                                "--server.address=" + LabServer.HOST,
                                "--server.shutdown=immediate",
                                "--spring.main.banner-mode=off"),
                threads);
    }

    /** Registers the sessions under their own class, by which the starter knows what else it can offer. */
    private static <S extends SessionSource> void register(
            Class<S> kind, SessionSource sessions, GenericApplicationContext context) {
        context.registerBean(kind, () -> kind.cast(sessions), definition -> definition.setDestroyMethodName(""));
    }

    /** Mounts the endpoints in Spring MVC, and the path without a session in a servlet of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> connector(ExecutorService threads) {
            return factory -> factory.addConnectorCustomizers(connector -> TomcatLab.tune(connector, threads));
        }

        @Bean
        ServletRegistrationBean<LabServlet> bare(LabContent content) {
            return new ServletRegistrationBean<>(ServletLab.bare(content), LabEndpoints.BARE);
        }

        /** Replaces the starter's registration, which covers all paths. */
        @Bean
        FilterRegistrationBean<SojournFilter> sojournFilterRegistration(SojournFilter filter) {
            FilterRegistrationBean<SojournFilter> registration = new FilterRegistrationBean<>(filter);
            registration.addServletNames("dispatcherServlet");
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        @Bean
        SimpleUrlHandlerMapping endpoints(LabContent content) {
            HttpRequestHandler handler =
                    (request, response) -> LabServlet.send(ServletLab.respond(content, request), response);
            return new SimpleUrlHandlerMapping(Map.of("/**", handler), Ordered.HIGHEST_PRECEDENCE);
        }
    }

    private record RunningServer(ServletWebServerApplicationContext context, ExecutorService threads)
            implements LabServer {
        @Override
        public int port() {
            return Objects.requireNonNull(context.getWebServer()).getPort();
        }

        @Override
        public void close() {
            context.close();
            threads.shutdownNow();
        }
    }
}
