package dev.sojourn.demo.servers;

import dev.sojourn.Sessions;
import dev.sojourn.servlet.SojournFilter;
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

/** Spring Boot, with Spring MVC on its embedded Tomcat. */
final class SpringServer implements Adapter {
    /** Held, so that their levels are not forgotten: both tell of every step of their start. */
    private static final Logger SPRING = Logger.getLogger("org.springframework");

    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    @Override
    public String name() {
        return "spring";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        // What keeps it from starting is thrown as well.
        level(Level.OFF);
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        SpringApplication application = new SpringApplicationBuilder(Site.class)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers((GenericApplicationContext context) -> context.registerBean(Served.class, () -> served))
                .build();
        try {
            return new OnSpring((ServletWebServerApplicationContext) application.run(
                    "--server.port=" + port,
                    "--server.address=" + InetAddress.getLoopbackAddress().getHostAddress(),
                    "--spring.main.banner-mode=off",
                    "--spring.lifecycle.timeout-per-shutdown-phase=" + Running.PATIENCE.toMillis() + "ms",
                    // Forms are read by the pages.
                    "--spring.servlet.multipart.enabled=false"));
        } catch (PortInUseException e) {
            throw taken(e);
        } catch (RuntimeException e) {
            throw NotStarted.because(e);
        } finally {
            level(Level.WARNING);
        }
    }

    private static void level(Level level) {
        SPRING.setLevel(level);
        TOMCAT.setLevel(level);
    }

    private static BindException taken(PortInUseException problem) {
        BindException taken = new BindException(problem.getMessage());
        taken.initCause(problem);
        return taken;
    }

    /** The pages behind Spring MVC; what is outside of the session beside it. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
    static class Site {
        private static final String MVC = "dispatcherServlet";

        @Bean(destroyMethod = "")
        Sessions sessions(Served served) {
            return served.sessions();
        }

        @Bean
        ServletRegistrationBean<DemoServlet> outside(Served served) {
            return new ServletRegistrationBean<>(ServletSite.outside(served), ServletSite.outsidePaths());
        }

        /** Before the session's own filter: it sees the head as that one has left it. */
        @Bean
        FilterRegistrationBean<ServletJournal> journal(Served served) {
            return around(new ServletJournal(served.recorder()), 0, EnumSet.of(DispatcherType.REQUEST));
        }

        /** In place of the starter's own, which is around everything. */
        @Bean
        FilterRegistrationBean<SojournFilter> sojournFilterRegistration(SojournFilter filter) {
            return around(filter, 1, EnumSet.allOf(DispatcherType.class));
        }

        private static <F extends Filter> FilterRegistrationBean<F> around(
                F filter, int place, EnumSet<DispatcherType> dispatches) {
            FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
            registration.addServletNames(MVC);
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
            registration.setDispatcherTypes(dispatches);
            return registration;
        }

        @Bean
        SimpleUrlHandlerMapping pages(Served served) {
            HttpRequestHandler handler = ServletSite.pages(served)::answer;
            return new SimpleUrlHandlerMapping(Map.of("/**", handler), Ordered.HIGHEST_PRECEDENCE);
        }
    }

    private record OnSpring(ServletWebServerApplicationContext context) implements Running {
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
