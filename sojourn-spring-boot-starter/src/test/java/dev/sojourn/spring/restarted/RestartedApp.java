package dev.sojourn.spring.restarted;

import dev.sojourn.Session;
import jakarta.servlet.http.HttpSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application that runs in a separate process and writes its port into the file of the system property "port" when it is
 * ready. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RestartedApp {
    /** A class of the application, which each restart reloads. */
    public record Basket(int apples) {}

    public static void main(String[] arguments) {
        SpringApplication.run(RestartedApp.class, arguments);
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @EventListener
    void ready(ApplicationReadyEvent event) throws Exception {
        int port = Objects.requireNonNull(
                        ((ServletWebServerApplicationContext) event.getApplicationContext()).getWebServer())
                .getPort();
        Path file = Path.of(System.getProperty("port"));
        Path written = Files.writeString(file.resolveSibling("written"), String.valueOf(port));
        Files.move(written, file);
    }

    @RestController
    static class Pages {
        /** Returns the user, the session's attribute, and the class loader of its class. */
        @GetMapping("/")
        String show(HttpSession session, Session typed) {
            Basket basket = (Basket) session.getAttribute("basket");
            Integer views = typed.update("views", Integer.class, n -> n == null ? 1 : n + 1);
            session.setAttribute("basket", new Basket(basket == null ? 1 : basket.apples() + 1));
            return views + " views, " + (basket == null ? 0 : basket.apples()) + " apples, loaded by "
                    + System.identityHashCode(Basket.class.getClassLoader()) + " "
                    + Basket.class.getClassLoader().getClass().getSimpleName();
        }

        @GetMapping("/restart")
        String restart() {
            Thread thread = new Thread(() -> Restarter.getInstance().restart());
            thread.setDaemon(false);
            thread.start();
            return "restarting";
        }
    }
}
