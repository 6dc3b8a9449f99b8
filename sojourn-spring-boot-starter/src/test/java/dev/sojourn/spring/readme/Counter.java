package dev.sojourn.spring.readme;

import dev.sojourn.Session;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Counter {
    @GetMapping("/")
    String views(Session session) {
        session.set("username", "John Doe");
        Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
        return "views: " + views + "\n";
    }

    public static void main(String[] args) {
        SpringApplication.run(Counter.class, args);
    }
}
