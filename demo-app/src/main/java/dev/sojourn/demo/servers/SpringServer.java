package dev.sojourn.demo.servers;

import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionSource;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** The demo on Spring Boot, with Spring MVC on embedded Tomcat. */
final class SpringServer implements Adapter {
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
    public RunningServer start(int port, DemoContent content) throws IOException {
        // A failure to start is also thrown, so it need not be logged.
        setLogLevel(Level.OFF);
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        SpringApplication application = new SpringApplicationBuilder(Site.class)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers(
                        (GenericApplicationContext context) -> context.registerBean(DemoContent.class, () -> content))
                .build();
        try {
            return new RunningSpring((ServletWebServerApplicationContext) application.run(
                    "--server.port=" + port,
                    "--server.address=" + InetAddress.getLoopbackAddress().getHostAddress(),
                    "--spring.main.banner-mode=off",
                    "--spring.lifecycle.timeout-per-shutdown-phase=" + RunningServer.STOP_TIMEOUT.toMillis() + "ms",
                    // The pages read forms themselves.
                    "--spring.servlet.multipart.enabled=false"));
        } catch (PortInUseException e) {
            throw bindException(e);
        } catch (RuntimeException e) {
            throw StartFailure.of(e);
        } finally {
            setLogLevel(Level.WARNING);
        }
    }

    private static void setLogLevel(Level level) {
        SPRING.setLevel(level);
        TOMCAT.setLevel(level);
    }

    private static BindException bindException(PortInUseException problem) {
        BindException unavailable = new BindException(problem.getMessage());
        unavailable.initCause(problem);
        return unavailable;
    }

    /** Mounts the pages in Spring MVC, and the paths without a session in a servlet of their own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
    static class Site {
        private static final String MVC = "dispatcherServlet";

        @Bean(destroyMethod = "")
        SessionSource sessions(DemoContent content) {
            return content.sessions();
        }

        @Bean
        ServletRegistrationBean<DemoServlet> sessionless(DemoContent content) {
            return new ServletRegistrationBean<>(ServletSite.sessionless(content), ServletSite.sessionlessPaths());
        }

        /** Runs before the session filter, so that the journal sees the headers that the session filter sets. */
        @Bean
        FilterRegistrationBean<ServletJournalFilter> journal(DemoContent content) {
            return around(new ServletJournalFilter(content.recorder()), 0, EnumSet.of(DispatcherType.REQUEST));
        }

        /** Replaces the starter's registration, which covers all paths. */
        @Bean
        FilterRegistrationBean<SojournFilter> sojournFilterRegistration(SojournFilter filter) {
            return around(filter, 1, EnumSet.allOf(DispatcherType.class));
        }

        private static <F extends Filter> FilterRegistrationBean<F> around(
                F filter, int order, EnumSet<DispatcherType> dispatches) {
            FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
            registration.addServletNames(MVC);
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE + order);
            registration.setDispatcherTypes(dispatches);
            return registration;
        }

        @Bean
        SimpleUrlHandlerMapping pages(DemoContent content) {
            HttpRequestHandler handler = ServletSite.pages(content)::respond;
            return new SimpleUrlHandlerMapping(Map.of("/**", handler), Ordered.HIGHEST_PRECEDENCE);
        }
    }

    private record RunningSpring(ServletWebServerApplicationContext context) implements RunningServer {
        @Override
        public int port() {
            return Objects.requireNonNull(context.getWebServer()).getPort();
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
