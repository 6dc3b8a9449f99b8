package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class A31SessionPuzzlingTest {
    private static final List<String> NAMES = List.of(
            "user", "subject", "_subject", "principal", "username", "sub", "login", "authenticated", "attributes");

    @Test
    void no_attribute_of_whatever_name_signs_anybody_in() {
        try (Site site = new Site()) {
            site.page("/reset-password", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                assertThat(session.subject()).isNull();
                session.update("subject", String.class, before -> "bob");
                assertThat(session.subject()).isNull();
                return "ok";
            });
            String token = site.get("/reset-password").token();
            assertThat(site.as(token, "/subject").body()).isEqualTo("null");
            String changed = site.as(token, "/change-id").token();
            assertThat(site.as(changed, "/subject").body()).isEqualTo("null");
            assertThat(site.store().written()).isNotEmpty().allMatch(session -> session.subject() == null);
        }
    }

    @Test
    void no_attribute_changes_who_is_signed_in_or_signs_them_out() {
        try (Site site = new Site()) {
            site.page("/puzzle", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                session.clear();
                return String.valueOf(session.subject());
            });
            String token = site.get("/login?alice").token();
            assertThat(site.as(token, "/puzzle").body()).isEqualTo("alice");
            assertThat(site.as(token, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void the_subject_ends_with_a_regenerate_and_with_a_logout() {
        try (Site site = new Site()) {
            String alice = site.get("/login?alice").token();
            String fresh = site.as(alice, "/regenerate").token();
            assertThat(site.as(fresh, "/subject").body()).isEqualTo("null");
            assertThat(site.as(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
