package example;

import static example.ApiSessions.ORDERS;
import static example.ApiSessions.ROLE;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.SignInRequiredException;
import dev.sojourn.TokenSessions;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An API for mobile clients and for a page with a script. */
@SpringBootApplication
@RestController
@RequestMapping("/api")
public class Api {
    private final TokenSessions tokens;

    Api(TokenSessions tokens) {
        this.tokens = tokens;
    }

    @Bean
    static TokenSessions tokens() {
        return ApiSessions.connect();
    }

    // Mobile clients keep both tokens.

    @PostMapping("/login")
    ResponseEntity<String> login(
            Session session, @RequestParam("user") String user, @RequestParam("password") String password) {
        return respond(tokens.issue(signIn(session, user, password)));
    }

    @PostMapping("/refresh")
    ResponseEntity<String> refresh(@RequestParam("refresh_token") String token) {
        return respond(tokens.refresh(token));
    }

    // Browsers keep the refresh token in a cookie.

    @PostMapping("/browser/login")
    ResponseEntity<String> browserLogin(
            Session session, @RequestParam("user") String user, @RequestParam("password") String password) {
        return respond(tokens.issueInCookie(signIn(session, user, password)));
    }

    @PostMapping("/browser/refresh")
    ResponseEntity<String> browserRefresh(Session session) {
        return respond(tokens.refreshFromCookie(session));
    }

    @GetMapping("/me")
    String me(SessionView view) { // reads the access token: no store call
        return view.requireSubject() + ", " + view.get(ROLE) + "\n";
    }

    @PostMapping("/orders")
    String orders(Session session) { // one load, and one write by update
        session.requireSubject();
        return session.update(ORDERS, n -> n == null ? 1 : n + 1) + " orders\n";
    }

    @GetMapping("/devices")
    String devices(SessionView view) {
        return "signed in on " + tokens.of(view.requireSubject()).list().size() + " devices\n";
    }

    @PostMapping("/logout")
    void logout(Session session) {
        session.destroy();
    }

    @PostMapping("/logout-everywhere")
    void logoutEverywhere(Session session) {
        tokens.of(session.requireSubject()).endAll();
    }

    private static Session signIn(Session session, String user, String password) {
        if (!user.equals("alice") || !password.equals("wonderland")) { // look them up here
            throw new SignInRequiredException(); // 401
        }
        session.login(user);
        session.set(ROLE, "customer");
        return session;
    }

    private static ResponseEntity<String> respond(IssuedTokens issued) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(issued.toJson());
    }

    public static void main(String[] args) {
        SpringApplication.run(Api.class, args);
    }
}
