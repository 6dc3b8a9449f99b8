package shop;

import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/account")
class AccountController {
    @GetMapping
    String account(Principal user) {
        return "account of " + user.getName();
    }

    @GetMapping("/roles")
    String roles(@AuthenticationPrincipal UserDetails user) {
        return user.getAuthorities().toString();
    }

    @GetMapping("/session")
    String session(HttpSession session) {
        return session.getMaxInactiveInterval() + " " + session.isNew();
    }
}
