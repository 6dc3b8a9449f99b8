package dev.sojourn.springboot3.page;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.EnumSet;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
public class Counter {
    @Bean
    SessionStore store() {
        return new MemoryStore();
    }

    @Bean
    Sessions sessions(@Value("${SOJOURN_SECRET}") String secret, SessionStore store) {
        return Sessions.create(c -> c.secret(secret).store(store));
    }

    @Bean
    FilterRegistrationBean<SojournFilter> sojourn(Sessions sessions) {
        SojournFilter filter = SojournFilter.builder(sessions)
                .attributes(AttributeFormat.filteredJavaSerialization(
                        "org.springframework.security.core.context.SecurityContextImpl",
                        "org.springframework.security.authentication.AbstractAuthenticationToken",
                        "org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
                        "org.springframework.security.core.authority.SimpleGrantedAuthority",
                        "org.springframework.security.core.userdetails.User",
                        "org.springframework.security.core.userdetails.User$AuthorityComparator",
                        "org.springframework.security.web.authentication.WebAuthenticationDetails",
                        "org.springframework.security.web.csrf.DefaultCsrfToken"))
                .subjectOf(session -> session.getAttribute("SPRING_SECURITY_CONTEXT") instanceof SecurityContext context
                        ? context.getAuthentication().getName()
                        : null)
                .build();
        FilterRegistrationBean<SojournFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        return registration;
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(form -> form.withObjectPostProcessor(new FailureRedirect()))
                .build();
    }

    @Bean
    RequestCache requestCache() {
        return new NullRequestCache();
    }

    private static final class FailureRedirect implements ObjectPostProcessor<UsernamePasswordAuthenticationFilter> {
        @Override
        public <O extends UsernamePasswordAuthenticationFilter> O postProcess(O login) {
            login.setAuthenticationFailureHandler(
                    (request, response, failure) -> response.sendRedirect(request.getContextPath() + "/login?error"));
            return login;
        }
    }

    @RestController
    static class Pages {
        private final Sessions sessions;

        Pages(Sessions sessions) {
            this.sessions = sessions;
        }

        @GetMapping("/")
        String views(HttpServletRequest request, Principal user) {
            Integer views = Sojourn.session(request).update("views", Integer.class, n -> n == null ? 1 : n + 1);
            return user.getName() + " has been here " + views + " times\n";
        }

        @GetMapping("/devices")
        int devices(Principal user) {
            return sessions.of(user.getName()).list().size();
        }

        @PostMapping("/sign-out-everywhere")
        void signOutEverywhere(Principal user) {
            sessions.of(user.getName()).endAll();
        }
    }

    public static void main(String[] args) {
        SpringApplication.run(Counter.class, args);
    }
}
