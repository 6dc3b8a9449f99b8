package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CookiePlacesTest {
    private static final CookieRules COOKIE =
            CookieRules.of("id", "id", "/", null, SameSite.LAX, Set.of(), null, CookieLifetime.browserSession());

    @Test
    void the_cookies_of_all_parent_domains_are_cleared() {
        assertThat(CookiePlaces.clearingOthers(COOKIE, SameSite.LAX, Optional.of("shop.eu.example.com"), "/"))
                .anyMatch(line -> line.contains("Domain=shop.eu.example.com;"))
                .anyMatch(line -> line.contains("Domain=eu.example.com;"))
                .anyMatch(line -> line.contains("Domain=example.com;"))
                .noneMatch(line -> line.contains("Domain=com;"));
    }

    @Test
    void a_host_without_a_domain_has_no_parent_domains() {
        assertThat(CookiePlaces.clearingOthers(COOKIE, SameSite.LAX, Optional.of("localhost"), "/"))
                .noneMatch(line -> line.contains("Domain="));
    }
}
