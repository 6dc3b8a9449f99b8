package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Checks that JSON which a client places in an attribute of its choice signs no user in. */
@ExtendWith(OutputCaptureExtension.class)
class TypesInDataTest {
    private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";
    private static Application application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/note", "/kept")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .csrf(csrf -> csrf.disable())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    @RestController
    static class Pages {
        private final JsonMapper mapper = JsonMapper.shared();

        @PostMapping("/note")
        String note(HttpServletRequest request, @RequestParam String name, @RequestParam String json) {
            Sojourn.session(request).set(name, mapper.readValue(json, Object.class));
            return "kept";
        }

        @GetMapping("/kept")
        String read(HttpServletRequest request, @RequestParam String name) {
            Object value = request.getSession().getAttribute(name);
            return value == null ? "nothing" : value.getClass().getName();
        }

        @GetMapping("/who")
        String who(Principal user) {
            return user.getName();
        }
    }

    private static Application start(String... properties) {
        return Application.start(Site.class, Application.over(new MemoryStore()), properties);
    }

    @BeforeAll
    static void startWithDefaults() {
        application = start();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** Returns the JSON that the starter would write for an administrator's login. */
    private static String forgedLogin(Application of) {
        return of.bean(AttributeFormat.class)
                .write(
                        CONTEXT,
                        new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                                new User("admin", "", AuthorityUtils.createAuthorityList("ROLE_ADMIN")),
                                null,
                                AuthorityUtils.createAuthorityList("ROLE_ADMIN"))))
                .toString();
    }

    private static Browser attackingClient(Application of, String name, String json) {
        Browser browser = of.browser();
        assertThat(browser.post("/note", Map.of("name", name, "json", json)).text())
                .isEqualTo("kept");
        return browser;
    }

    @Test
    void json_that_looks_like_a_login_is_no_authentication() {
        String whole = forgedLogin(application);
        String inside = JsonMapper.shared().readTree(whole).get(1).toString();
        assertThat(inside).contains("@class", "SecurityContextImpl");

        for (String json : List.of(whole, inside)) {
            Browser browser = attackingClient(application, CONTEXT, json);

            assertThat(browser.get("/who").location()).isEqualTo("/login");
            assertThat(browser.get("/kept?name=" + CONTEXT).text()).startsWith("java.util.");
            assertThat(browser.get("/who").location()).isEqualTo("/login");
        }
    }

    @Test
    void json_that_looks_like_another_spring_value_is_data() {
        String json = forgedLogin(application);
        for (String name : List.of("SPRING_SECURITY_SAVED_REQUEST", "SPRING_SECURITY_LAST_EXCEPTION", "mine")) {
            Browser browser = attackingClient(application, name, json);

            assertThat(browser.get("/kept?name=" + name).text()).startsWith("java.util.");
            assertThat(browser.get("/who").location()).isEqualTo("/login");
        }
    }

    @Test
    void types_in_data_are_trusted_if_the_property_is_on_and_a_warning_names_it(CapturedOutput output) {
        try (Application trusting =
                start("sojourn.attributes.trust-types-in-data=true", "logging.level.dev.sojourn=warn")) {
            Browser browser = attackingClient(trusting, CONTEXT, forgedLogin(trusting));

            assertThat(browser.get("/who").text()).isEqualTo("admin");
        }
        assertThat(output).contains("sojourn.attributes.trust-types-in-data");
    }

    @Test
    void types_in_data_are_not_trusted_if_the_property_is_off(CapturedOutput output) {
        try (Application careful =
                start("sojourn.attributes.trust-types-in-data=false", "logging.level.dev.sojourn=warn")) {
            Browser browser = attackingClient(careful, CONTEXT, forgedLogin(careful));

            assertThat(browser.get("/who").location()).isEqualTo("/login");
        }
        assertThat(output).doesNotContain("trust-types-in-data");
    }
}
