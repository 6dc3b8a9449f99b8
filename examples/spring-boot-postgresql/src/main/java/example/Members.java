package example;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Members sign in with the form of Spring Security; their sessions are in PostgreSQL. */
@SpringBootApplication
@RestController
public class Members {
    private final Sessions sessions;

    Members(Sessions sessions) {
        this.sessions = sessions;
    }

    @GetMapping("/")
    String home(Session session) {
        int views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
        return session.subject() + ", views: " + views + "\n";
    }

    @GetMapping("/devices")
    String devices(Session session) {
        return "signed in on " + sessions.of(session.subject()).list().size() + " devices\n";
    }

    @PostMapping("/sign-out-others")
    String signOutOthers(Session session) {
        sessions.of(session.subject()).endOthers(session);
        return "signed out on all other devices\n";
    }

    public static void main(String[] args) {
        SpringApplication.run(Members.class, args);
    }
}
