package dev.sojourn.spring.sample;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;

/** A Spring Security configuration without a reference to Sojourn. */
@Configuration(proxyBeanMethods = false)
class Login {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
        return http.authorizeHttpRequests(
                        requests -> requests.requestMatchers("/", "/refused", "/error", "/actuator/**")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .formLogin(form -> form.failureHandler(new SimpleUrlAuthenticationFailureHandler("/refused")))
                .rememberMe(remember -> remember.key("a key of the sample"))
                .logout(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("alice")
                        .password("{noop}wonderland")
                        .roles("USER")
                        .build(),
                User.withUsername("bob")
                        .password("{noop}wonderland")
                        .roles("USER", "ADMIN")
                        .build(),
                User.withUsername("mallory")
                        .password("{noop}wonderland")
                        .roles("USER")
                        .disabled(true)
                        .build());
    }
}
