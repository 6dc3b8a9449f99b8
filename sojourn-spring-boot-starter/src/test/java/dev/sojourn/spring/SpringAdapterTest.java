package dev.sojourn.spring;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Runs the adapter contract through Spring Security and Spring MVC on the embedded Tomcat, with Spring Boot's error page and a
 * bean of the application: {@code Sessions} or another source.
 */
class SpringAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) {
        Application application = Application.start(ScenarioApp.class, beans -> {
            if (sessions instanceof Sessions inStore) {
                beans.registerBean(Sessions.class, () -> inStore);
            } else {
                beans.registerBean(SessionSource.class, () -> sessions);
            }
            beans.registerBean(Scenario.class, () -> scenario);
        });
        return new Server(application.port(), application::close);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ScenarioApp {
        /** Turns off features whose headers and tokens would interfere with the contract. */
        @Bean
        SecurityFilterChain permitAll(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .headers(headers -> headers.disable())
                    .build();
        }

        @Bean
        SimpleUrlHandlerMapping scenarioMapping(Scenario scenario) {
            HttpRequestHandler any = (request, response) ->
                    scenario.handle(new SpringResponder(request, response, request.getRequestURI()));
            HttpRequestHandler route =
                    (request, response) -> scenario.handle(new SpringResponder(request, response, ROUTE));
            // After the controllers; Spring Boot's error page is the only one.
            SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(Map.of("/**", any, ROUTE, route), 1);
            PathPatternParser parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            mapping.setPatternParser(parser);
            return mapping;
        }
    }

    private record SpringResponder(HttpServletRequest request, HttpServletResponse response, String route)
            implements Responder {
        @Override
        public String path() {
            return request.getRequestURI();
        }

        @Override
        public Session session() {
            return Sojourn.session(request);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(request);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(request);
        }

        @Override
        public void addHeader(String name, String value) {
            response.addHeader(name, value);
        }

        @Override
        public void send(int status, byte[] body) throws IOException {
            response.setStatus(status);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }

        @Override
        public void send(EndpointResponse endpoint) throws IOException {
            Sojourn.send(response, endpoint);
        }

        @Override
        public void sendEmpty(int status) {
            response.setStatus(status);
        }

        @Override
        public void redirect(String location) throws IOException {
            response.sendRedirect(location);
        }

        @Override
        public OutputStream stream(int status) throws IOException {
            response.setStatus(status);
            return response.getOutputStream();
        }
    }
}
